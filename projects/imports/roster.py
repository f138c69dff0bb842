"""Reads a roster of contractors, engagements and dated rates, and holds its rows against each other."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from operator import attrgetter

from projects.imports.csv_table import Unparsed
from projects.imports.detection import column_of, date_order
from projects.imports.errors import UnableToReadFile, UnableToTellDateOrder
from projects.imports.limits import MAX_ROSTER_ROWS
from projects.imports.roster_cells import COLUMNS, DATES, read_row
from projects.imports.rows import DayMonthOrder, ReadOptions, RosterFile, RosterRow, RowError
from projects.imports.tables import Source, Table, open_table
from projects.imports.values import Fault

# What is a contractor's own and therefore has to be the same on every line that names them.
PERSONAL = ("name", "slack_user_id", "country", "region", "locale", "time_zone", "external_id")
PATTERN = ("weekly_hours", "weekday_pattern")


@dataclass(frozen=True, slots=True)
class _Held:
    row: RosterRow
    raw: str


def read_roster(
    source: Source, *, day_month_order: DayMonthOrder | None = None, options: ReadOptions | None = None
) -> RosterFile:
    """Read a whole roster of at most 300,000 rows.

    `source` is a path or a seekable binary file that stays open. Raises UnableToReadFile, also where the
    column `email` is missing, and UnableToTellDateOrder. What is wrong with a row is among `errors`, and the
    row is then not among `rows`.
    """
    options = options or ReadOptions()
    table = open_table(source, options)
    before, header, columns = _header(table)
    order = day_month_order or options.day_month_order or _order(table, before, columns)
    held: list[_Held] = []
    errors: list[RowError] = []
    for line, cells in islice(table.records(), before + 1, None):
        if not any(map(str.strip, cells)):
            continue
        if len(held) + len(errors) >= MAX_ROSTER_ROWS:
            raise UnableToReadFile(f"The roster has over {MAX_ROSTER_ROWS:,} rows: split it.")
        raw = ",".join(cells).rstrip(",")[:300]
        try:
            if isinstance(cells, Unparsed):
                raise Fault("bad_quotes", f"The row cannot be cut into columns: {cells[0]}.")
            if any(map(str.strip, cells[len(header) :])):
                raise Fault("too_many_cells", f"The row has {len(cells)} cells under {len(header)} columns.")
            texts = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
            held.append(_Held(read_row(line, texts, order), raw))
        except Fault as fault:
            errors.append(RowError(line, fault.field, fault.code, fault.message, raw))
    errors.extend(_conflicts(held))
    refused = {error.line for error in errors}
    rows = tuple(one.row for one in held if one.row.line not in refused)
    return RosterFile(rows, tuple(sorted(errors, key=attrgetter("line"))), tuple(header), order)


def _header(table: Table) -> tuple[int, list[str], dict[str, int]]:
    for before, (_, cells) in enumerate(islice(table.records(), 20)):
        header = [cell.strip().lstrip("\ufeff") for cell in cells]
        if column_of(header, COLUMNS["email"]) >= 0:
            columns = {name: column_of(header, aliases) for name, aliases in COLUMNS.items()}
            found = {name: at for name, at in columns.items() if at >= 0}
            unknown = [name for at, name in enumerate(header) if name and at not in found.values()]
            if len(found) < 2:
                raise UnableToReadFile(
                    f"A roster needs more than an email; unknown columns: {', '.join(unknown[:10])}."
                )
            return before, header, found
    raise UnableToReadFile(f"The roster has no column email. Its columns can be {', '.join(COLUMNS)}.")


def _order(table: Table, before: int, columns: dict[str, int]) -> DayMonthOrder:
    order, examples = date_order(table, before, [columns[name] for name in DATES if name in columns])
    if order is DayMonthOrder.AMBIGUOUS:
        raise UnableToTellDateOrder(
            f"Dates such as {', '.join(examples)} read both day first and month first: say which it is (dmy or mdy).",
            examples=examples,
        )
    return order


def _conflicts(held: list[_Held]) -> Iterator[RowError]:
    """Yield an error for every row that contradicts an earlier one; both rows are named."""
    people: dict[str, _Held] = {}

    engagements: dict[tuple[str, str], list[_Held]] = defaultdict(list)
    for one in held:
        first = people.setdefault(one.row.email, one)
        different = [
            name for name in PERSONAL if not _agree(getattr(first.row, name), getattr(one.row, name))
        ]
        if different:
            yield _conflict(
                one, first, different[0], "different_facts",
                f"{one.row.email} has another {different[0]} here ({getattr(one.row, different[0])}) than on line "
                f"{first.row.line} ({getattr(first.row, different[0])}).",
            )  # fmt: skip
        elif one.row.project:
            engagements[(one.row.email, one.row.project.casefold())].append(one)
        elif first is not one:
            yield _conflict(
                one, first, "email", "duplicate", f"{one.row.email} is on line {first.row.line} already."
            )
    for rows in engagements.values():
        if len(rows) > 1:
            yield from _engagement_conflicts(rows)


def _engagement_conflicts(rows: list[_Held]) -> Iterator[RowError]:
    """Compare the rows of one person on one project: same dates are further rates, other dates must not overlap."""
    for at, one in enumerate(rows):
        row = one.row
        for earlier in rows[max(0, at - 200) : at]:
            other = earlier.row
            who = f"{row.email} on {row.project}"
            if (row.starts_on, row.ends_on) != (other.starts_on, other.ends_on):
                if _overlap(row, other):
                    yield _conflict(
                        one, earlier, "starts_on", "overlap",
                        f"{who} runs {_span(row)} here and {_span(other)} on line {other.line}: these overlap.",
                    )  # fmt: skip
                    break
            elif row.rate_from == other.rate_from:
                same = all(
                    getattr(row, n) == getattr(other, n)
                    for n in ("rate_basis", "rate_amount", "currency", *PATTERN)
                )
                message = (
                    f"{who} from {row.starts_on} is on line {other.line} already."
                    if same
                    else f"{who} has another rate from {row.rate_from} on line {other.line}: "
                    f"{_rate(row)} here, {_rate(other)} there."
                )
                yield _conflict(one, earlier, "email", "duplicate" if same else "different_facts", message)
                break


def _conflict(one: _Held, earlier: _Held, field: str, code: str, message: str) -> RowError:
    both = f"line {one.row.line}: {one.raw[:140]} | line {earlier.row.line}: {earlier.raw[:120]}"
    return RowError(one.row.line, field, code, message, both[:300])


def _agree(first: str, second: str) -> bool:
    """Tell whether two cells can both be true: a blank one says nothing."""
    return not first or not second or first == second


def _overlap(one: RosterRow, other: RosterRow) -> bool:
    return (one.starts_on or date.min) < (other.ends_on or date.max) and (other.starts_on or date.min) < (
        one.ends_on or date.max
    )


def _span(row: RosterRow) -> str:
    return f"{row.starts_on} to {row.ends_on or 'open'}"


def _rate(row: RosterRow) -> str:
    if row.rate_basis is None:
        return "none"
    return f"{row.rate_amount} {row.currency} per {row.rate_basis.value}"
