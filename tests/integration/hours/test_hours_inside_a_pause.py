"""Hours logged inside a pause are kept, flagged and decided on, and the decision feeds the estimate."""

from datetime import UTC, date, datetime, timedelta

import pytest

from projects.domain.errors import NotAllowed, UnableToDecideHours
from projects.domain.paused_hours import Finding
from projects.models import AuditEvent, Engagement, EstimateRun, HoursEntry, Pause
from projects.operations.estimates import compute_now
from projects.operations.paused_hours import decide_paused_hours
from projects.queries.paused_hours import PausedHours, paused_hours
from tests.factories import HoursEntryFactory, PauseExclusionFactory, ProjectFactory, UserFactory
from tests.integration.estimates.world import (
    LATER,
    LATER_ON,
    MONDAY,
    NEXT_MONDAY,
    SECOND_MONDAY,
    WEEKLY_PAY,
    colleague,
    midnight,
    paused,
    row_of,
)

pytestmark = pytest.mark.django_db
DAY_PAY = WEEKLY_PAY // 5
NOON = timedelta(hours=12)


def logged(engagement: Engagement, day: date, **facts: object) -> HoursEntry:
    """Eight hours that came in after the pause."""
    entry: HoursEntry = HoursEntryFactory.make(
        engagement=engagement, worked_on=day, **{"recorded_at": LATER, **facts}
    )
    return entry


def found(pause: Pause, *, as_of: date = LATER_ON) -> list[PausedHours]:
    """Everything inside the pause."""
    return list(paused_hours(Pause.objects.filter(pk=pause.pk), as_of=as_of))


def decide(pause: Pause, *entries: HoursEntry, verdict: str, **facts: object) -> int:
    """Decide as the operator at the command line."""
    return decide_paused_hours(
        pause=pause,
        entry_ids=[entry.pk for entry in entries],
        verdict=verdict,
        **{"reason": "Agreed with the client.", "by": None, "at": LATER, **facts},  # type: ignore[arg-type]
    )


def lost(pause: Pause, engagement: Engagement, *, as_of: date = LATER_ON) -> int:
    """What the pause costs by a run asked for now."""
    return row_of(compute_now(pause=pause, at=LATER + NOON, as_of=as_of), engagement).lost_minor


@pytest.mark.parametrize(
    ("facts", "notice", "finding"),
    [
        ({}, midnight(NEXT_MONDAY), Finding.BEFORE_NOTICE),
        ({}, midnight(MONDAY), Finding.AFTER_NOTICE),
        ({}, None, Finding.BEFORE_NOTICE),
        ({}, midnight(MONDAY + timedelta(days=2)) + NOON, Finding.BEFORE_NOTICE),
        (
            {"started_at": midnight(MONDAY + timedelta(days=2)) + 1.5 * NOON},
            midnight(MONDAY + timedelta(days=2)) + NOON,
            Finding.AFTER_NOTICE,
        ),
        ({"recorded_at": midnight(MONDAY)}, midnight(NEXT_MONDAY), Finding.WRONGLY_DATED),
    ],
)
def test_hours_are_flagged_by_the_notice_and_the_day_they_were_logged(
    facts: dict[str, object], notice: datetime | None, finding: Finding
) -> None:
    person = colleague(ProjectFactory.make())
    pause = paused(person.project, notice_sent_at=notice)
    logged(person, MONDAY + timedelta(days=2), **facts)
    assert [row.finding for row in found(pause)] == [finding]


def test_hours_outside_a_pause_and_of_people_it_spares_are_not_on_the_list() -> None:
    project = ProjectFactory.make()
    person, spared = colleague(project), colleague(project)
    pause = paused(project, starts_on=MONDAY)
    Pause.objects.filter(pk=pause.pk).update(starts_at=midnight(MONDAY) + NOON)
    PauseExclusionFactory.make(pause=pause, contractor=spared.contractor)
    logged(spared, NEXT_MONDAY)
    logged(person, MONDAY)  # the day is paused in part and its hour is not known
    logged(person, MONDAY, started_at=midnight(MONDAY))
    logged(person, SECOND_MONDAY)
    inside = logged(person, MONDAY, started_at=midnight(MONDAY) + NOON)
    assert [row.entry_id for row in found(pause)] == [inside.pk]


