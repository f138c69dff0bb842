"""Exposure: what it would cost if each client stopped all work from next Monday for some weeks."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Final

from projects.access import clients_visible_to
from projects.domain.errors import UnableToEstimate
from projects.domain.money import format_money
from projects.models import Client
from projects.queries.estimates import MoneyRange
from projects.queries.exposure import MOST_WEEKS, CurrencyAtRisk, Exposure, exposure
from projects.reports.choices import CLIENTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Total

WEEKS: Final = Parameter(
    "weeks", "Weeks", Shape.NUMBER, "How long all work would stop.", default=4, least=1, most=MOST_WEEKS
)
BY: Final = Parameter(
    "by", "Parted by", Shape.ONE, "By week, by project, or by the country people live in.",
    lambda: (("week", "Week"), ("project", "Project"), ("country", "Country")), default="week",
)  # fmt: skip
PARAMETERS: Final = (CLIENTS, WEEKS, BY)
_PARTS: Final = {
    "week": Column("week", "Week from", Kind.DATE),
    "project": Column("project", "Project", Kind.CODE),
    "country": Column("country", "Country", Kind.CODE, "Where people live."),
}
_METHOD: Final = (
    "Income that people would most likely have earned with the client from next Monday on, day by day, as "
    "an estimate of a real pause would reckon it; what recorded pauses stop already is not at risk a "
    "second time. Ranges of parts do not add up to the range of the whole, which stands in the notes. "
    "Nobody is told, nothing is recorded."
)


def build(ask: Ask) -> Draft:
    """Reckon a full stop of each client asked for. Raises UnableToEstimate where the weeks are not allowed."""
    visible = clients_visible_to(ask.by) if ask.by is not None else Client.objects.all()
    codes = ask.texts("client")
    chosen = visible.filter(code__in=codes) if codes else visible
    found = list(_reckoned(chosen.order_by("code"), ask))
    by = str(ask.values["by"])
    rows = [
        (one.target, total.currency, part, lost.central, lost.low80, lost.high80)
        for one in found
        for total in one.totals
        for part, lost in _parts(total, by)
    ]
    return Draft(
        columns=_columns(by),
        rows=tuple(rows),
        keys=("client", "currency", by),
        method=_METHOD,
        groups=("client", "currency"),
        notes=tuple(note for one in found for note in _notes(one)),
        charts=_charts(found),
        inputs=tuple(map(repr, found)),
    )


def _reckoned(clients: Iterable[Client], ask: Ask) -> Iterable[Exposure]:
    at = datetime.combine(ask.as_of, time(12), UTC)  # the reckoning asks for the day alone
    for client in clients:
        try:
            yield exposure(target=client, weeks=int(ask.values["weeks"]), at=at)
        except UnableToEstimate as error:
            if error.field != "target":
                raise


def _columns(by: str) -> tuple[Column, ...]:
    ranges = (
        Column(
            "low80",
            "Low",
            Kind.MONEY,
            "8 of 10 true figures lie above it and below “high”.",
            currency="currency",
        ),
        Column("high80", "High", Kind.MONEY, "See “low”.", currency="currency"),
    )
    return (
        Column("client", "Client", Kind.CODE),
        Column("currency", "Currency", Kind.CODE, "Nothing is added across currencies."),
        _PARTS[by],
        Column("at_risk", "At risk", Kind.MONEY, "Expected income less standby.", Total.SUM, "currency"),
        *ranges,
    )


def _parts(total: CurrencyAtRisk, by: str) -> Iterable[tuple[Cell, MoneyRange]]:
    """What is at risk in each week, project or country."""
    if by == "week":
        return [(week.starts_on, week.lost) for week in total.weeks]
    return total.by_project if by == "project" else total.by_country


def _notes(one: Exposure) -> Iterable[str]:
    people = "1 person" if one.people == 1 else f"{one.people:,} people"
    weeks = "1 week" if one.weeks == 1 else f"{one.weeks} weeks"
    yield (
        f"{one.target}: {people} from {one.starts_on} for {weeks}. {one.mostly_dependent:,} of them earn more than "
        f"half of their income there; provisional estimates: {one.provisional_people:,}."
    )
    for total in one.totals:
        central, low, high = (
            format_money(minor, total.currency)
            for minor in (total.lost.central, total.lost.low80, total.lost.high80)
        )
        yield f"{one.target} in {total.currency}: {central} in all; 8 of 10 true figures lie between {low} and {high}."


def _charts(found: Iterable[Exposure]) -> tuple[Chart, ...]:
    sums: dict[str, list[Bar]] = {}
    for one in found:
        for total in one.totals:
            sums.setdefault(total.currency, []).append(Bar(one.target, total.lost.central))
    return tuple(
        Chart(
            f"At risk in {code}, by client",
            tuple(sorted(bars, key=lambda bar: -bar.value)[:20]),
            Kind.MONEY,
            code,
        )
        for code, bars in sorted(sums.items())
    )[:4]
