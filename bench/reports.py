"""Measures the report writers beside PostgreSQL's COPY TO STDOUT and XlsxWriter's constant-memory mode, in one run.

Usage: python -m bench.reports [ROWS] (default 1,000,000). Builds two tables of its own in the database of DATABASE_URL
(or one it finds) and drops them again, alternates peers and product for three rounds, takes medians of their ratios,
writes every other format once, and ends with one JSON line. Peak memory is that of a fresh process a format.
"""

import datetime as dt
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
import xlsxwriter

from projects.reports.table import Column, Facts, Kind, Row, Table, Total, TotalLine
from projects.reports.writers.csv_copied import COPY_SETTINGS, copy_query, to_csv_copied
from projects.reports.writers.csv_file import to_csv
from projects.reports.writers.json_file import to_json
from projects.reports.writers.pdf_file import to_pdf
from projects.reports.writers.xlsx_file import to_xlsx
from projects.reports.writers.xlsx_plain import to_xlsx_plain
from tests.services.postgres import usable_server

URL = os.environ.get("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
ROUNDS = 3
CHECKED_ROWS = 10_000
# XlsxWriter is slow: it is given a share of the rows, and rates are compared.
XLSX_SHARE = 10
NAMES = "client project contractor week_on told_at currency expected lost hours"
TABLE = "bench_report_rows"
PEOPLE = "bench_report_people"
MAKE_PEOPLE = f"""
CREATE UNLOGGED TABLE {PEOPLE} AS
SELECT n AS id, 'CLIENT' || n % 7 AS client, 'PROJECT' || n % 41 AS project, 'Contractor Name ' || n AS contractor,
  (ARRAY['USD', 'EUR', 'PHP', 'JPY'])[n % 4 + 1] AS currency FROM generate_series(1, 30000) n
UNION ALL VALUES (-1, 'A', '=1+1', E'x,"y"\\r\\nz', 'KWD'), (-2, 'A', '', ' @sum', 'USD'),
  (-3, 'A', E'\\t-', 'Añë 佐藤', 'JPY')"""
MAKE = f"""
CREATE UNLOGGED TABLE {TABLE} AS
SELECT * FROM (VALUES
  (-1, date '2026-01-05', timestamptz '2026-01-05 09:00:00.25Z', -5::bigint, 1005::bigint, -61::bigint),
  (-2, NULL, NULL, NULL, 0, NULL), (-3, '2026-01-05', NULL, 0, -7, 90061)
) hostile (person, week_on, told_at, expected, lost, hours)
UNION ALL SELECT n % 30000 + 1, date '2026-01-05' + (n % 52) * 7,
  timestamptz '2026-01-05 09:00Z' + (n % 5000) * interval '1 minute',
  100000 + n % 90000, n::bigint * 7919 % 100000 - 500, n % 160 * 900 FROM generate_series(1, %s) n"""
JOINED = f"FROM {TABLE} JOIN {PEOPLE} ON id = person"
SELECT = f"SELECT {NAMES.replace(' ', ', ')} {JOINED} LIMIT "
COLUMNS = (
    Column("client", "Client", Kind.CODE),
    Column("project", "Project", Kind.CODE),
    Column("contractor", "Contractor"),
    Column("week_on", "Week", Kind.DATE),
    Column("told_at", "Told at", Kind.INSTANT),
    Column("currency", "Currency", Kind.CODE),
    Column("expected", "Expected", Kind.MONEY, currency="currency", total=Total.SUM),
    Column("lost", "Lost", Kind.MONEY, currency="currency", total=Total.SUM),
    Column("hours", "Hours", Kind.HOURS, total=Total.SUM),
)
FACTS = Facts(dt.datetime(2026, 11, 24, tzinfo=dt.UTC), "bench")


@cache
def server() -> str:
    """The database that is measured against: DATABASE_URL, else a PostgreSQL found here."""
    url = os.environ.get("DATABASE_URL") or usable_server()
    if not url.startswith("postgres"):
        sys.exit("This bench wants PostgreSQL: name one in DATABASE_URL.")
    os.environ["DATABASE_URL"] = url  # the processes that measure find the same one
    return url


def database_rows(limit: int) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        with psycopg.connect(server()) as connection, connection.cursor("bench", binary=True) as cursor:
            cursor.itersize = 4000
            cursor.execute(SELECT + str(limit))
            yield from cursor

    return rows


def table_of(limit: int) -> Table:
    return Table("bench", "Bench", COLUMNS, database_rows(limit), dt.date(2026, 11, 24), FACTS)


def by_copy(limit: int, path: Path) -> None:
    command = f"COPY ({SELECT}{limit}) TO STDOUT (FORMAT csv, HEADER)"
    with (
        psycopg.connect(server()) as connection,
        connection.cursor().copy(command) as copy,
        path.open("wb") as out,
    ):
        for part in copy:
            out.write(part)


def by_copied(limit: int, path: Path) -> None:
    """The product's way for huge tables: totals and rows in one snapshot, formatted by the database."""
    names = {column.key: column.key for column in COLUMNS}
    source = f"FROM ({SELECT}{limit}) rows"
    with psycopg.connect(server()) as connection, connection.cursor() as cursor, path.open("wb") as out:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute(COPY_SETTINGS)
        cursor.execute(
            f"SELECT currency, count(*), sum(expected), sum(lost), sum(hours) {source} GROUP BY 1 ORDER BY 1"
        )
        found = cursor.fetchall()
        totals = [TotalLine(c, n, {"expected": int(e), "lost": int(lo)}) for c, n, e, lo, _ in found]
        every = TotalLine("", sum(line.rows for line in totals), {"hours": int(sum(row[4] for row in found))})
        with cursor.copy(f"COPY ({copy_query(COLUMNS, names, source)}) TO STDOUT (FORMAT csv)") as copy:
            to_csv_copied(table_of(limit), copy, (*totals, every), out)


def by_xlsxwriter(limit: int, path: Path) -> None:
    """The library by itself: typed cells in constant-memory mode, as its manual shows."""
    workbook = xlsxwriter.Workbook(
        path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "remove_timezone": True}
    )
    sheet = workbook.add_worksheet()
    for number, row in enumerate(database_rows(limit)(), start=1):
        sheet.write_row(number, 0, row)
    workbook.close()


