"""My estimate in words: the sum and its range, the lines that explain it, the weeks, and a small drawn chart."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from contractorhub.portal.presenters.also import Also, also
from contractorhub.portal.presenters.cards import EstimateWords, Moment, present_estimate, present_moment
from contractorhub.portal.presenters.reader import Reader
from projects.impact.remaining import ResumeChance, lost_by, scenario_ends
from projects.queries.own_estimates import LineFacts, OwnEstimate, WeekFacts

MOST_BARS = 16
CHART_HEIGHT = 90
CHART_WIDTH = 340
LABEL_SPACE = 18
GAP = 0.25


@dataclass(frozen=True, slots=True)
class LineWords:
    """One explaining line; `label` picks the sentence, the rest fills it."""

    label: str
    first_day: str
    last_day: str
    days: int
    rate: str
    day: str
    other_money: str
    exchange: str
    hours: str
    money: str
    is_note: bool


@dataclass(frozen=True, slots=True)
class WeekWords:
    monday: str
    expected: str
    got: str
    lost: str
    lost_by_then: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of the chart, in the drawing's own units."""

    x: float
    width: float
    usual_y: float
    usual_height: float
    got_y: float
    got_height: float
    label_x: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    width: int
    height: int
    baseline: int
    label_y: int
    peak: str


@dataclass(frozen=True, slots=True)
class ScenarioWords:
    """What is lost in all if the pause goes on until a day, that day included."""

    last_day: str
    lost: str
    chance: str = ""


@dataclass(frozen=True, slots=True)
class EstimatePage:
    """Everything about one estimate."""

    pause_public_id: uuid.UUID
    project: str
    client: str
    since: Moment
    is_pause_open: bool
    short: EstimateWords
    lost: str
    also: Also | None
    is_loss: bool
    low: str
    high: str
    low95: str
    high95: str
    is_low_none: bool
    expected: str
    earned: str
    recovered: str
    standby: str
    usual_hours: str
    horizon_why: str
    horizon_day: str
    reasons: tuple[str, ...]
    policy: str
    method_version: str
    worked_out: Moment | None
    lines: tuple[LineWords, ...]
    weeks: tuple[WeekWords, ...]
    scenarios: tuple[ScenarioWords, ...]
    past_pauses: int
    checked_gap: str
    chart: Chart | None


def present_own_estimate(
    own: OwnEstimate, reader: Reader, at: datetime, chances: Sequence[ResumeChance] = ()
) -> EstimatePage:
    """One estimate in words, with the chances of its scenarios where there are any.

    Lost amounts under zero are shown as no loss; lines and weeks keep their signs.
    """
    facts, currency = own.facts, own.facts.currency

    def money(minor: int) -> str:
        return reader.money(minor, currency)

    return EstimatePage(
        pause_public_id=facts.pause_public_id,
        project=own.project_name,
        client=own.client_name,
        since=present_moment(own.pause_starts_at, reader, at),
        is_pause_open=own.is_pause_open,
        short=present_estimate(facts, reader),
        lost=money(facts.lost_minor),
        also=also(facts.lost_minor, currency, reader),
        is_loss=facts.lost_minor > 0,
        low=money(max(facts.low80_minor, 0)),
        high=money(max(facts.high80_minor, 0)),
        low95=money(max(own.low95_minor, 0)),
        high95=money(max(own.high95_minor, 0)),
        is_low_none=facts.low80_minor <= 0,
        expected=money(own.expected_minor),
        earned=money(-own.earned_minor) if own.earned_minor else "",
        recovered=money(-own.recovered_minor) if own.recovered_minor else "",
        standby=money(-own.standby_minor) if own.standby_minor else "",
        usual_hours=reader.hours(own.usual_weekly_seconds) if own.usual_weekly_seconds else "",
        horizon_why=own.horizon_why,
        horizon_day=reader.month_day_year(facts.ends_on - timedelta(days=1)),
        reasons=own.reasons,
        policy=own.policy,
        method_version=own.method_version,
        worked_out=present_moment(own.finished_at, reader, at) if own.finished_at else None,
        lines=tuple(_line(line, currency, reader) for line in own.lines),
        weeks=_weeks(own.weeks, currency, reader),
        scenarios=_scenarios(own, reader, at, chances) if own.is_pause_open and facts.lost_minor > 0 else (),
        past_pauses=chances[0].completed if chances else 0,
        checked_gap=_percent(chances[0].honesty, reader) if chances else "",
        chart=_chart(own.weeks, currency, reader),
    )


