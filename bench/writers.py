"""Measures the report writers beside PostgreSQL's COPY TO STDOUT and XlsxWriter's constant-memory mode, in one run.

Usage: python bench/writers.py [ROWS] (default 1,000,000). Builds its own table in the database of DATABASE_URL
(default postgres://root@127.0.0.1/test), alternates peers and product for three rounds, takes medians, drops the
table again, and ends with one JSON line. Peak memory is that of a fresh process that writes one format.
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
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
import xlsxwriter

from projects.reports.table import Column, Facts, Kind, Row, Table, Total, TotalLine
from projects.reports.writers.csv_copied import COPY_SETTINGS, copy_query, to_csv_copied
from projects.reports.writers.csv_file import to_csv
from projects.reports.writers.json_file import to_json
from projects.reports.writers.xlsx_file import to_xlsx
from projects.reports.writers.xlsx_plain import to_xlsx_plain

URL = os.environ.get("DATABASE_URL", "postgres://root@127.0.0.1:5432/test")
ROUNDS = 3
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


def database_rows(limit: int) -> Callable[[], Iterator[Row]]:
    def rows() -> Iterator[Row]:
        with psycopg.connect(URL) as connection, connection.cursor("bench", binary=True) as cursor:
            cursor.itersize = 4000
            cursor.execute(SELECT + str(limit))
            yield from cursor

    return rows


def table_of(limit: int) -> Table:
    return Table("bench", "Bench", COLUMNS, database_rows(limit), dt.date(2026, 11, 24), FACTS)


def by_copy(limit: int, path: Path) -> None:
    command = f"COPY ({SELECT}{limit}) TO STDOUT (FORMAT csv, HEADER)"
    with (
        psycopg.connect(URL) as connection,
        connection.cursor().copy(command) as copy,
        path.open("wb") as out,
    ):
        for part in copy:
            out.write(part)


def by_copied(limit: int, path: Path) -> None:
    """The product's way for huge tables: totals and rows in one snapshot, formatted by the database."""
    names = {column.key: column.key for column in COLUMNS}
    source = f"FROM ({SELECT}{limit}) rows"
    with psycopg.connect(URL) as connection, connection.cursor() as cursor, path.open("wb") as out:
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
}
SLOW = {"xlsxwriter", "xlsx"}


def measured(name: str, rows: int) -> tuple[float, float]:
    """Rows a second and peak MB of one case in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, str(rows), name], capture_output=True, text=True, check=True
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
    with psycopg.connect(URL, autocommit=True) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {TABLE}, {PEOPLE}")
        connection.execute(MAKE_PEOPLE)
        connection.execute(MAKE.replace("%s", str(rows)))
        connection.execute(f"ANALYZE {PEOPLE}")
        connection.execute(f"ANALYZE {TABLE}")
        try:
            check_same_bytes(min(rows, 20_000))
            rates: dict[str, list[float]] = {name: [] for name in CASES}
            peaks: dict[str, float] = dict.fromkeys(CASES, 0.0)
            for _ in range(ROUNDS):
                for name in CASES:
                    rate, peak = measured(name, rows // XLSX_SHARE if name in SLOW else rows)
                    rates[name].append(rate)
                    peaks[name] = max(peaks[name], peak)
        finally:
            connection.execute(f"DROP TABLE {TABLE}, {PEOPLE}")
    for name in CASES:
        print(f"{name:12} {statistics.median(rates[name]):12,.0f} rows/s {peaks[name]:8.0f} MB")
    paired = {
        "csv_vs_copy": ("csv", "copy"),
        "csv_python_vs_copy": ("csv_python", "copy"),
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
