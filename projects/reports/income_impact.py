"""The income impact: what pauses cost, by any nesting of pause, project, client, country, currency, person and week."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, cast

from django.db.models import QuerySet

from projects.access import estimates_visible_to
from projects.domain.errors import UnableToReport
from projects.domain.money import format_money
from projects.domain.periods import monday_of
from projects.models import EstimateRun, LostIncomeEstimate, Pause
from projects.queries.estimates import latest_run_ids
from projects.queries.exchange_rates import DatedRate, last_day_of_rates, rate_known
from projects.queries.income import (
    Dimension,
    IncomeFilter,
    IncomeRow,
    count_of_rows,
    estimates_of,
    income_rows,
)
from projects.queries.periods import last_period, to_book
from projects.queries.quality import doubts
from projects.queries.register import end_of
from projects.reports.choices import (
    CLIENTS,
    CONTRACTORS,
    COUNTRIES,
    CURRENCIES,
    IN_CURRENCY,
    PAUSES,
    PROJECTS,
)
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Bar, Cell, Chart, Column, Kind, Row, Rows, Total

NESTINGS: Final = ("pause", "project", "client", "country", "currency", "contractor", "week")
BY: Final = Parameter(
    "by", "Grouped by", Shape.NESTING, "Outermost first; every row is of one currency.",
    lambda: tuple((name, name.capitalize()) for name in NESTINGS), default=("client", "project"),
)  # fmt: skip
FIRST_WEEK: Final = Parameter(
    "first_week", "First week", Shape.DAY, "Any day of it; only where grouped by week."
)
LAST_WEEK: Final = Parameter(
    "last_week", "Last week", Shape.DAY, "Any day of it; only where grouped by week."
)
PARAMETERS: Final = (
    BY, PAUSES, CLIENTS, PROJECTS, COUNTRIES, CURRENCIES, CONTRACTORS, FIRST_WEEK, LAST_WEEK, IN_CURRENCY,
)  # fmt: skip
ROWS_AT_ONCE: Final = 20_000
"""More rows are not held but streamed, each time they are read."""
MOST_BARS: Final = 20
MOST_CHARTS: Final = 4

_DIMENSIONS: Final[Mapping[str, tuple[Column, ...]]] = {
    "pause": (
        Column("pause", "Pause", Kind.CODE, "The number of the pause."),
        Column("paused", "Of", Kind.CODE, "The project or client that is paused."),
        Column("since", "Since", Kind.INSTANT, "The instant at which work stopped."),
        Column("reason", "Reason", Kind.CODE),
    ),
    "client": (Column("client", "Client", Kind.CODE),),
    "project": (Column("project", "Project", Kind.CODE),),
    "country": (Column("country", "Country", Kind.CODE, "Where the person lives, ISO 3166."),),
    "contractor": (
        Column("contractor", "Contractor"),
        Column("contractor_no", "No.", Kind.CODE, "The number of the contractor; names may be shared."),
    ),
    "week": (Column("week", "Week from", Kind.DATE, "Monday of the week."),),
    "currency": (Column("currency", "Currency", Kind.CODE, "Nothing is added across currencies."),),
}
_AMOUNTS: Final = (
    ("expected", "Expected", "What people would most likely have earned without the pause."),
    ("earned", "Earned", "What they earned there all the same."),
    ("recovered", "Recovered", "What they earned elsewhere on top of the usual."),
    ("standby", "Standby", "Standby pay by the terms of the pause."),
    (
        "lost",
        "Lost",
        "Expected less earned, recovered and standby; below zero is a gain. Of a pause that is still open it reaches "
        "ahead: to the day work is expected back, to the project's planned end, or four weeks.",
    ),
    (
        "lost_so_far",
        "Lost so far",
        "The part of “lost” that lies in weeks, Monday to Sunday, that had ended by the day of the report. The rest "
        "lies in the week under way or ahead, and falls away where work resumes earlier.",
    ),
)
_METHOD: Final = (
    "For each person, engagement and day of a pause: expected less earned, recovered and standby pay is "
    "lost. Expected is a prediction from the person's own recorded weeks, not a promise of pay. Amounts "
    "are whole minor units of their own currency; nothing is added across currencies.\n\n"
    "Every row adds up the latest finished estimates as of the day, of pauses that were not void by then. "
    "A person with two engagements counts once in “people” of a row, so people are not added up. Ranges "
    "are those of the sum, not the sum of ranges: 8 of 10 true figures lie within. Weeks have no range of "
    "their own."
)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked, with the estimate runs it is answered from looked up once."""

    ask: Ask
    by: tuple[str, ...]
    only: IncomeFilter
    within: QuerySet[LostIncomeEstimate] | None
    runs: tuple[tuple[int, str, str], ...]

    @property
    def order(self) -> tuple[str, ...]:
        """What rows are told apart by, the currency always among it."""
        return self.by if "currency" in self.by else (*self.by, "currency")

    def rows(self, by: Sequence[str]) -> Iterator[IncomeRow]:
        """The sums grouped so, as they stream from the database."""
        return income_rows(
            as_of=self.ask.as_of,
            by=_dimensions(by),
            only=self.only,
            within=self.within,
            runs=[pk for pk, _, _ in self.runs],
            currency_at=by.index("currency") if "currency" in by else None,
        )

    def count(self) -> int:
        """How many rows there will be."""
        return count_of_rows(
            as_of=self.ask.as_of,
            by=_dimensions(self.by),
            only=self.only,
            within=self.within,
            runs=[pk for pk, _, _ in self.runs],
        )


