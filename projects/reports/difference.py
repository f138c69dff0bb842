"""The difference of two runs: which rows came, went or moved, by how much, and what explains it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from projects.domain.errors import UnableToReport
from projects.models import EstimateRun, ReportRun
from projects.reports.frozen import keys_of_run, sources_of_run, table_of_run
from projects.reports.table import SUMMABLE, Cell, Column, Row, Table, TotalLine
from projects.reports.writers.figures import amounts_of, figures_of

Change = Literal["came", "went", "moved"]
MOST_ROWS: Final = 200_000
WHY: Final[Mapping[str, str]] = {
    "opened": "a pause was opened",
    "began": "a pause began",
    "extended": "the expected dates of a pause changed",
    "ended": "a pause ended",
    "overlaps": "another pause shares days with it",
    "nightly": "the nightly reckoning found changed inputs",
    "hours": "new hours came in",
    "hours_decided": "a lead decided on hours inside a pause",
    "correction": "a contractor's record was corrected",
    "roster": "a roster changed rates or terms",
    "leave": "leave was recorded or taken back",
    "released": "a project of a paused client goes on",
    "redeployed": "somebody took a seat elsewhere",
    "asked": "somebody asked for a new estimate",
}


@dataclass(frozen=True, slots=True)
class Moved:
    """One number of one row or total: before, after and by how much; None is “not known” or “no such row”."""

    column: Column
    currency: str
    before: int | Decimal | None
    after: int | Decimal | None

    @property
    def by(self) -> int | Decimal:
        """How much it moved, in the column's own unit; a missing number counts as zero here."""
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class RowMoved:
    """One row that differs, named by the columns that tell rows apart."""

    change: Change
    names: tuple[tuple[Column, Cell], ...]
    numbers: tuple[Moved, ...]
    words: tuple[tuple[Column, Cell, Cell], ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that differs between two runs of one report; `same` counts the rows that do not."""

    rows: tuple[RowMoved, ...]
    totals: tuple[Moved, ...]
    same: int
    reasons: tuple[str, ...]


def difference_of(older: ReportRun, newer: ReportRun) -> Difference:
    """Hold two runs against each other. Raises UnableToReport where other columns tell their rows apart."""
    if max(older.row_count, newer.row_count) > MOST_ROWS:
        raise UnableToReport(
            f"Runs of more than {MOST_ROWS:,} rows are not compared row by row; group them more coarsely.",
            field="with",
        )
    if older.name != newer.name or keys_of_run(older) != keys_of_run(newer):
        raise UnableToReport(
            "Only two runs of one report with the same grouping can be compared.", field="with"
        )
    before, after = table_of_run(older), table_of_run(newer)
    keys = keys_of_run(older)
    old_rows, new_rows = _by_key(before, keys), _by_key(after, keys)
    moved: list[RowMoved] = []
    same = 0
    for key in dict.fromkeys([*old_rows, *new_rows]):
        row = _compared(before, after, keys, old_rows.get(key), new_rows.get(key))
        if row is None:
            same += 1
        else:
            moved.append(row)
    reasons = _reasons(older, newer, _rate_changes(before, after))
    return Difference(tuple(moved), _totals(before, after), same, reasons)


def _by_key(table: Table, keys: tuple[str, ...]) -> dict[tuple[str, ...], Row]:
    places = [table.positions[key] for key in keys]
    return {tuple(str(row[place]) for place in places): row for row in table.open_rows()}


def _compared(
    before: Table, after: Table, keys: tuple[str, ...], old: Row | None, new: Row | None
) -> RowMoved | None:
    if old == new and before.columns == after.columns:
        return None
    table, row = (after, new) if new is not None else (before, old)
    assert row is not None  # noqa: S101  # a key comes from one of the two
    names = tuple((table.columns[table.positions[key]], row[table.positions[key]]) for key in keys)
    numbers, words = [], []
    for column in table.columns:
        if column.key in keys:
            continue
        was, now = _cell(before, old, column.key), _cell(after, new, column.key)
        if was == now:
            continue
        if column.kind in SUMMABLE:
            currency = row[table.positions[column.currency]] if column.currency else ""
            numbers.append(Moved(column, str(currency or ""), _number(was), _number(now)))
        elif old is not None and new is not None:
            words.append((column, was, now))
    if old is not None and new is not None and not numbers and not words:
        return None
    change: Change = "came" if old is None else "went" if new is None else "moved"
    return RowMoved(change, names, tuple(numbers), tuple(words))


def _cell(table: Table, row: Row | None, key: str) -> Cell:
    return row[table.positions[key]] if row is not None and key in table.positions else None


def _number(cell: Cell) -> int | Decimal | None:
    return cell if isinstance(cell, int | Decimal) else None


def _totals(before: Table, after: Table) -> tuple[Moved, ...]:
    old, new = _sums(figures_of(before).totals), _sums(figures_of(after).totals)
    columns = {column.key: column for column in (*before.summed, *after.summed)}
    places = sorted(
        old.keys() | new.keys(), key=lambda place: (place[0] == "", place[0], list(columns).index(place[1]))
    )
    return tuple(
        Moved(columns[key], currency, old.get((currency, key)), new.get((currency, key)))
        for currency, key in places
    )


def _sums(lines: tuple[TotalLine, ...]) -> dict[tuple[str, str], int | Decimal]:
    return amounts_of(lines)


def _reasons(older: ReportRun, newer: ReportRun, rate_changes: list[str]) -> tuple[str, ...]:
    """What differs in how the two came to be, most telling first; empty where nothing does."""
    found = []
    if older.as_of != newer.as_of:
        found.append(f"The day moved from {older.as_of} to {newer.as_of}.")
    if older.parameters != newer.parameters:
        found.append("They were asked with different parameters.")
    for name, was, now in (
        ("method", older.rows["method_version"], newer.rows["method_version"]),
        ("code", older.code_version, newer.code_version),
    ):
        if was != now:
            found.append(f"The version of the {name} went from {was or 'none'} to {now or 'none'}.")
    found += _newer_estimates(set(sources_of_run(older)), set(sources_of_run(newer)))
    found += rate_changes
    if not found and older.inputs_fingerprint != newer.inputs_fingerprint:
        found.append("The record itself changed between the two: see the rows.")
    return tuple(found)


def _rate_changes(before: Table, after: Table) -> list[str]:
    """Exchange rates that differ, each with the day it is of."""
    old, new = _rates_in(before), _rates_in(after)
    return [
        f"The rate of {source} in {target} went from {old[source, target][0]:f} of {old[source, target][1]} "
        f"to {rate:f} of {on}."
        for (source, target), (rate, on) in sorted(new.items())
        if (source, target) in old and old[source, target] != (rate, on)
    ]


def _rates_in(table: Table) -> dict[tuple[str, str], tuple[Decimal, date]]:
    keys = ("currency", "in_currency", "rate", "rate_on")
    if not set(keys) <= set(table.positions):
        return {}
    places = [table.positions[key] for key in keys]
    found: dict[tuple[str, str], tuple[Decimal, date]] = {}
    for row in table.open_rows():
        source, target, rate, on = (row[place] for place in places)
        if isinstance(rate, Decimal) and isinstance(on, date):
            found[str(source), str(target)] = (rate, on)
    return found


def _newer_estimates(old: set[int], new: set[int]) -> list[str]:
    runs = EstimateRun.objects.filter(pk__in=new - old).order_by("pause_id", "pk")
    counted: Counter[tuple[int, str, date]] = Counter(runs.values_list("pause_id", "reason", "as_of"))
    said = [
        f"Pause {pause} was estimated anew as of {as_of}: {WHY.get(reason, reason)}."
        for pause, reason, as_of in counted
    ]
    gone = EstimateRun.objects.filter(pk__in=old - new).exclude(
        pause__in=EstimateRun.objects.filter(pk__in=new).values("pause")
    )
    said += [
        f"Pause {pause} is no longer in it."
        for pause in gone.order_by("pause_id").values_list("pause_id", flat=True)
    ]
    return said