def _line(line: LineFacts, currency: str, reader: Reader) -> LineWords:
    params = line.params
    paid_in = str(params.get("currency", currency))
    return LineWords(
        label=line.label.removeprefix("impact.line.") or line.kind,
        first_day=_day(params, "from", reader),
        last_day=_day(params, "through", reader),
        days=int(params.get("days", 0)),
        rate=reader.rate(int(params["rate_millionths"]), paid_in) if "rate_millionths" in params else "",
        day=_day(params, "day", reader),
        exchange=f"1 {params['base']} = {params['rate']} {params['quote']}" if "base" in params else "",
        other_money=reader.money(int(params["minor"]), paid_in) if "minor" in params else "",
        hours=reader.hours(line.seconds) if line.seconds else "",
        money=reader.money(line.minor, currency),
        is_note=line.kind == "note",
    )


def _day(params: Mapping[str, Any], name: str, reader: Reader) -> str:
    try:
        return reader.month_day_year(date.fromisoformat(str(params[name])))
    except (KeyError, ValueError):
        return ""


def _weeks(weeks: Sequence[WeekFacts], currency: str, reader: Reader) -> tuple[WeekWords, ...]:
    sums = accumulate(week.lost_minor for week in weeks)
    return tuple(
        WeekWords(
            monday=reader.short_day(week.starts_on),
            expected=reader.money(week.expected_minor, currency),
            got=reader.money(_got(week), currency),
            lost=reader.money(week.lost_minor, currency),
            lost_by_then=reader.money(lost, currency),
        )
        for week, lost in zip(weeks, sums, strict=True)
    )


def _percent(share: float | None, reader: Reader) -> str:
    """A share in whole percent; empty where it is not known."""
    return "" if share is None else reader.share(round(share * 100) * 100)


def _scenarios(
    own: OwnEstimate, reader: Reader, at: datetime, chances: Sequence[ResumeChance]
) -> tuple[ScenarioWords, ...]:
    facts = own.facts
    ends = scenario_ends(facts.starts_on, at.astimezone(reader.zone).date())
    weeks = {week.starts_on: week.lost_minor for week in own.weeks}
    lost = lost_by(weeks, starts_on=facts.starts_on, until=facts.ends_on, ends=ends)
    over_by = {chance.weeks: _percent(chance.chance, reader) for chance in chances}
    return tuple(
        ScenarioWords(
            reader.month_day_year(end - timedelta(days=1)),
            reader.money(lost[scenario], facts.currency),
            over_by.get(scenario, ""),
        )
        for scenario, end in ends.items()
    )


def _got(week: WeekFacts) -> int:
    return week.earned_minor + week.recovered_minor + week.standby_minor


def _chart(weeks: Sequence[WeekFacts], currency: str, reader: Reader) -> Chart | None:
    """Bars of a usual week with what really came in filled; None where there is nothing to compare."""
    shown = weeks[:MOST_BARS]
    peak = max((max(week.expected_minor, _got(week)) for week in shown), default=0)
    if len(shown) < 2 or peak <= 0:
        return None
    step = CHART_WIDTH / len(shown)
    bars = []
    for index, week in enumerate(shown):
        usual = round(CHART_HEIGHT * max(week.expected_minor, 0) / peak, 1)
        got = round(CHART_HEIGHT * max(_got(week), 0) / peak, 1)
        bars.append(
            Bar(
                x=round(index * step + step * GAP / 2, 1),
                width=round(step * (1 - GAP), 1),
                usual_y=round(CHART_HEIGHT - usual, 1),
                usual_height=usual,
                got_y=round(CHART_HEIGHT - got, 1),
                got_height=got,
                label_x=round((index + 0.5) * step, 1),
                label=reader.short_day(week.starts_on)
                if len(shown) <= MOST_BARS // 2 or index % 2 == 0
                else "",
            )
        )
    return Chart(
        bars=tuple(bars),
        width=CHART_WIDTH,
        height=CHART_HEIGHT + LABEL_SPACE,
        baseline=CHART_HEIGHT,
        label_y=CHART_HEIGHT + LABEL_SPACE - 5,
        peak=reader.about(peak, currency),
    )