def count(ask: Ask) -> int:
    """How many rows the answer will have. Raises UnableToReport for an impossible period."""
    return _question(ask).count()


def build(ask: Ask) -> Draft:
    """Add up the latest estimates as asked. Raises UnableToReport for an impossible period or a missing rate."""
    asked = _question(ask)
    order = asked.order
    rates = _rates(asked)
    paused = _targets(asked) if "pause" in order else {}

    def stream() -> Iterator[Row]:
        return (_row(row, order, paused, rates) for row in asked.rows(order))

    length = asked.count()
    found = None if length > ROWS_AT_ONCE else tuple(asked.rows(order))
    rows: Rows = stream if found is None else tuple(_row(row, order, paused, rates) for row in found)
    return Draft(
        columns=_columns(order, has_weeks="week" in order, target=str(ask.values.get("in", ""))),
        rows=rows,
        row_count=length,
        keys=tuple(
            column.key for name in order for column in _DIMENSIONS[name] if column.kind is not Kind.INSTANT
        ),
        method=_METHOD,
        groups=tuple(_DIMENSIONS[name][0].key for name in asked.by[:-1]),
        notes=(*_whole(asked), *_doubts(ask), *_closed(ask), *_rate_notes(rates)),
        charts=_charts(asked, found),
        inputs=(
            *(f"estimate run {pk} {mark}" for pk, _, mark in asked.runs),
            *(
                f"rate {rate.source} {rate.target} {rate.rate} {rate.on} {rate.said_by}"
                for rate in rates.values()
            ),
        ),
        sources=tuple(pk for pk, _, _ in asked.runs),
        method_version=", ".join(sorted({version for _, version, _ in asked.runs})),
    )


def _question(ask: Ask) -> _Question:
    by = ask.texts("by")
    within = estimates_visible_to(ask.by) if ask.by is not None else None
    return _Question(ask, by, _filter(ask, by), within, tuple(_runs(ask.as_of)))


def _dimensions(by: Sequence[str]) -> list[Dimension]:
    return [cast(Dimension, name) for name in by if name != "currency"]


def _filter(ask: Ask, by: Sequence[str]) -> IncomeFilter:
    first, last = ask.day("first_week"), ask.day("last_week")
    for name, day in (("first_week", first), ("last_week", last)):
        if day is not None and "week" not in by:
            raise UnableToReport("Weeks can be limited only where “by” names week.", field=name)
    if first is not None and last is not None and monday_of(last) < monday_of(first):
        raise UnableToReport(f"The last week, {last}, lies before the first, {first}.", field="last_week")
    return IncomeFilter(
        pauses=ask.numbers("pause"),
        clients=ask.texts("client"),
        projects=ask.texts("project"),
        countries=ask.texts("country"),
        contractors=ask.numbers("contractor"),
        currencies=ask.texts("currency"),
        first_week=monday_of(first) if first else None,
        last_week=monday_of(last) if last else None,
    )


