"""The commands print figures that add up, as words and as JSON, and refuse bad input in one line."""

import json
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from tests.factories import PauseFactory, ProjectFactory
from tests.integration.estimates.world import LATER, MONDAY, WEEKLY_PAY, firm, midnight, paused

pytestmark = pytest.mark.django_db


def run(*words: object) -> str:
    """What a command prints on the day after the pauses of these tests."""
    out = StringIO()
    with time_machine.travel(LATER, tick=False):
        call_command(*map(str, words), stdout=out)
    return out.getvalue()


def test_estimate_impact_prints_json_with_exact_money() -> None:
    project, _ = firm()
    pause = paused(project)
    found = json.loads(run("estimate_impact", "--pause", pause.pk, "--json"))
    (figures,) = found["pauses"]
    assert (figures["pause"], figures["target"], figures["people"]) == (pause.pk, project.code, 5)
    (total,) = figures["totals"]
    assert total["lost"]["central"] == {"minor": 10 * WEEKLY_PAY, "currency": "USD", "amount": "8000.00"}


def test_estimate_impact_of_all_covers_open_pauses_as_of_a_day() -> None:
    project, _ = firm()
    PauseFactory.make(project=project, starts_at=midnight(MONDAY))
    words = run("estimate_impact", "--all", "--as-of", MONDAY)
    assert "as of 2026-03-02" in words
    assert "5 people" in words
    assert "16,000.00 USD" in words


def test_what_if_prints_json_by_week_and_writes_nothing() -> None:
    project, _ = firm()
    found = json.loads(run("what_if", "--project", project.code, "--weeks", 2, "--json"))
    assert (found["people"], found["mostly_dependent"]) == (5, {"people": 5, "share": 1.0})
    (total,) = found["totals"]
    assert len(total["weeks"]) == 2
    assert (
        sum(week["lost"]["central"]["minor"] for week in total["weeks"]) == total["lost"]["central"]["minor"]
    )


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("estimate_impact", "--pause", "999999"), "There is no pause 999999."),
        (("estimate_impact", "--all", "--as-of", "spring"), "“spring” is no day"),
        (("what_if", "--client", "NOBODY", "--weeks", "1"), "There is no client NOBODY."),
    ],
)
def test_bad_input_gets_one_clear_line(words: tuple, line: str) -> None:
    with pytest.raises(CommandError, match=line) as refused:
        run(*words)
    assert refused.value.returncode == 1


def test_a_target_without_people_gets_one_clear_line() -> None:
    with pytest.raises(CommandError, match="Nobody is engaged"):
        run("what_if", "--project", ProjectFactory.make().code, "--weeks", "1")


def test_wrong_usage_exits_with_two() -> None:
    with pytest.raises(CommandError) as refused:
        run("estimate_impact")
    assert "--pause" in str(refused.value)
