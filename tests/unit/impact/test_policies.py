"""Pay policies against official figures, and what a person sees when one comes out otherwise."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from projects.impact.policies.check import check, read_examples
from projects.impact.policies.rounding import down, exact, half_up, up
from tests.shared_data import shared_path


def test_every_official_scenario_comes_out_to_the_penny() -> None:
    results = [check(example) for example in read_examples(shared_path("oracles/hmrc-jrs-scenarios.json"))]
    assert [result.id for result in results if result.outcome != "passed"] == []
    assert len(results) == 153


def test_the_parts_of_every_official_scenario_come_out_too() -> None:
    for example in read_examples(shared_path("oracles/hmrc-jrs-scenarios.json")):
        parts = [
            {key: part[key] for key in ("days_paused", "basis", "reference_pay", "cap", "grant")}
            for part in example["note"]["per_period_recomputed"]
        ]
        assert check({**example, "expected": {"per_period": parts}}).differences == ()


def test_every_worked_example_passes_or_is_answered_by_name() -> None:
    results = [check(example) for example in read_examples(shared_path("oracles/worked-examples.json"))]
    assert [result.id for result in results if result.outcome == "failed"] == []
    assert sum(result.outcome == "passed" for result in results) >= 78
    assert all(
        result.note.startswith("policy not supported: ") for result in results if result.outcome != "passed"
    )


def test_a_wrong_penny_is_shown_with_both_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "examples.json"
    example = {
        "id": "a",
        "rule": "guarantee",
        "inputs": {"daily_limit": "31", "days": 5},
        "expected": {"max_payable": "155.01"},
    }
    path.write_text(json.dumps([example]), encoding="utf-8")
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("policy_check", str(path))
    assert "max_payable is 155.01, guarantee pay gives 155.00" in capsys.readouterr().out


def test_an_unknown_rule_is_named_and_not_guessed() -> None:
    result = check(
        {"id": "x", "rule": "pay by the moon", "inputs": {"moon": "full"}, "expected": {"pay": "1"}}
    )
    assert result.outcome == "not supported"
    assert "pay by the moon" in result.note


@pytest.mark.parametrize("content", ["", "{}", '[{"id": 1}]', "[3]", '[{"inputs": {}, "expected": []}]'])
def test_a_broken_file_gets_one_clear_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=r"broken\.json"):
        call_command("policy_check", str(path))


def test_a_scenario_with_an_unreadable_figure_fails_and_says_so() -> None:
    example = read_examples(shared_path("oracles/hmrc-jrs-scenarios.json"))[0]
    broken = {**example, "inputs": {**example["inputs"], "total_pay_in_window": "a lot"}}
    result = check(broken)
    assert result.outcome == "failed"
    assert "could not be read" in result.note


def test_each_rounding_keeps_its_promise_on_halves_and_thirds() -> None:
    third = exact("1") / 3
    assert (half_up(third), up(third), down(third)) == (Decimal("0.33"), Decimal("0.34"), Decimal("0.33"))
    assert half_up(exact("1000.005")) == Decimal("1000.01")
    assert half_up(exact("-1000.005")) == Decimal("-1000.01")
    assert up(exact("2.00")) == Decimal("2.00")
