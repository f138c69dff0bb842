"""Sums of an estimate are rounded once, so that weeks, lines and pauses add up to the total to the cent."""

from datetime import date

import pytest

from projects.impact.inputs import FxRate
from projects.impact.ledger import Entry, Ledger
from projects.impact.pay import UNIT
from projects.impact.results import Line, PauseShare, WeekAmounts
from projects.impact.workdays import Run

MONDAY = date(2026, 3, 2).toordinal()
HALF, THIRD = UNIT // 2, UNIT // 3


def ledger() -> Ledger:
    return Ledger("USD", MONDAY, MONDAY + 14)


def test_money_of_a_day_falls_to_its_week_and_its_pause() -> None:
    book = ledger()
    book.post(0, MONDAY + 6, 5 * UNIT, "a")
    book.post(1, MONDAY, 2 * UNIT, "a")
    book.post(0, MONDAY + 7, 7 * UNIT, "b")
    book.post(0, MONDAY + 8, UNIT, "b")
    assert book.totals() == (13, 2, 0, 0, 11)
    first, second = book.week_amounts()
    assert first == WeekAmounts(date.fromordinal(MONDAY), 0, 5, 2, 0, 0, 3)
    assert second == WeekAmounts(date.fromordinal(MONDAY + 7), 0, 8, 0, 0, 0, 8)


def test_expected_work_is_counted_by_week_and_by_day_of_its_pause() -> None:
    book = ledger()
    book.post_expected(Run(MONDAY, "a", 0, 5), 3_600, 10 * UNIT)
    book.post_expected(Run(MONDAY, "b", 5, 7), 60, UNIT)
    book.post_expected(Run(MONDAY + 7, "a", 7, 9), 40, UNIT)
    assert (book.seconds, book.days) == (3_700, {"a": 7, "b": 2})
    assert [(week.expected_seconds, week.expected_minor) for week in book.week_amounts()] == [
        (3_660, 11),
        (40, 1),
    ]
    assert book.shares(12) == (PauseShare("a", 11, 11, 7), PauseShare("b", 1, 1, 2))


def test_every_column_is_the_difference_of_what_is_left_so_that_they_add_up() -> None:
    book = ledger()
    for column, grains in enumerate((10 * UNIT + HALF, UNIT + HALF, 2 * UNIT + THIRD, 3 * UNIT)):
        book.post(column, MONDAY, grains, "a")
    expected, earned, recovered, standby, lost = book.totals()
    assert (expected, earned, recovered, standby, lost) == (11, 2, 2, 3, 4)
    assert expected - earned - recovered - standby == lost
    (share,) = book.shares(lost)
    assert (share.expected_minor, share.lost_minor) == (11, 4)


def test_thirds_of_a_cent_in_many_weeks_lose_nothing() -> None:
    book = ledger()
    for week in range(4):
        book.post(0, MONDAY + 7 * week, THIRD, f"p{week % 2}")
        book.post(3, MONDAY + 7 * week, THIRD // 2, f"p{week % 2}")
    weeks = book.week_amounts()
    totals = book.totals()
    assert tuple(sum(column) for column in zip(*(week[2:] for week in weeks), strict=True)) == totals
    assert totals == (1, 0, 0, 0, 1)
    assert [week.expected_minor for week in weeks] == [0, 1, 0, 0]
    shares = book.shares(totals[-1])
    assert [(share.pause, share.expected_minor, share.lost_minor, share.days) for share in shares] == [
        ("p0", 1, 0, 0),
        ("p1", 0, 1, 0),
    ]


def test_lines_add_up_by_column_in_the_order_they_were_entered() -> None:
    book = ledger()
    book.entries += [
        Entry("usual", "u", (("a", 1),), 100, 10 * UNIT + HALF),
        Entry("earned", "e", (), -50, -UNIT - HALF),
        Entry("peers", "p", (), -10, -THIRD),
        Entry("standby", "s", (), None, -THIRD),
        Entry("note", "n", (), None, 0),
    ]
    assert book.lines() == (
        Line("usual", "u", (("a", 1),), 100, 11),
        Line("earned", "e", (), -50, -1),
        Line("peers", "p", (), -10, -1),
        Line("standby", "s", (), None, -1),
        Line("note", "n", (), None, 0),
    )


def test_money_of_another_currency_is_taken_in_at_the_rate_of_its_day_and_shown() -> None:
    book, day = ledger(), date(2026, 3, 2)
    old = FxRate(date(2026, 1, 1), "EUR", "USD", 12_000_000_000)
    new = FxRate(day, "EUR", "USD", 11_000_000_000)
    assert book.in_own(7, "USD", day, ()) == 7
    assert book.in_own(100 * UNIT, "EUR", date(2026, 3, 1), (old, new)) == 120 * UNIT
    assert book.in_own(100 * UNIT, "EUR", day, (old, new)) == 110 * UNIT
    assert book.reasons == set()
    assert book.in_own(UNIT, "GBP", day, (old, new)) is None
    assert book.reasons == {"other_currency"}
    (line,) = book.lines()
    assert (line.kind, line.label, line.seconds, line.minor) == (
        "note",
        "impact.line.note.converted",
        None,
        0,
    )
    assert dict(line.params) == {
        "currency": "EUR",
        "minor": 200,
        "base": "EUR",
        "quote": "USD",
        "rate": "1.1",
        "day": "2026-03-02",
    }


def test_every_other_currency_has_its_note() -> None:
    book, day = ledger(), date(2026, 3, 2)
    rates = (FxRate(day, "JPY", "USD", 100_000_000), FxRate(day, "EUR", "USD", 20_000_000_000))
    for currency in ("JPY", "EUR"):
        book.in_own(UNIT, currency, day, rates)
    assert [(dict(line.params)["currency"], dict(line.params)["rate"]) for line in book.lines()] == [
        ("EUR", "2"),
        ("JPY", "0.01"),
    ]


@pytest.mark.parametrize(("grains", "minor"), [(1.4 * UNIT, 1), (1.5 * UNIT, 2), (-1.6 * UNIT, -2), (0.0, 0)])
def test_swings_and_spreads_are_rounded_to_whole_minor_units(grains: float, minor: int) -> None:
    book = ledger()
    book.swings, book.spread = [0.0, grains, 0.0, 0.0], grains
    assert (book.swing_minor(1), book.spread_minor(), book.swing_minor(0)) == (minor, minor, 0)


def test_a_ledger_of_nothing_adds_up_to_nothing() -> None:
    book = ledger()
    assert (book.totals(), book.week_amounts(), book.lines(), book.shares(0)) == ((0, 0, 0, 0, 0), (), (), ())
    book.post_expected(Run(MONDAY, "a", 0, 1), 60, 0)
    assert [week.expected_seconds for week in book.week_amounts()] == [60]