def by_writer(writer: Callable[..., object]) -> Callable[[int, Path], None]:
    def write(limit: int, path: Path) -> None:
        with path.open("wb") as out:
            writer(table_of(limit), out)

    return write


CASES: dict[str, Callable[[int, Path], None]] = {
    "copy": by_copy,
    "csv": by_copied,
    "csv_python": by_writer(to_csv),
    "json": by_writer(to_json),
    "xlsx_plain": by_writer(to_xlsx_plain),
    "xlsxwriter": by_xlsxwriter,
    "xlsx": by_writer(to_xlsx),
    "pdf": by_writer(to_pdf),
}
SLOW = {"xlsxwriter", "xlsx"}
ONCE = {"csv_python", "json", "pdf"}


def measured(name: str, rows: int) -> tuple[float, float]:
    """Rows a second and peak MB of one case in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, str(rows), name],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, peak = json.loads(done.stdout)
    return rows / seconds, peak


def check_same_bytes(rows: int) -> None:
    """Both ways to CSV give the same file, hostile texts, unknown cells and every number of decimals included."""
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder) / "copied", Path(folder) / "python"
        by_copied(rows, ours)
        by_writer(to_csv)(rows, plain)
        assert ours.read_bytes() == plain.read_bytes(), "the two ways to CSV differ"


def fill(connection: psycopg.Connection, rows: int) -> None:
    """Make both tables anew, with three hostile rows before the others."""
    connection.execute(f"DROP TABLE IF EXISTS {TABLE}, {PEOPLE}")
    connection.execute(MAKE_PEOPLE)
    connection.execute(MAKE.replace("%s", str(rows)))
    connection.execute(f"ANALYZE {PEOPLE}")
    connection.execute(f"ANALYZE {TABLE}")


def one_case(name: str, rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        CASES[name](rows, Path(folder) / "out")
        seconds = time.perf_counter() - start
    print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        one_case(sys.argv[2], rows)
        return
    with psycopg.connect(server(), autocommit=True) as connection:
        try:
            fill(connection, CHECKED_ROWS)
            check_same_bytes(CHECKED_ROWS)
            fill(connection, rows)
            rates: dict[str, list[float]] = {name: [] for name in CASES}
            peaks: dict[str, float] = dict.fromkeys(CASES, 0.0)
            for number in range(ROUNDS):
                for name in [name for name in CASES if number == 0 or name not in ONCE]:
                    rate, peak = measured(name, rows // XLSX_SHARE if name in SLOW else rows)
                    rates[name].append(rate)
                    peaks[name] = max(peaks[name], peak)
        finally:
            connection.execute(f"DROP TABLE IF EXISTS {TABLE}, {PEOPLE}")
    for name in CASES:
        print(f"{name:12} {statistics.median(rates[name]):12,.0f} rows/s {peaks[name]:8.0f} MB")
    paired = {
        "csv_vs_copy": ("csv", "copy"),
        "xlsx_vs_xlsxwriter": ("xlsx_plain", "xlsxwriter"),
        "formatted_vs_xlsxwriter": ("xlsx", "xlsxwriter"),
    }
    figures = {
        key: round(statistics.median(ours / peer for ours, peer in zip(rates[a], rates[b], strict=True)), 2)
        for key, (a, b) in paired.items()
    }
    print(
        json.dumps(
            {
                **figures,
                "peak_mb": round(max(peaks[name] for name in CASES if name not in {"copy", "xlsxwriter"})),
            }
        )
    )


if __name__ == "__main__":
    main()
