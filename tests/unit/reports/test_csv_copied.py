"""Rows that the database formats give the file that Python would have written, or none."""

import csv
import io

import pytest

from projects.reports.table import Table, TotalLine, UnableToWriteTable
from projects.reports.writers.csv_copied import copy_query, to_csv_copied
from projects.reports.writers.csv_file import to_csv
from projects.reports.writers.figures import figures_of
from tests.unit.reports.tables import COLUMNS, ROWS, impact_table

# The columns the database can write: all but days and shares.
KEPT = tuple(column for column in COLUMNS if column.key not in {"days", "share"})
TABLE = impact_table(tuple((*row[:9], row[11]) for row in ROWS), columns=KEPT, groups=())


def copied(table: Table) -> list[bytes]:
    """What COPY would send: each row of canonical cells and the mark of a text that starts oddly."""
    out = io.BytesIO()
    unguarded = [(*row[:2], str(row[2]), *row[3:]) for row in table.open_rows()]
    to_csv(impact_table(tuple(unguarded), columns=KEPT, groups=()), out)
    rows = list(csv.reader(io.StringIO(out.getvalue().decode(), newline="")))[1:]
    parts = []
    for cells, row in zip(rows, unguarded, strict=True):
        line = io.StringIO(newline="")
        is_risky = any(not text[:1].isascii() or not text[:1].isalnum() for text in map(str, row[:3]))
        csv.writer(line, lineterminator="\n").writerow([*cells[:2], row[2], *cells[3:], int(is_risky)])
        parts.append(line.getvalue().encode())
    return parts


def test_copied_rows_give_the_bytes_and_the_checksum_of_the_rows_written_by_python() -> None:
    plain, ours = io.BytesIO(), io.BytesIO()
    expected = to_csv(TABLE, plain)
    figures = to_csv_copied(TABLE, copied(TABLE), figures_of(TABLE).totals, ours)
    assert ours.getvalue() == plain.getvalue()
    assert figures == expected


def test_totals_of_another_number_of_rows_are_refused() -> None:
    with pytest.raises(UnableToWriteTable, match="6 rows came"):
        to_csv_copied(TABLE, copied(TABLE), (TotalLine("", 7, {}),), io.BytesIO())


def test_the_query_writes_each_currency_with_its_own_decimals_and_refuses_what_it_cannot_write() -> None:
    query = copy_query(KEPT, {column.key: f"r.{column.key}" for column in KEPT}, "FROM r")
    assert "(r.lost * 0.01)::text" in query
    assert "(r.lost * 0.001)::text" in query
    assert "(r.lost * 1)::text" in query
    with pytest.raises(UnableToWriteTable, match="column days"):
        copy_query(COLUMNS, {column.key: column.key for column in COLUMNS}, "FROM r")
