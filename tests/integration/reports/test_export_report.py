"""The command writes what was pulled, the same bytes each time, and refuses in one line with what is allowed."""

import csv
import tomllib
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command

from projects.reports.catalogue import REPORTS
from projects.reports.version import CODE_VERSION
from tests.integration.reports.test_runs import ana_worked_after_all
from tests.integration.reports.world import AS_OF, AT, Firm, go_on, make_firm, tell

pytestmark = pytest.mark.django_db
GOLDEN = Path(__file__).parent / "golden"
GOLDEN_RUNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("income-impact", ("--by", "client,project,currency,week", "--in", "EUR")),
    ("promises", ()),
    ("exposure", ("--set", "weeks=2")),
    ("data-quality", ("--set", "quiet_days=7")),
    ("pause-register", ()),
    ("concentration", ()),
    ("remaining-length", ()),
    ("estimate-accuracy", ()),
    ("reference-pay", ("--by", "contractor")),
    ("obligations", ("--by", "contractor")),
    ("redeployment", ()),
    ("paused-hours", ()),
    ("deliveries", ()),
    ("period-ledger", ("--by", "kind,client,project,week")),
    ("journal", ("--set", "lost_account=Memo, lost", "--set", "offset_account=Memo")),
)


@pytest.fixture(scope="module")
def kept_firm(kept_rows: Callable[[], AbstractContextManager[None]]) -> Firm:
    """Five people, three pauses, and what was said, offered, logged and closed about them."""
    with kept_rows():
        found = make_firm()
        tell(found)
        go_on(found)
        return found


@pytest.fixture
def firm(kept_firm: Firm) -> Firm:
    """The firm, for one test to do with as it likes."""
    return deepcopy(kept_firm)


def export(*words: object) -> str:
    """What the command says at noon of the tests' day."""
    out = StringIO()
    with time_machine.travel(AT, tick=False):
        call_command("export_report", *map(str, words), stdout=out)
    return out.getvalue()


def without_numbers(text: str) -> str:
    """The same rows without the numbers that a database gives its rows: they differ from one to the next."""
    rows = list(csv.reader(text.splitlines()))
    given = [
        position for position, name in enumerate(rows[0]) if name in {"No.", "Pause", "Seat no.", "Entry no."}
    ]
    for row in rows[1:]:
        for position in given:
            row[position] = "#" if row[position] else ""
    return "\n".join(",".join(row) for row in rows) + "\n"


def test_every_report_has_a_golden_run() -> None:
    assert sorted(report for report, _ in GOLDEN_RUNS) == sorted(report.name for report in REPORTS)


@pytest.mark.parametrize(("report", "options"), GOLDEN_RUNS)
def test_a_report_is_the_golden_one_on_every_database(
    report: str, options: tuple[str, ...], firm: Firm, tmp_path: Path
) -> None:
    path = tmp_path / "report.csv"
    export(report, "--format", "csv", "--as-of", AS_OF, "--output", path, *options)
    found = without_numbers(path.read_bytes().decode("utf-8-sig"))
    assert found == (GOLDEN / f"{report}.csv").read_text()


@pytest.mark.parametrize("written_as", ["csv", "json", "pdf", "xlsx"])
def test_exported_again_after_new_hours_the_file_is_the_same(
    written_as: str, firm: Firm, tmp_path: Path
) -> None:
    first, again = tmp_path / f"first.{written_as}", tmp_path / f"again.{written_as}"
    said = export("income-impact", "--format", written_as, "--as-of", AS_OF, "--output", first)
    ana_worked_after_all(firm)
    assert (
        export("income-impact", "--format", written_as, "--as-of", AS_OF, "--output", again).split(" rows")[1]
        == (said.split(" rows")[1])
    )
    assert again.read_bytes() == first.read_bytes()
    fresh = tmp_path / f"fresh.{written_as}"
    export("income-impact", "--format", written_as, "--as-of", AS_OF, "--output", fresh, "--fresh")
    assert fresh.read_bytes() != first.read_bytes()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ("profit", "--format", "csv"),
            "There is no report “profit”; choose from income-impact, pause-register",
        ),
        (("promises", "--format", "doc"), "There is no format “doc”; choose from csv, xlsx, pdf, json"),
        (("promises", "--format", "csv", "--by", "week"), "promises takes no “by”; it takes client, project"),
        (("exposure", "--format", "csv", "--set", "weeks=53"), "give a whole number from 1 to 52"),
        (("exposure", "--format", "csv", "--set", "weeks"), "write it as NAME=VALUE"),
        (("promises", "--format", "csv", "--as-of", "2026-04-01"), "the last day is today"),
    ],
)
def test_bad_input_gets_one_line_and_leaves_no_file(
    words: tuple[str, ...], line: str, firm: Firm, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=line) as refused:
        export(*words, "--output", tmp_path / "report")
    assert refused.value.returncode == 1
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_gets_one_line(firm: Firm, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        export("promises", "--format", "csv", "--output", tmp_path / "nowhere" / "report.csv")


def test_the_version_in_a_run_is_that_of_the_product() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
    assert project["version"] == CODE_VERSION