def _targets(asked: _Question) -> dict[int, str]:
    runs = [pk for pk, _, _ in asked.runs]
    pauses = Pause.objects.filter(estimate_runs__in=runs).select_related("project", "client")
    return {pause.pk: pause.target_code for pause in pauses}


def _runs(as_of: date) -> list[tuple[int, str, str]]:
    runs = EstimateRun.objects.filter(pk__in=latest_run_ids(as_of=as_of)).order_by("pk")
    return list(runs.values_list("pk", "method_version", "inputs_fingerprint"))


def _rates(asked: _Question) -> dict[str, DatedRate]:
    target = asked.ask.values.get("in")
    if target is None:
        return {}
    runs = [pk for pk, _, _ in asked.runs]
    estimates = estimates_of(as_of=asked.ask.as_of, only=asked.only, within=asked.within, runs=runs)
    currencies = estimates.order_by().values_list("currency", flat=True).distinct()
    return {code: rate_known(code, target, as_of=asked.ask.as_of) for code in sorted(currencies)}


def _columns(order: Sequence[str], *, has_weeks: bool, target: str) -> tuple[Column, ...]:
    columns = [column for name in order for column in _DIMENSIONS[name]]
    columns.append(Column("people", "People", Kind.INTEGER, "People in this row, each once."))
    columns.append(
        Column("provisional", "Provisional", Kind.INTEGER, "People whose estimate rests on little.")
    )
    columns.append(Column("expected_hours", "Expected hours", Kind.HOURS, total=Total.SUM))
    for key, label, words in _AMOUNTS:
        columns.append(Column(key, label, Kind.MONEY, words, Total.SUM, "currency"))
    if not has_weeks:
        columns.append(
            Column(
                "low80",
                "Low",
                Kind.MONEY,
                "8 of 10 true figures lie above it and below “high”.",
                currency="currency",
            )
        )
        columns.append(Column("high80", "High", Kind.MONEY, "See “low”.", currency="currency"))
    if target:
        words = "The loss at the rate that stands beside it, rounded half up in each row."
        columns.append(Column("in_currency", "In", Kind.CODE))
        columns.append(Column("lost_in", f"Lost in {target}", Kind.MONEY, words, Total.SUM, "in_currency"))
        columns.append(Column("rate", "Rate", Kind.RATE, f"One unit of the row's currency in {target}."))
        columns.append(
            Column("rate_on", "Rate of", Kind.DATE, "The day of the rate; who gave it stands in the notes.")
        )
    return tuple(columns)


def _row(
    row: IncomeRow, order: Sequence[str], paused: Mapping[int, str], rates: Mapping[str, DatedRate]
) -> Row:
    cells: list[Cell] = [cell for name in order for cell in _key_cells(name, row, paused)]
    amounts = row.amounts
    cells += [row.people, row.provisional_people, amounts.expected_seconds, amounts.expected_minor]
    cells += [amounts.earned_minor, amounts.recovered_minor, amounts.standby_minor, amounts.lost_minor]
    cells.append(row.so_far_minor)
    if "week" not in order:
        cells += [row.lost.low80, row.lost.high80] if row.lost is not None else [None, None]
    if rates:
        dated = rates[row.currency]
        cells += [dated.target, dated.convert(amounts.lost_minor), dated.rate, dated.on]
    return tuple(cells)


def _key_cells(name: str, row: IncomeRow, paused: Mapping[int, str]) -> tuple[Cell, ...]:
    if name == "currency":
        return (row.currency,)
    if name == "pause":
        number = row.key["pause"]
        return (str(number), paused.get(number, ""), row.key["pause_since"], row.key["reason"])
    if name == "contractor":
        return (row.key["contractor"], str(row.key["contractor_id"]))
    return (row.key[name],)


