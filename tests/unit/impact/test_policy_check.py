"""Worked figures are held against the policy that speaks about them, and every difference is shown as it is written."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from projects.domain.errors import UnableToEstimate
from projects.impact.policies.check import Checked, Difference, check, read_examples

GUARANTEE = {"id": "g1", "rule": "guarantee", "inputs": {"daily_limit": "31", "days": 5}}
MONTHS = {
    "id": 7,
    "rule": "limit over a month end",
    "inputs": {"period": ["2020-03-15", "2020-04-15"], "monthly_cap": "2500", "period_pay": "5000"},
}


def checked(example: dict[str, Any], **expected: Any) -> Checked:
    return check({**example, "expected": expected})


def test_a_figure_passes_by_its_value_whatever_its_zeros() -> None:
    for figure in ("155", "155.000", 155, 155.0, Decimal("155.00")):
        assert checked(GUARANTEE, max_payable=figure) == Checked("g1", "guarantee pay", "passed")
    assert checked(GUARANTEE) == Checked("g1", "guarantee pay", "passed")


def test_each_figure_that_differs_is_named_with_both_values() -> None:
    assert checked(GUARANTEE, max_payable="155.01", bonus=3) == Checked(
        "g1",
        "guarantee pay",
        "failed",
        (Difference("max_payable", "155.01", "155.00"), Difference("bonus", "3", "nothing")),
    )


def test_figures_in_lists_are_compared_one_by_one_and_lists_of_another_length_as_a_whole() -> None:
    found = checked(MONTHS, days=[17, 16], daily_max=["80.65", "83.34"], grant="2621.15")
    assert (found.id, found.differences) == ("7", (Difference("days[1]", "16", "15"),))
    whole = checked(MONTHS, days=[17])
    assert whole.differences == (Difference("days", "[17]", "[17, 15]"),)
    assert checked(MONTHS, days="17").differences == (Difference("days", "17", "[17, 15]"),)


def test_figures_of_a_period_are_named_by_their_place() -> None:
    claim = {
        "rule": "HMRC",
        "inputs": {
            "frequency": "Monthly",
            "method": "Regular",
            "claim": ["2020-11-01", "2020-11-30"],
            "pause_start": "2020-11-01",
            "pay_dates": ["2020-10-31", "2020-11-30"],
            "period_pay": "2400",
        },
    }
    found = checked(
        claim, per_period=[{"grant": "1", "basis": "fixed", "pay_period": ["2020-11-01", "2020-11-29"]}]
    )
    assert (found.id, found.policy) == ("", "job retention scheme claim")
    assert found.differences == (
        Difference("per_period[0].grant", "1", "1920.00"),
        Difference("per_period[0].pay_period[1]", "2020-11-29", "2020-11-30"),
    )


def test_what_no_policy_answers_says_why() -> None:
    assert checked({"id": "x", "rule": "pay by the moon", "inputs": {"moon": 1}}) == Checked(
        "x",
        "pay by the moon",
        "not supported",
        note="policy not supported: pay by the moon (no policy takes these inputs)",
    )
    assert (
        checked({"inputs": {"moon": 1}}).note
        == "policy not supported: unnamed rule (no policy takes these inputs)"
    )
    assert checked({"rule": "accrual", "inputs": {"hours": 1}}).note == (
        "policy not supported: holiday accrual (it gives holiday hours, not pay)"
    )


def test_inputs_that_cannot_be_read_fail_and_say_so() -> None:
    found = checked({**GUARANTEE, "inputs": {"daily_limit": "a lot", "days": 5}}, max_payable=1)
    assert (found.id, found.policy, found.outcome, found.differences) == ("g1", "guarantee pay", "failed", ())
    assert found.note == "inputs could not be read: Invalid literal for Fraction: 'a lot'"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("{}", ": a list of examples is needed"),
        ('[{"inputs": {}, "expected": {}}, 3]', ": example 2 has no inputs and expected figures"),
        ('[{"inputs": {}}]', ": example 1 has no inputs and expected figures"),
        ('[{"inputs": [], "expected": {}}]', ": example 1 has no inputs and expected figures"),
        ("[" * 100_000, ": not JSON"),
        ("", ": not JSON (Expecting value: line 1 column 1 (char 0))"),
    ],
    ids=["no list", "no object", "no expected", "no inputs", "deep", "empty"],
)
def test_a_file_of_examples_that_is_none_says_what_is_wrong(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "examples.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnableToEstimate) as refused:
        read_examples(path)
    assert str(refused.value).startswith(f"{path}{why}")


def test_examples_come_as_they_are_and_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "examples.json"
    path.write_text(json.dumps([{**GUARANTEE, "expected": {"ö": 1}}], ensure_ascii=False), encoding="utf-8")
    assert read_examples(path) == [{**GUARANTEE, "expected": {"ö": 1}}]
    with pytest.raises(UnableToEstimate) as refused:
        read_examples(tmp_path / "none.json")
    assert str(refused.value) == f"{tmp_path / 'none.json'}: No such file or directory"
