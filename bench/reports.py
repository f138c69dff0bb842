"""Measures the files of kept reports beside PostgreSQL's COPY TO STDOUT and XlsxWriter's constant-memory mode.

Usage: python -m bench.reports [ROWS] (default 1,000,000). Makes a database of its own on the server of DATABASE_URL
(or one it finds), with two tables of rows, and drops it again. Rows are pulled once, as a report is: read, checked,
added up and kept. Every file is then written from the kept run, as a person gets it, peers and product alternating for
three rounds; ratios are medians of the rounds' ratios, and JSON and PDF are written once. Peak memory is that of a
fresh process a format, the whole product loaded, or of what it starts. Ends with one JSON line.
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
from tests.services.postgres import usable_server

os.environ.setdefault("DATABASE_URL", usable_server())
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contractorhub.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

import psycopg  # noqa: E402
import xlsxwriter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import get_runner  # noqa: E402

from projects.models import ReportRun  # noqa: E402
from projects.operations.reports import RunFacts, pull_report  # noqa: E402
from projects.reports.drafts import Draft  # noqa: E402
from projects.reports.files import FORMATS, write_file  # noqa: E402
from projects.reports.frozen import freeze, table_of_run  # noqa: E402
from projects.reports.table import Column, Facts, Kind, Row, Table, Total  # noqa: E402
from projects.reports.writers.csv_file import guarded  # noqa: E402

ROUNDS = 3
# What is formatted to be read by people is not a million rows long; XlsxWriter is slow, and rates are compared.
SHARE = 20
AT = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)
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
SELECT = f"SELECT {NAMES.replace(' ', ', ')} FROM {TABLE} JOIN {PEOPLE} ON id = person LIMIT "
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
DRAFT = Draft(COLUMNS, (), ("client", "project", "contractor", "week_on"), "Rows of a bench.")


def raw() -> psycopg.Connection:
    """A connection of the driver's own to the database that is measured."""
    return psycopg.connect(os.environ["BENCH_DATABASE"])


def database_rows(limit: int) -> Callable[[], Iterator[Row]]:
    """The rows as they stream from the database."""

    def rows() -> Iterator[Row]:
        with raw() as opened, opened.cursor("bench", binary=True) as cursor:
            cursor.itersize = 4000
            cursor.execute(SELECT + str(limit))
            yield from cursor

    return rows


def kept(limit: int) -> ReportRun:
    """Pull the rows as a report and keep it; a shorter report has subtotals."""
    groups = ("client", "project") if limit <= 50_000 else ()
    table = Table(
        "bench", "Bench", COLUMNS, database_rows(limit), AT.date(), Facts(AT, "bench"), groups=groups
    )

    def build() -> RunFacts:
        frozen = freeze(table, DRAFT)
        return RunFacts(
            "bench", "", frozen.figures.checksum, frozen.figures.rows, frozen.document, frozen.blocks
        )

    return pull_report(name="bench", parameters={"rows": limit}, as_of=AT.date(), build=build, by=None, at=AT)


def by_copy(limit: int, path: Path) -> None:
    """PostgreSQL by itself."""
    command = f"COPY ({SELECT}{limit}) TO STDOUT (FORMAT csv, HEADER)"
    with raw() as opened, opened.cursor().copy(command) as copy, path.open("wb") as out:
        for part in copy:
            out.write(part)


def by_xlsxwriter(limit: int, path: Path) -> None:
    """The library by itself: typed cells in constant-memory mode, as its manual shows."""
    workbook = xlsxwriter.Workbook(
        path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd", "remove_timezone": True}
    )
    sheet = workbook.add_worksheet()
    for number, row in enumerate(database_rows(limit)(), start=1):
        sheet.write_row(number, 0, row)
    workbook.close()


def by_product(name: str) -> Callable[[int, Path], None]:
    """A file of the kept run."""

    def write(limit: int, path: Path) -> None:
        run = ReportRun.objects.get(name="bench", parameters__rows=limit)
        write_file(table_of_run(run), FORMATS[name], path)

    return write


CASES: dict[str, Callable[[int, Path], object]] = {
    "pull": lambda limit, _: kept(limit),
    "copy": by_copy,
    "csv": by_product("csv"),
    "xlsx": by_product("xlsx"),
    "formatted": by_product("xlsx"),
    "xlsxwriter": by_xlsxwriter,
    "json": by_product("json"),
    "pdf": by_product("pdf"),
}
SHORT = {"xlsxwriter", "formatted"}
ONCE = {"pull", "json", "pdf"}
PEERS = {"copy", "xlsxwriter"}


def measured(name: str, rows: int) -> tuple[float, float]:
    """Rows a second and peak MB of one case in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, str(rows), name], capture_output=True, text=True, check=True
    )  # fmt: skip
    seconds, peak = json.loads(done.stdout)
    return rows / seconds, peak


def one_case(name: str, rows: int) -> None:
    """What a process of its own does."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        CASES[name](rows, Path(folder) / "out")
        seconds = time.perf_counter() - start
    used = [resource.getrusage(whose).ru_maxrss for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps([seconds, max(used) / 1024]))


def check_guarded(rows: int) -> None:
    """The file of the kept run has every row, and its hostile texts with the apostrophe before them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "csv"
        by_product("csv")(rows, path)
        text = path.read_bytes().decode()
    assert text.count("\n") == rows + 2, "a row is missing"
    for hostile in ("=1+1", " @sum", "\t-"):
        assert f",{guarded(hostile)}," in text, hostile
        assert f",{hostile}," not in text, hostile


def measure(rows: int) -> None:
    """Alternate peers and product, and print what came of it."""
    rates: dict[str, list[float]] = {name: [] for name in CASES}
    peaks: dict[str, float] = dict.fromkeys(CASES, 0.0)
    kept(rows // SHARE)
    for number in range(ROUNDS):
        for name in [name for name in CASES if number == 0 or name not in ONCE]:
            rate, peak = measured(name, rows // SHARE if name in SHORT else rows)
            rates[name].append(rate)
            peaks[name] = max(peaks[name], peak)
    check_guarded(rows)
    for name in CASES:
        print(f"{name:12} {statistics.median(rates[name]):12,.0f} rows/s {peaks[name]:8.0f} MB")
    paired = {
        "csv_vs_copy": ("csv", "copy"),
        "xlsx_vs_xlsxwriter": ("xlsx", "xlsxwriter"),
        "formatted_vs_xlsxwriter": ("formatted", "xlsxwriter"),
    }
    figures = {
        key: round(statistics.median(ours / peer for ours, peer in zip(rates[a], rates[b], strict=True)), 2)
        for key, (a, b) in paired.items()
    }
    pulled = {"pull_vs_copy": round(rates["pull"][0] / rates["copy"][0], 2)}
    peak = {"peak_mb": round(max(peaks[name] for name in CASES if name not in PEERS))}
    print(json.dumps(figures | pulled | peak))


def main() -> None:
    """Make the database, measure, drop it."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        one_case(sys.argv[2], rows)
        return
    if connection.vendor != "postgresql":
        sys.exit("This bench wants PostgreSQL: name one in DATABASE_URL.")
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        os.environ["DATABASE_URL"] = os.environ["BENCH_DATABASE"] = (
            f"{server}/{connection.settings_dict['NAME']}"
        )
        with raw() as opened:
            opened.execute(MAKE_PEOPLE)
            opened.execute(MAKE.replace("%s", str(rows)))
            opened.execute(f"ANALYZE {PEOPLE}, {TABLE}")
        measure(rows)
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
