"""Tells which tool wrote a table, how sure that is, and in which order its dates are written."""

import re
from collections.abc import Iterable, Mapping
from itertools import islice

from projects.imports.errors import UnableToReadFile
from projects.imports.limits import MAX_COLUMNS
from projects.imports.rows import DayMonthOrder, Detection, Meaning, SourceFormat
from projects.imports.tables import Table
from projects.imports.values import order_of
from projects.imports.vocabulary import DIALECTS, GENERIC_NAMES, Dialect, Names

DATED = (Meaning.WORKED_ON, Meaning.STARTED_AT)
MEASURED = (
    Meaning.DURATION,
    Meaning.HOURS,
    Meaning.MINUTES,
    Meaning.SECONDS,
    Meaning.TASKS,
    Meaning.ENDED_AT,
)
HUBSTAFF_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|[A-Z][a-z]{2} \d{1,2}/\d{1,2}")


def find_header(table: Table) -> tuple[int, list[str], int]:
    """Return (line, header, records before it) of the best header of 20 records; raise UnableToReadFile."""
    best: tuple[float, int, list[str], int] | None = None
    for at, (line, cells) in enumerate(islice(table.records(), 20)):
        names = [cell.strip().lstrip("\ufeff") for cell in cells]
        if sum(map(bool, names)) < 2:
            continue
        score = max(grade(dialect, names) for dialect in DIALECTS)
        score = max(score, 0.3 if _looks_generic(guess_columns(names)) else 0.0)
        if best is None or score > best[0] + 0.2:
            best = (score, line, names, at)
    if best is None:
        raise UnableToReadFile("The file has no header row: its first line has to name at least two columns.")
    if len(best[2]) > MAX_COLUMNS:
        raise UnableToReadFile(f"The table has {len(best[2]):,} columns; at most {MAX_COLUMNS:,} are read.")
    return best[1], best[2], best[3]


def column_of(header: list[str], names: Iterable[str]) -> int:
    """Return the index of the first of some names in a header, -1 where there is none.

    Case counts first, because Hubstaff has `Time Zone` and `Time zone` with different meanings.
    """
    names = tuple(names)
    for name in names:
        if name in header:
            return header.index(name)
    folded = [one.casefold() for one in header]
    for name in names:
        if name.casefold() in folded:
            return folded.index(name.casefold())
    return -1


def columns_of(header: list[str], names: Names) -> dict[Meaning, int]:
    """Return meaning -> column index for every name found; no column gets two meanings."""
    found: dict[Meaning, int] = {}
    for meaning, aliases in names.items():
        at = column_of(header, aliases)
        if at >= 0 and at not in found.values():
            found[meaning] = at
    return found


def guess_columns(header: list[str]) -> dict[str, str]:
    """Guess column -> meaning for a table of no known tool."""
    return {header[at]: meaning.value for meaning, at in columns_of(header, GENERIC_NAMES).items()}


def grade(dialect: Dialect, header: list[str]) -> float:
    """Return 0 to 1: how surely a header is one tool's."""
    if any(name in header for name in dialect.never):
        return 0.0
    must = [column_of(header, names) >= 0 for names in dialect.must]
    exact = sum(name in header for name in dialect.tells)
    loose = sum(column_of(header, (name,)) >= 0 for name in dialect.tells)
    share = (exact + loose) / (2 * len(dialect.tells)) if dialect.tells else sum(must) / len(must)
    if not all(must):
        return round(0.4 * share * sum(must) / len(must), 2)
    if dialect.format is SourceFormat.HUBSTAFF and not any(map(HUBSTAFF_DAY.fullmatch, header)):
        return 0.3
    return round(0.5 + 0.49 * share, 2)


def rank(header: list[str]) -> tuple[tuple[SourceFormat, float], ...]:
    """Return every format with its confidence, the likeliest first."""
    graded = [(dialect.format, grade(dialect, header)) for dialect in DIALECTS]
    graded.append((SourceFormat.GENERIC, 0.45 if _looks_generic(guess_columns(header)) else 0.0))
    return tuple(sorted(graded, key=lambda pair: -pair[1]))


def describe(
    table: Table, line: int, header: list[str], order: DayMonthOrder, wanted: SourceFormat | None
) -> Detection:
    """Put together what is known of a table; `wanted` is the format the caller named."""
    candidates = rank(header)
    chosen, confidence = candidates[0]
    if wanted is not None:
        chosen, confidence = wanted, 1.0
    suggested = guess_columns(header)
    dialect = next((one for one in DIALECTS if one.format is chosen), None)
    known = [name for name in dialect.tells if name in header] if dialect else sorted(suggested)
    reasons = [
        f"It has the columns {', '.join(known[:6])}."
        if known
        else "Its column names are known in no language."
    ]
    if wanted is not None:
        reasons.insert(0, f"You said it is {wanted.value}.")
    elif candidates[1][1] > confidence - 0.1:
        reasons.append(f"It could be {candidates[1][0].value} as well.")
    reasons.append(ORDER_REASONS[order])
    return Detection(
        format=chosen,
        confidence=confidence,
        reasons=tuple(reasons),
        day_month_order=order,
        encoding=table.encoding,
        delimiter=table.delimiter,
        container=table.container,
        sheet=table.sheet,
        header=tuple(header),
        header_line=line,
        candidates=candidates,
        suggested=suggested,
    )


ORDER_REASONS: Mapping[DayMonthOrder, str] = {
    DayMonthOrder.DMY: "Its dates are written day first.",
    DayMonthOrder.MDY: "Its dates are written month first.",
    DayMonthOrder.YMD: "Its dates are written year first.",
    DayMonthOrder.AMBIGUOUS: "Its dates read both day first and month first.",
}


def date_order(table: Table, header_at: int, columns: Iterable[int]) -> tuple[DayMonthOrder, tuple[str, ...]]:
    """Return the order the dates of some columns prove, reading only as far as needed, and a few ambiguous examples.

    A file whose first dates are ISO or named months is not searched further for a slash.
    """
    wanted = tuple(columns)
    examples: list[str] = []
    plain = 0
    for _, cells in islice(table.records(), header_at + 1, None):
        for at in wanted:
            text = cells[at].strip() if at < len(cells) else ""
            if not text:
                continue
            order = order_of(text)
            if order is DayMonthOrder.AMBIGUOUS:
                if len(examples) < 5 and text not in examples:
                    examples.append(text)
            elif order is None or (order is DayMonthOrder.YMD and not examples):
                plain += 1
            elif order is not DayMonthOrder.YMD:
                return order, ()
        if plain >= 200 and not examples:
            break
    return (DayMonthOrder.AMBIGUOUS, tuple(examples)) if examples else (DayMonthOrder.YMD, ())


def _looks_generic(suggested: Mapping[str, str]) -> bool:
    meanings = set(suggested.values())
    return bool(meanings & set(DATED)) and bool(meanings & set(MEASURED))
