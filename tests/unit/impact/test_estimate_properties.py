"""Laws that hold for every history, every pause and every rate."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
from hypothesis import given, settings

from projects.impact.estimate import estimate_people, estimate_person
from projects.impact.inputs import (
    EarnedEntry,
    EngagementInputs,
    FxRate,
    History,
    MaskedSpan,
    PauseSpan,
    PersonInputs,
    RateSpan,
    StandbyTerms,
)
from projects.impact.results import EngagementEstimate
from projects.impact.stretches import stretches
from projects.impact.workdays import covered_days, local_bounds
from tests.unit.impact.builders import MONDAY, engagement, nothing_known, pause, person

FIRST = MONDAY - timedelta(weeks=30)
UNTIL = MONDAY + timedelta(weeks=15)
LATER = MONDAY + timedelta(weeks=6)
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Africa/Cairo")
patient = settings(deadline=None, max_examples=25)

days = st.integers(0, 210).map(lambda n: FIRST + timedelta(days=n))
histories = st.lists(st.tuples(days, st.integers(0, 50_400), st.integers(0, 200)), max_size=60).map(
    History.from_days
)
amounts = st.integers(0, 300_000_000)


@st.composite
def rates(draw: st.DrawFn) -> tuple[RateSpan, ...]:
    currency = draw(st.sampled_from(("USD", "JPY", "KWD")))
    starts = draw(st.lists(st.integers(-200, 90), min_size=1, max_size=3, unique=True))
    return tuple(
        RateSpan(
            MONDAY + timedelta(days=start),
            draw(st.sampled_from(("hour", "day", "week", "month", "task"))),
            draw(amounts),
            currency,
            draw(st.sampled_from((None, 72_000, 144_000))),
            max_weekly_seconds=draw(st.sampled_from((None, None, 36_000))),
        )
        for start in sorted(starts)
    )


standby_terms = st.builds(
    StandbyTerms,
    share_bp=st.sampled_from((0, 0, 1000)),
    daily_minor=st.sampled_from((0, 0, 0, 1_234)),
    currency=st.sampled_from((None, "USD", "KWD")),
    max_days=st.sampled_from((None, 5)),
)
exchange = st.lists(
    st.builds(
        FxRate,
        day=st.integers(-40, 80).map(lambda n: MONDAY + timedelta(days=n)),
        base=st.sampled_from(("USD", "KWD")),
        quote=st.just("JPY"),
        rate_e10=st.integers(1, 5_000_000_000_000),
    ),
    max_size=4,
).map(tuple)


@st.composite
def pauses(draw: st.DrawFn, zone: str) -> tuple[PauseSpan, ...]:
    found = []
    for number in range(draw(st.integers(1, 3))):
        start = datetime(2025, 9, 1, tzinfo=ZoneInfo(zone)) + timedelta(hours=draw(st.integers(0, 24 * 60)))
        length = draw(st.none() | st.integers(0, 24 * 40))
        share = draw(st.sampled_from((0, 0, 2500, 5000)))
        found.append(
            PauseSpan(
                f"pause-{number}",
                start,
                None if length is None else start + timedelta(hours=length),
                "reduced" if share else "full",
                share,
                draw(standby_terms),
                draw(st.sampled_from((None, start + timedelta(hours=5)))),
            )
        )
    return tuple(found)


entries = st.lists(
    st.builds(
        EarnedEntry,
        day=st.integers(0, 90).map(lambda n: MONDAY + timedelta(days=n)),
        seconds=st.integers(0, 50_000),
        tasks=st.integers(0, 50),
        minor=st.none() | st.integers(0, 50_000),
    ),
    max_size=6,
).map(tuple)


@st.composite
def people(draw: st.DrawFn) -> PersonInputs:
    engagements = []
    for number in range(draw(st.integers(1, 3))):
        zone = draw(st.sampled_from(ZONES))
        engagements.append(
            EngagementInputs(
                f"e{number}",
                f"P{number}",
                "ORION",
                zone,
                FIRST,
                draw(st.none() | st.just(MONDAY + timedelta(weeks=6))),
                draw(rates()),
                draw(histories),
                draw(pauses(zone)) if number == 0 or draw(st.booleans()) else (),
                draw(entries),
                last_submitted_on=draw(st.none() | st.just(MONDAY - timedelta(days=10))),
            )
        )
    masked = draw(st.sampled_from(((), (MaskedSpan(MONDAY, MONDAY + timedelta(days=5), "leave"),))))
    as_of = MONDAY + timedelta(days=draw(st.integers(0, 60)))
    country = draw(st.sampled_from(("", "DE", "US")))
    return PersonInputs("p", country, None, as_of, tuple(engagements), masked, fx=draw(exchange))


def estimates(one: PersonInputs, until: date = UNTIL) -> tuple[EngagementEstimate, ...]:
    return estimate_person(one, nothing_known(), until=until)


@patient
@given(people())
def test_lines_weeks_and_pauses_add_up_to_the_cent(one: PersonInputs) -> None:
    for got in estimates(one):
        assert got.lost_minor == (
            got.expected_minor - got.earned_minor - got.recovered_minor - got.standby_minor
        )
        assert sum(line.minor for line in got.lines) == got.lost_minor
        assert sum(share.lost_minor for share in got.pauses) == got.lost_minor
        for column in ("expected", "earned", "recovered", "standby", "lost"):
            name = f"{column}_minor"
            assert sum(getattr(week, name) for week in got.weeks) == getattr(got, name)
        assert sum(week.expected_seconds for week in got.weeks) == got.expected_seconds
        assert got.low95_minor <= got.low80_minor <= got.lost_minor <= got.high80_minor <= got.high95_minor


def unpaid(one: EngagementInputs) -> EngagementInputs:
    """Without what may rightly make a longer pause cheaper: work done in it, and standby pay above a day's pay."""
    spans = (replace(span, standby=replace(span.standby, daily_minor=0)) for span in one.pauses)
    return replace(one, earned=(), pauses=tuple(spans))


