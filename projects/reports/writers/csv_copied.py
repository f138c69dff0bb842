"""CSV for huge tables: rows that PostgreSQL formats and streams itself, with the same bytes as `to_csv` gives.

The caller runs `copy_query` through COPY ... TO STDOUT (FORMAT csv) and hands the rows over as they arrive; the totals
come from one aggregate in the same snapshot. Nothing of a row is parsed unless the database marks it as risky.
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import BinaryIO

from moneyed import CURRENCIES

from projects.reports.table import Column, Kind, Table, TotalLine, UnableToWriteTable, exponent_of
from projects.reports.writers.blocks import csv_bytes
from projects.reports.writers.csv_file import BOM, guarded
from projects.reports.writers.figures import Figures, verify

COPIED = frozenset({Kind.TEXT, Kind.CODE, Kind.DATE, Kind.INSTANT, Kind.MONEY, Kind.HOURS, Kind.INTEGER})
ROWS_PER_PIECE = 2000
# The last column of a copied row: whether a text in it starts with anything but an ASCII letter or digit.
PLAIN, RISKY = b",0\n", b",1\n"
# What the copying transaction sets first, or dates come in another shape and the checksum differs.
COPY_SETTINGS = "SET LOCAL DateStyle TO 'ISO, YMD'"
HARMLESS_CODES = ",".join(
    str(ord(c)) for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)


def copy_query(columns: Sequence[Column], expressions: Mapping[str, str], source: str) -> str:
    """Return the SELECT whose rows, copied as CSV, are a table's canonical rows and a mark of risk.

    `expressions` holds SQL by column key, of the type the column's kind has in Python (bigint minor units, bigint
    seconds, date, timestamptz, text); `source` is everything from FROM on. Both are written by the program and
    never hold what a person typed. COPY_SETTINGS go first, in the same transaction. Raises UnableToWriteTable for a
    kind that only Python writes.
    """
    for column in columns:
        if column.kind not in COPIED:
            raise UnableToWriteTable(
                f"column {column.key}: cells of kind {column.kind} are not written by the database"
            )
    cells = [cell_sql(column, expressions) for column in columns]
    texts = [expressions[column.key] for column in columns if column.kind in (Kind.TEXT, Kind.CODE)]
    risky = " OR ".join(f"ascii({text}) NOT IN ({HARMLESS_CODES})" for text in texts) or "false"
    return f"SELECT {', '.join(cells)}, CASE WHEN {risky} THEN 1 ELSE 0 END {source}"


def cell_sql(column: Column, expressions: Mapping[str, str]) -> str:
    """Return the SQL of a column's canonical text, NULL where unknown or empty, as `cells.texts` would write it."""
    given = expressions[column.key]
    if column.kind is Kind.MONEY:
        return money_sql(given, expressions[column.currency])
    if column.kind is Kind.HOURS:
        sign = f"CASE WHEN {given} < 0 THEN '-' ELSE '' END"
        rest = f"right((time '00:00' + make_interval(secs => abs({given}) % 3600))::text, 6)"
        return f"{sign} || abs({given}) / 3600 || {rest}"
    if column.kind is Kind.INSTANT:
        return f"replace(({given} AT TIME ZONE 'UTC')::text, ' ', 'T') || 'Z'"
    if column.kind is Kind.DATE:
        return f"{given}::text"
    return given if column.kind is Kind.INTEGER else f"nullif({given}, '')"


def money_sql(minor: str, currency: str) -> str:
    """Return the SQL of an amount with its currency's decimals: two for most, else as the list of currencies says."""
    by_exponent: dict[int, list[str]] = {}
    for code in sorted(CURRENCIES):
        by_exponent.setdefault(exponent_of(code), []).append(f"'{code}'")
    cases = [
        f"WHEN {currency} IN ({','.join(codes)}) THEN ({minor} * {unit_of(exponent)})::text"
        for exponent, codes in sorted(by_exponent.items())
        if exponent != 2
    ]
    # A currency nobody knows is no number and stops the copy: better no file than an amount in the wrong unit.
    unknown = f"ELSE ('no currency: ' || coalesce({currency}, ''))::numeric::text"
    known = f"WHEN {currency} IN ({','.join(by_exponent[2])}) THEN ({minor} * {unit_of(2)})::text"
    return f"CASE WHEN {minor} IS NULL THEN NULL {known} {' '.join(cases)} {unknown} END"


def unit_of(exponent: int) -> str:
    """Return one minor unit as an SQL numeric: 0.01 for two decimals."""
    return "1" if exponent == 0 else f"0.{'0' * (exponent - 1)}1"


def to_csv_copied(
    table: Table,
    copied: Iterable[bytes | memoryview],
    totals: tuple[TotalLine, ...],
    out: BinaryIO,
    *,
    bom: bool = False,
) -> Figures:
    """Write rows that the database copied, one buffer each as COPY sends them; return the figures.

    `totals` are the database's own sums, in the same snapshot, the line of all rows last. Raises UnableToWriteTable
    where their number of rows, the totals the table states or its checksum differ from what came.
    """
    digest = hashlib.sha256(csv_bytes([(column.key,) for column in table.columns]))
    if bom:
        out.write(BOM)
    out.write(csv_bytes([(guarded(column.label),) for column in table.columns]))
    rows, source = 0, iter(copied)
    while piece := list(islice(source, ROWS_PER_PIECE)):
        canonical, shown = piece_bytes(table, piece)
        digest.update(canonical)
        out.write(shown)
        rows += len(piece)
    figures = Figures(rows, totals, (), digest.hexdigest())
    if not totals or totals[-1].rows != rows:
        raise UnableToWriteTable(
            f"{table.name}: {rows} rows came, the totals are those of another number of rows"
        )
    verify(table, figures)
    return figures


def piece_bytes(table: Table, rows: Sequence[bytes | memoryview]) -> tuple[bytes, bytes]:
    """Return the rows' canonical bytes and those that are shown, the same object where no text is risky."""
    joined = b"".join(rows)
    if joined.count(b"\n") == len(rows) == joined.count(PLAIN):
        plain = joined.replace(PLAIN, b"\r\n")
        return plain, plain
    each = [bytes(row) for row in rows]
    canonical = b"".join(row[: -len(RISKY)] + b"\r\n" for row in each)
    shown = b"".join(
        row[: -len(RISKY)] + b"\r\n" if row.endswith(PLAIN) else guarded_row(table, row) for row in each
    )
    return canonical, shown


def guarded_row(table: Table, row: bytes) -> bytes:
    """Return a risky row with its texts guarded."""
    (cells,) = csv.reader(io.StringIO(row[: -len(RISKY)].decode(), newline=""))
    kinds = (column.kind for column in table.columns)
    safe = [
        guarded(cell) if kind in (Kind.TEXT, Kind.CODE) else cell
        for kind, cell in zip(kinds, cells, strict=True)
    ]
    return csv_bytes([(cell,) for cell in safe])
