"""What is said before and during a pause of its length, of dependence on a client, and afterwards of the ranges."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from structlog.testing import capture_logs

from projects.models import EstimateRun, LostIncomeEstimate, Pause
from projects.operations.estimates import watch_cover
from projects.queries.accuracy import newest_watch
from projects.queries.concentration import concentration_by_month
from projects.queries.exposure import exposure
from projects.queries.remaining import remaining_of
from projects.reports.catalogue import ask_for, report_named, table_of
from projects.reports.table import Table
from tests.factories import EngagementFactory, PauseFactory, ProjectFactory, RateFactory, work_weeks
from tests.integration.estimates.world import (
    LATER,
    MONDAY,
    WEEKLY_PAY,
    colleague,
    estimated,
    firm,
    midnight,
)

pytestmark = pytest.mark.django_db
AT = midnight(MONDAY + timedelta(weeks=2))


def pulled(name: str, as_of: date, **asked: list[str]) -> Table:
    """A report as the firm itself pulls it."""
    report = report_named(name)
    return table_of(report, ask_for(report, asked, as_of=as_of, by=None, at=LATER))[0]


def open_pause(people: int = 3) -> Pause:
    """A pause that has run for two weeks, estimated as of its second Sunday."""
    project, _ = firm(people=people)
    pause: Pause = PauseFactory.make(project=project, starts_at=midnight(MONDAY), reason_code="budget")
    estimated(pause, as_of=AT.date() - timedelta(days=1))
    return pause


def past(count: int, days: int = 10) -> None:
    """Pauses of another project that are over; every second one lasted twice as long."""
    project = ProjectFactory.make()
    for number in range(count):
        starts_at = midnight(date(2024, 1, 1) + timedelta(days=number))
        PauseFactory.make(
            project=project, starts_at=starts_at, ends_at=starts_at + timedelta(days=days * (1 + number % 2)),
            state="ended", reason_code="budget",
        )  # fmt: skip


def test_an_open_pause_says_what_it_costs_if_it_lasts_longer_and_promises_no_length() -> None:
    found = remaining_of(open_pause(), at=AT)
    lost = {one.weeks: one.lost.central for one in found.scenarios}
    assert lost == {weeks: 3 * WEEKLY_PAY * (2 + weeks) for weeks in (1, 2, 4, 8, 13)}
    assert all(one.lost.low80 < one.lost.central < one.lost.high80 for one in found.scenarios)
    assert found.chances == ()
    note = pulled("remaining-length", AT.date()).notes[0]
    assert "0 past pauses are over, chances need 200" in note


def test_from_two_hundred_past_pauses_on_each_length_has_a_chance_and_a_check() -> None:
    past(200)
    found = remaining_of(open_pause(), at=AT)
    by_weeks = {chance.weeks: chance.chance for chance in found.chances}
    assert by_weeks[1] == 1  # whoever has lasted 14 days is over by day 20
    assert found.chances[0].scope == "reason"
    table = pulled("remaining-length", AT.date())
    assert [row[9] for row in table.rows] == [1] * 5
    assert "rest on 200 past pauses of the same reason" in table.notes[0]
    assert "missed by up to 0%" in table.notes[0]


def test_a_pause_that_was_over_then_has_nothing_left_to_last() -> None:
    pause = open_pause()
    Pause.objects.filter(pk=pause.pk).update(state="ended", ends_at=AT, closed_at=AT)
    assert pulled("remaining-length", AT.date()).rows == ()


def test_concentration_follows_each_month_and_counts_who_depends() -> None:
    big, small = ProjectFactory.make(), ProjectFactory.make()
    for _ in range(3):
        colleague(big, weeks=30)
    both = colleague(big, weeks=30)
    second = EngagementFactory.make(contractor=both.contractor, project=small)
    RateFactory.make(engagement=second, amount_millionths=60_000_000)
    work_weeks(second, until=MONDAY, weeks=6)
    months = {one.month: one for one in concentration_by_month(as_of=MONDAY)}
    before, last = months[date(2025, 12, 1)], months[date(2026, 2, 1)]
    assert (before.clients, before.concentration, before.mostly_dependent) == (1, 1.0, 1.0)
    assert (last.clients, last.largest) == (2, big.client.code)
    assert last.largest_share == pytest.approx(4 / 7)
    assert last.concentration == pytest.approx((16 + 9) / 49)
    assert last.mostly_dependent == 0.75
    row = pulled("concentration", MONDAY).rows[-1]
    assert [str(cell) for cell in row[2:]] == ["2", big.client.code, "0.5714", "0.5102", "0.7500"]


def test_exposure_parts_a_client_by_country_with_a_range_each() -> None:
    project = ProjectFactory.make()
    for country in ("PH", "PH", "KE"):
        colleague(project, country=country)
    (total,) = exposure(target=project.client, weeks=2, at=midnight(MONDAY)).totals
    by_country = dict(total.by_country)
    assert by_country["KE"].central == pytest.approx(2 * WEEKLY_PAY, rel=0.002)
    assert by_country["PH"].central == 2 * by_country["KE"].central
    assert by_country["PH"].low80 < by_country["PH"].central < by_country["PH"].high80
    table = pulled("exposure", MONDAY, by=["country"], weeks=["2"])
    assert [row[2] for row in table.rows] == ["KE", "PH"]


def closed_pause(people: int) -> Pause:
    """A pause that was estimated while it ran, ended, and was estimated again."""
    pause = open_pause(people=people)
    EstimateRun.objects.filter(pause=pause).update(asked_at=AT - timedelta(days=3))
    Pause.objects.filter(pk=pause.pk).update(state="ended", ends_at=AT, closed_at=AT)
    pause.refresh_from_db()
    estimated(pause)
    return pause


def test_realised_cover_is_kept_every_night_and_shown_with_the_report() -> None:
    closed_pause(people=2)
    found = watch_cover(at=LATER)
    assert (found.cases, found.cover80, found.is_drifting) == (2, 1.0, False)
    assert newest_watch() == {"cases": 2, "cover80": 1.0, "cover95": 1.0, "is_drifting": False}
    firm_line, cover_line = pulled("estimate-accuracy", LATER.date()).notes
    assert "came to $3,200.00" in firm_line
    (row,) = pulled("estimate-accuracy", LATER.date(), by=["project"]).rows
    pauses, estimates, first, settled, difference, off, *held = row[3:]
    assert (pauses, estimates, settled, held) == (1, 2, 320_000, [0, 0, 0])  # said for four weeks more
    assert difference == settled - first  # type: ignore[operator]
    assert off == Decimal(first - settled) / settled  # type: ignore[operator]
    assert cover_line.endswith("2 closed cases: 80 % ranges held 100%; the alarm needs 500 cases.")


def test_the_alarm_rings_in_the_log_and_in_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    pause = closed_pause(people=4)
    monkeypatch.setattr("projects.impact.accuracy.DRIFT_CASES", 4)
    missed = LostIncomeEstimate.objects.filter(run__pause=pause, run__as_of=LATER.date())
    missed.update(expected_minor=1, lost_minor=1)
    with capture_logs() as logs:
        assert watch_cover(at=LATER).is_drifting
    assert [line["event"] for line in logs] == ["estimates.cover_drifting"]
    assert (
        pulled("estimate-accuracy", LATER.date())
        .notes[-1]
        .startswith("ALARM. Realised cover of the newest 4")
    )