@patient
@given(people())
def test_a_longer_pause_never_means_less_loss(one: PersonInputs) -> None:
    one = replace(one, engagements=tuple(map(unpaid, one.engagements)))
    short = {e.engagement: e for e in estimates(one, MONDAY + timedelta(weeks=5))}
    for longer in estimates(one, MONDAY + timedelta(weeks=9)):
        if longer.engagement in short:
            assert longer.expected_minor >= short[longer.engagement].expected_minor
            assert longer.expected_seconds >= short[longer.engagement].expected_seconds
            assert longer.lost_minor >= short[longer.engagement].lost_minor


def test_a_second_pause_of_the_same_work_is_a_stretch_of_its_own() -> None:
    """Found by the law above: taken for one stretch, a pause to come moved what the first one cost."""
    engaged = engagement(pauses=(pause(MONDAY, MONDAY + timedelta(days=2)), pause(LATER, None, name="2")))
    (alone,) = estimates(person(replace(engaged, pauses=engaged.pauses[:1])))
    (both,) = estimates(person(engaged))
    assert [(one.origin, one.end) for one in stretches(person(engaged), UNTIL)] == [
        (MONDAY.toordinal(), MONDAY.toordinal() + 2),
        (LATER.toordinal(), UNTIL.toordinal()),
    ]
    assert both.pauses[0] == alone.pauses[0]


def test_what_another_pause_lies_between_is_one_stretch() -> None:
    apart = (pause(MONDAY, MONDAY + timedelta(days=2)), pause(LATER, None, name="2"))
    between = MaskedSpan(MONDAY + timedelta(days=2), LATER, "pause", "e1")
    (one,) = stretches(person(engagement(pauses=apart), masked=(between,)), UNTIL)
    assert (one.origin, one.end) == (MONDAY.toordinal(), UNTIL.toordinal())


@settings(deadline=None, max_examples=12)
@given(st.lists(people(), min_size=2, max_size=2))
def test_who_else_is_estimated_at_the_same_time_changes_nothing(some: list[PersonInputs]) -> None:
    together = estimate_people(some, nothing_known(), until=UNTIL)
    assert together == [estimates(one) for one in some]