def test_what_is_decided_feeds_the_estimate() -> None:
    person = colleague(ProjectFactory.make())
    pause = paused(person.project)
    one, other = logged(person, MONDAY + timedelta(days=1)), logged(person, MONDAY + timedelta(days=2))
    assert lost(pause, person) == 2 * WEEKLY_PAY
    assert decide(pause, one, verdict="payable") == 1
    assert lost(pause, person) == 2 * WEEKLY_PAY - DAY_PAY
    decide(pause, other, verdict="not_payable")
    assert lost(pause, person) == 2 * WEEKLY_PAY - DAY_PAY
    assert EstimateRun.objects.filter(pause=pause, reason="hours_decided").exists()
    event = AuditEvent.objects.filter(verb="hours.decided").earliest("number")
    assert (event.subject_ref, event.after["verdict"]) == (pause.ref, "payable")
    # An estimate as of a day before the decision stays what it was.
    assert lost(pause, person, as_of=LATER_ON - timedelta(days=1)) == 2 * WEEKLY_PAY


def test_hours_under_a_wrong_day_move_to_the_day_they_were_worked_and_back() -> None:
    person = colleague(ProjectFactory.make())
    pause = paused(person.project)
    entry = logged(person, NEXT_MONDAY, started_at=midnight(NEXT_MONDAY) + NOON)
    friday = MONDAY - timedelta(days=3)
    decide(pause, entry, verdict="redated", moved_to=friday)
    entry.refresh_from_db()
    assert (entry.worked_on, entry.started_at) == (friday, midnight(friday) + NOON)
    (row,) = found(pause)
    assert (row.dated_on, row.moved_to, row.is_payable) == (NEXT_MONDAY, friday, False)
    decide(pause, entry, verdict="payable")
    entry.refresh_from_db()
    assert entry.worked_on == NEXT_MONDAY
    assert found(pause)[0].is_payable


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"verdict": "maybe"}, "is no decision"),
        ({"verdict": "payable", "reason": " "}, "Say why"),
        ({"verdict": "redated"}, "Give the day"),
        ({"verdict": "redated", "moved_to": date(2031, 1, 1)}, "still to come"),
        ({"verdict": "redated", "moved_to": date(2020, 1, 1)}, "was not engaged"),
        ({"verdict": "redated", "moved_to": NEXT_MONDAY}, "inside the pause as well"),
        ({"verdict": "not_payable"}, "stay payable"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_and_nothing_is_written(
    facts: dict[str, object], words: str
) -> None:
    person = colleague(ProjectFactory.make())
    pause = paused(person.project, notice_sent_at=midnight(NEXT_MONDAY))
    entry = logged(person, MONDAY + timedelta(days=1))
    with pytest.raises(UnableToDecideHours, match=words):
        decide(pause, entry, **facts)  # type: ignore[arg-type]
    assert not AuditEvent.objects.filter(verb="hours.decided").exists()


def test_only_those_who_lead_the_project_decide_and_only_on_hours_inside_the_pause() -> None:
    lead, other = UserFactory.make(), UserFactory.make()
    person = colleague(ProjectFactory.make(leads=[lead]))
    pause = paused(person.project)
    inside, outside = logged(person, NEXT_MONDAY), logged(person, SECOND_MONDAY)
    with pytest.raises(NotAllowed):
        decide(pause, inside, verdict="payable", by=other)
    with pytest.raises(UnableToDecideHours, match="do not lie inside"):
        decide(pause, inside, outside, verdict="payable", by=lead)
    assert decide(pause, inside, verdict="payable", by=lead) == 1
    assert found(pause, as_of=datetime(2026, 3, 29, tzinfo=UTC).date()) == []
