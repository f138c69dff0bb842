"""Overlapping pauses are parted so that every paused instant belongs to exactly one of them."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from projects.domain.periods import Days, merged
from projects.impact.inputs import StandbyTerms
from projects.queries.coverage import (
    PauseFacts,
    ProjectTerms,
    days_touched,
    days_without,
    horizon_of,
    pieces_by_pause,
)

PROJECT = ProjectTerms(1, 1, "Asia/Manila")
AS_OF = date(2026, 3, 2)
START = datetime(2026, 3, 2, tzinfo=UTC)


def pause(pk: int, starts: int, hours: int | None, remaining_bp: int = 0) -> PauseFacts:
    """A pause that starts some hours after `START` and lasts some hours, or is open."""
    starts_at = START + timedelta(hours=starts)
    return PauseFacts(
        pk=pk,
        project_id=1,
        client_id=None,
        kind="reduced" if remaining_bp else "full",
        remaining_bp=remaining_bp,
        starts_at=starts_at,
        ends_at=None if hours is None else starts_at + timedelta(hours=hours),
        expected_resume_on=None,
        standby=StandbyTerms(),
        notice_sent_at=None,
        reason="other",
    )


pauses = some.lists(
    some.tuples(
        some.integers(0, 400),
        some.one_of(some.none(), some.integers(1, 300)),
        some.sampled_from([0, 2_500, 5_000]),
    ),
    min_size=1,
    max_size=5,
).map(lambda rows: [pause(number, *row) for number, row in enumerate(rows, start=1)])


@given(pauses)
def test_every_paused_hour_belongs_to_exactly_one_pause(given_pauses: list[PauseFacts]) -> None:
    parted = pieces_by_pause(given_pauses, PROJECT, as_of=AS_OF)
    pieces = sorted((piece.starts_at, piece.ends_at) for own in parted.values() for piece in own)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(pieces))
    hours = [START + timedelta(hours=hour, minutes=30) for hour in range(0, 24 * 60)]
    for hour in hours:
        over = any(one.ends_at and one.starts_at <= hour < one.ends_at for one in given_pauses)
        carried = any(starts_at <= hour < ends_at for starts_at, ends_at in pieces)
        assert carried or not over


@given(pauses)
def test_an_hour_belongs_to_the_pause_that_leaves_least_work_then_to_the_first(
    given_pauses: list[PauseFacts],
) -> None:
    parted = pieces_by_pause(given_pauses, PROJECT, as_of=AS_OF)
    for pk, pieces in parted.items():
        own = next(one for one in given_pauses if one.pk == pk)
        for piece in pieces:
            rivals = [
                one
                for one in given_pauses
                if one.ends_at and one.starts_at < piece.ends_at and one.ends_at > piece.starts_at
            ]
            assert all((own.remaining_bp, own.starts_at, own.pk) <= _rank(one) for one in rivals)


def _rank(one: PauseFacts) -> tuple[int, datetime, int]:
    return one.remaining_bp, one.starts_at, one.pk


day = some.integers(0, 60).map(lambda days: AS_OF + timedelta(days=days))
spans = some.lists(
    some.builds(lambda first, length: Days(first, first + timedelta(days=length)), day, some.integers(0, 20))
)


@given(spans, spans)
def test_days_taken_away_are_gone_and_all_others_stay(some_days: list[Days], taken: list[Days]) -> None:
    left = {one for span in days_without(some_days, merged(taken)) for one in span}
    assert left == {one for span in some_days for one in span} - {one for span in taken for one in span}


def test_a_pause_from_evening_to_morning_touches_both_local_days() -> None:
    parted = pieces_by_pause([pause(1, 12, 8)], PROJECT, as_of=AS_OF)  # 20:00 to 04:00 in Manila
    assert days_touched(parted[1], "Asia/Manila") == (Days(date(2026, 3, 2), date(2026, 3, 4)),)


def test_the_end_of_a_project_bounds_every_horizon() -> None:
    ended = ProjectTerms(1, 1, "UTC", planned_end_on=date(2026, 12, 31), ended_on=date(2026, 3, 20))
    assert horizon_of(pause(1, 0, None), ended, as_of=AS_OF) == (date(2026, 3, 20), "project_ended")
    planned = ProjectTerms(1, 1, "UTC", planned_end_on=date(2026, 4, 30))
    assert horizon_of(pause(1, 0, None), planned, as_of=AS_OF) == (date(2026, 4, 30), "planned_end")
    far_away = ProjectTerms(1, 1, "UTC", planned_end_on=date(2026, 12, 31))
    assert horizon_of(pause(1, 0, None), far_away, as_of=AS_OF) == (date(2026, 3, 30), "four_weeks")
    overdue = ProjectTerms(1, 1, "UTC", planned_end_on=date(2026, 2, 1))
    assert horizon_of(pause(1, 0, None), overdue, as_of=AS_OF) == (date(2026, 3, 30), "four_weeks")