@patient
@given(st.sampled_from(ZONES).flatmap(lambda zone: st.tuples(st.just(zone), pauses(zone))))
def test_overlapping_pauses_cover_every_instant_once(case: tuple[str, tuple[PauseSpan, ...]]) -> None:
    name, spans = case
    zone = ZoneInfo(name)
    covered = covered_days(spans, zone, UNTIL, None)
    real = 0.0
    for ordinal, one in covered.items():
        opens, closes = local_bounds(date.fromordinal(ordinal), zone, None)
        assert 0 < one.share <= 1
        real += one.share * (closes.timestamp() - opens.timestamp())
    assert abs(real - _union_seconds(spans, zone)) < 1


def _union_seconds(spans: tuple[PauseSpan, ...], zone: ZoneInfo) -> float:
    """Length of the union, by sweeping over the edges."""
    end = datetime.combine(UNTIL, datetime.min.time(), zone).timestamp()
    edges = sorted(
        (span.starts_at.timestamp(), min(end, span.ends_at.timestamp() if span.ends_at else end))
        for span in spans
    )
    total, reached = 0.0, 0.0
    for start, stop in edges:
        total += max(0.0, stop - max(start, reached))
        reached = max(reached, stop)
    return total


@patient
@given(people())
def test_a_pause_of_no_length_changes_nothing(one: PersonInputs) -> None:
    instant = datetime(2025, 9, 10, 12, tzinfo=ZoneInfo("UTC"))
    nothing = PauseSpan("nothing", instant, instant)
    first, *rest = one.engagements
    also = replace(first, pauses=(*first.pauses, nothing))
    changed = replace(one, engagements=(also, *rest))
    assert [_figures(e) for e in estimates(changed)] == [_figures(e) for e in estimates(one)]


def _figures(one: EngagementEstimate) -> tuple[object, ...]:
    return one.engagement, one.lost_minor, one.low80_minor, one.high95_minor, one.lines, one.weeks, one.pauses


@patient
@given(histories, amounts, amounts, st.integers(1, 40))
def test_a_rate_change_inside_a_pause_splits_at_its_day(
    history: History, low: int, high: int, day: int
) -> None:
    change = MONDAY + timedelta(days=day)
    zone = ZoneInfo("UTC")

    def priced(first: date, last: date, *spans: RateSpan) -> EngagementEstimate | None:
        pause = PauseSpan(
            "1",
            datetime.combine(MONDAY, datetime.min.time(), zone),
            datetime.combine(last, datetime.min.time(), zone),
        )
        one = EngagementInputs("e", "P", "C", "UTC", FIRST, None, spans, history, (pause,))
        got = estimates(PersonInputs("p", "", None, MONDAY, (one,)))
        return got[0] if got else None

    before = RateSpan(FIRST, "hour", low, "USD")
    after = RateSpan(change, "hour", high, "USD")
    end = MONDAY + timedelta(days=42)
    split = priced(MONDAY, end, before, after)
    until_change = priced(MONDAY, change, before)
    assert split is not None
    assert until_change is not None
    usual = [line for line in split.lines if line.kind == "usual"]
    assert [dict(line.params)["rate_millionths"] for line in usual] == [low, high]
    own = sum(week.expected_minor for week in split.weeks if week.starts_on + timedelta(days=7) <= change)
    alone = sum(
        week.expected_minor for week in until_change.weeks if week.starts_on + timedelta(days=7) <= change
    )
    assert own == alone


@patient
@given(st.sampled_from(ZONES), st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_every_local_day_has_the_hours_it_has(name: str, day: date) -> None:
    zone = ZoneInfo(name)
    opens, closes = local_bounds(day, zone, None)
    hours = (closes.timestamp() - opens.timestamp()) / 3600
    offset = (closes.utcoffset() or timedelta()) - (opens.utcoffset() or timedelta())
    assert hours == 24 - offset.total_seconds() / 3600
    whole = covered_days((PauseSpan("1", opens, closes),), zone, day + timedelta(days=2), None)
    assert {ordinal: one.share for ordinal, one in whole.items()} == {day.toordinal(): 1.0}
