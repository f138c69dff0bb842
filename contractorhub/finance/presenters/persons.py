"""One person's estimates as finance reads them: amounts, lines in words, weeks, and the hours behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from projects.domain.money import format_money, format_rate
from projects.models.clients import PayPolicy
from projects.queries.person import PersonEstimate
from projects.reports.data_quality import REASONS
from projects.reports.table import Kind
from projects.reports.writers.cells import shown

LINES: Final[Mapping[str, str]] = {
    "usual.hour": "Usual hours {from} to {through} at {rate} an hour",
    "usual.day": "Usual work {from} to {through} at {rate} a day",
    "usual.task": "Usual work {from} to {through} at {rate} a task",
    "fixed.week": "Fixed pay {from} to {through} at {rate} a week",
    "fixed.month": "Fixed pay {from} to {through} at {rate} a month",
    "holidays": "Public holidays, on which no work was usual",
    "leave": "Leave that was planned",
    "contract": "The terms allow no more hours than this",
    "ramp": "A change of hours that was planned",
    "retention": "Some work gets less over time, even without a pause",
    "peers": "How much work similar people had in these weeks",
    "earned": "Earned there in these days",
    "remaining": "Work that goes on in a reduced pause",
    "recovered": "Earned elsewhere on top of the usual",
    "standby": "Standby pay",
    "note.worked_after_notice": "Hours logged for {day}, after the notice, do not count as earned",
    "note.converted": "{other} in another currency, at the rate of {day}: 1 {base} = {exchange} {quote}",
    "note.other_currency": "Earned {other}, for which there is no exchange rate: not taken off",
}
HORIZONS: Final[Mapping[str, str]] = {
    "expected_resume": "counted up to the day work is expected to go on",
    "planned_end": "counted up to the end of the project that the client has stated",
    "four_weeks": "counted four weeks ahead, because no end is known",
    "project_ended": "counted up to the end of the project",
}


@dataclass(frozen=True, slots=True)
class LineWords:
    words: str
    hours: str
    money: str


@dataclass(frozen=True, slots=True)
class WeekWords:
    monday: str
    hours: str
    amounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EstimateWords:
    """One estimate; `weeks` add up to `sums` in every column, `lines` to its last."""

    title: str
    currency: str
    period: str
    lost: str
    low: str
    high: str
    usual_week: str
    usual_hours: str
    method: str
    expected: str
    policy: str
    reference: str
    guaranteed: str
    doubts: tuple[str, ...]
    lines: tuple[LineWords, ...]
    weeks: tuple[WeekWords, ...]
    sums: WeekWords
    hours: tuple[tuple[str, str], ...]
    hours_sum: str


def present_person(estimate: PersonEstimate) -> EstimateWords:
    """One estimate in words."""
    detail, currency = estimate.detail, estimate.detail.currency

    def money(minor: int) -> str:
        return shown(Kind.MONEY, minor, currency)

    def week(monday: str, amounts: Any) -> WeekWords:
        names = ("expected_minor", "earned_minor", "recovered_minor", "standby_minor", "lost_minor")
        hours = shown(Kind.HOURS, amounts.expected_seconds)
        return WeekWords(monday, hours, tuple(money(getattr(amounts, name)) for name in names))

    why = HORIZONS.get(detail.horizon_why, "")
    return EstimateWords(
        title=f"{estimate.client} · {estimate.project}, pause {estimate.pause} of {estimate.paused}",
        currency=currency,
        period=f"{detail.starts_on} to {detail.ends_on}{', ' + why if why else ''}",
        lost=format_money(detail.amounts.lost_minor, currency),
        low=format_money(detail.lost.low80, currency),
        high=format_money(detail.lost.high80, currency),
        usual_week=format_money(detail.weekly_expected_minor, currency),
        usual_hours=shown(Kind.HOURS, detail.usual_weekly_seconds),
        method=f"estimate run {detail.run_id} as of {detail.as_of}, method {detail.method_version}",
        expected=format_money(detail.amounts.expected_minor, currency),
        policy=str(PayPolicy(detail.policy).label) if detail.policy in PayPolicy.values else "",
        reference=_known(detail.reference_minor, currency),
        guaranteed=_known(detail.guaranteed_minor, currency),
        doubts=tuple(REASONS.get(reason, reason) for reason in detail.reasons),
        lines=tuple(
            LineWords(
                _sentence(line.label, line.params, currency),
                shown(Kind.HOURS, line.seconds) if line.seconds else "–",
                "–" if line.kind == "note" else money(line.minor),
            )
            for line in detail.lines
        ),
        weeks=tuple(week(one.starts_on.isoformat(), one.amounts) for one in detail.weeks),
        sums=week("", detail.amounts),
        hours=tuple((one.starts_on.isoformat(), shown(Kind.HOURS, one.seconds)) for one in estimate.hours),
        hours_sum=shown(Kind.HOURS, sum(one.seconds for one in estimate.hours)),
    )


def _known(minor: int | None, currency: str) -> str:
    return "" if minor is None else format_money(minor, currency)


def _sentence(label: str, params: Mapping[str, Any], currency: str) -> str:
    name = label.removeprefix("impact.line.")
    paid_in = str(params.get("currency", currency))
    facts = {key: str(value) for key, value in params.items()}
    facts["rate"] = (
        format_rate(int(params["rate_millionths"]), paid_in) if "rate_millionths" in params else ""
    )
    facts["exchange"] = str(params.get("rate", ""))
    facts["other"] = format_money(int(params["minor"]), paid_in) if "minor" in params else ""
    try:
        return LINES[name].format(**facts)
    except KeyError:
        return name.replace(".", " ").replace("_", " ")
