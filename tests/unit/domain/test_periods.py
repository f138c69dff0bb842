"""Half-open runs of days: what they hold, share and join, and which day an instant is where somebody lives."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.periods import Days, local_day, merged, monday_of, newest_day

DAY = timedelta(days=1)
days = st.dates(date(2024, 1, 1), date(2024, 3, 31))
spans = st.builds(Days, days, days)


@given(spans)
def test_a_span_holds_as_many_days_as_it_counts_and_none_when_it_ends_before_it_starts(span: Days) -> None:
    held = list(span)

    assert len(held) == len(span)
    assert bool(span) is bool(held)
    assert all(span.starts_on <= day < span.ends_on for day in held)
    assert held == sorted(set(held))


@given(spans, spans)
def test_what_two_spans_share_is_every_day_that_is_in_both(one: Days, other: Days) -> None:
    assert set(one.shared_with(other)) == set(one) & set(other)


@given(st.lists(spans, max_size=8))
def test_merging_keeps_every_day_once_and_leaves_a_gap_between_any_two_spans(several: list[Days]) -> None:
    joined = merged(several)

    assert [day for span in joined for day in span] == sorted({day for span in several for day in span})
    assert all(joined)
    assert all(earlier.ends_on < later.starts_on for earlier, later in pairwise(joined))


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("UTC", date(2026, 3, 2)),
        ("Asia/Manila", date(2026, 3, 3)),
        ("America/Los_Angeles", date(2026, 3, 2)),
        ("Pacific/Kiritimati", date(2026, 3, 3)),
    ],
)
def test_an_instant_is_the_day_that_the_clock_there_shows(zone: str, expected: date) -> None:
    assert local_day(datetime(2026, 3, 2, 17, tzinfo=UTC), zone) == expected


@given(st.integers(0, 3 * 366 * 24 * 60))
def test_the_newest_day_begun_anywhere_is_that_of_fourteen_hours_ahead(minutes: int) -> None:
    instant = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)

    assert newest_day(instant) == (instant + timedelta(hours=14)).date()


@given(days)
def test_a_week_opens_on_its_monday(day: date) -> None:
    monday = monday_of(day)

    assert monday.isoweekday() == 1
    assert monday <= day < monday + 7 * DAY