def _whole(asked: _Question) -> tuple[str, ...]:
    """One sentence a currency for everything asked: people counted once, and the range of the whole sum."""
    if asked.only.first_week is not None or asked.only.last_week is not None:
        return ()
    return tuple(_sentence(row) for row in asked.rows(()) if row.lost is not None)


def _sentence(row: IncomeRow) -> str:
    people = "1 person" if row.people == 1 else f"{row.people:,} people"
    lost = format_money(row.amounts.lost_minor, row.currency)
    so_far = format_money(row.so_far_minor, row.currency)
    words = (
        f"{people} paid in {row.currency} {'loses' if row.people == 1 else 'lose'} {lost} in all, {so_far} of it in "
        "weeks that have ended"
    )
    if row.lost is None or row.lost.low80 == row.lost.high80:
        return f"{words}."
    low, high = (format_money(minor, row.currency) for minor in (row.lost.low80, row.lost.high80))
    return f"{words}; 8 of 10 true figures lie between {low} and {high}."


def _doubts(ask: Ask) -> tuple[str, ...]:
    missing = [str(doubt.pause) for doubt in doubts(as_of=ask.as_of, quiet_days=0, problems=("no_estimate",))]
    return (
        (f"Without a finished estimate as of this day, so not in the sums: pause {', '.join(missing)}.",)
        if missing
        else ()
    )


def _closed(ask: Ask) -> tuple[str, ...]:
    """Closed weeks never change silently: what has moved in them since is said here and booked in the next period."""
    last = last_period()
    if last is None or last.closed_at >= end_of(ask.as_of):
        return ()
    after = last.last_week + timedelta(weeks=1)
    moved = to_book(first_week=after, last_week=last.last_week, as_of=ask.as_of)
    words = [format_money(each.moved.lost_minor, each.currency) for each in moved if each.moved.lost_minor]
    if not words:
        return (f"Weeks before {after} are closed; nothing has moved in them since.",)
    return (
        f"Weeks before {after} are closed. Losses in them have moved by {', '.join(words)} since, for "
        "everybody; the next "
        "period books it as an adjustment.",
    )


def _rate_notes(rates: Mapping[str, DatedRate]) -> tuple[str, ...]:
    used = [rate for rate in rates.values() if rate.source != rate.target]
    if not used:
        return ()
    words = "; ".join(
        f"1 {rate.source} = {rate.rate:f} {rate.target} on {rate.on} ({rate.said_by})" for rate in used
    )
    return (
        f"Exchange rates, the last known on the day of the report: {words}. "
        f"The European Central Bank's rates at hand end on {last_day_of_rates()}.",
    )


def _charts(asked: _Question, found: Iterable[IncomeRow] | None) -> tuple[Chart, ...]:
    """The loss by week where weeks are asked for, else by what comes first; one chart a currency.

    Losses add up, so rows that were `found` are not asked for again.
    """
    key = "week" if "week" in asked.order else asked.order[0]
    if key == "currency":
        return ()
    paused = _targets(asked) if key == "pause" else {}
    sums: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in asked.rows((key,)) if found is None else found:
        first = row.key[key]
        name = f"{first} · {paused[first]}" if key == "pause" else str(first)
        sums[row.currency][name] += row.amounts.lost_minor
    largest = sorted(sums, key=lambda code: (-len(sums[code]), code))[:MOST_CHARTS]
    label = _DIMENSIONS[key][0].label.lower()
    return tuple(_chart(code, sums[code], label, is_time=key == "week") for code in largest)


def _chart(currency: str, sums: Mapping[str, int], label: str, *, is_time: bool) -> Chart:
    ordered = sorted(sums.items()) if is_time else sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    note = f"The first {MOST_BARS} of {len(ordered)}." if len(ordered) > MOST_BARS else ""
    bars = tuple(Bar(name, value) for name, value in ordered[:MOST_BARS])
    return Chart(f"Lost in {currency}, by {label}", bars, Kind.MONEY, currency, note)
