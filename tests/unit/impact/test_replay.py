"""Back-test cases through the command: the right columns, nothing from the future, clear refusals."""

import csv
import gzip
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

FIRST = date(2024, 1, 1)
ORIGIN = FIRST + timedelta(weeks=30)


def write_rows(path: Path, *, after_origin: float = 8.0, weeks: int = 40) -> Path:
    """Twelve people of two projects on weekdays; what happens after the origin is a parameter."""
    with gzip.open(path, "wt", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["worker", "date", "project", "hours"])
        for day in (FIRST + timedelta(days=n) for n in range(weeks * 7)):
            if day.weekday() < 5:
                for worker in range(12):
                    hours = 4 + worker % 5 if day < ORIGIN else after_origin
                    writer.writerow([f"w{worker}", day.isoformat(), f"p{worker % 2}", hours])
    return path


def write_cases(path: Path, workers: int = 12) -> Path:
    lines = ["panel,worker,origin,weeks,project"]
    lines += [
        f"clock,w{worker},{ORIGIN},{weeks},p{worker % 2}" for worker in range(workers) for weeks in (1, 4)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def answers(tmp_path: Path, rows: Path, *options: str) -> list[dict[str, str]]:
    out = tmp_path / "out.csv"
    call_command(
        "backtest_impact",
        str(rows),
        "--cases",
        str(write_cases(tmp_path / "cases.csv")),
        "--out",
        str(out),
        *options,
    )
    with out.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_case_is_answered_with_nested_ranges(tmp_path: Path) -> None:
    got = answers(tmp_path, write_rows(tmp_path / "clock.csv.gz"))
    assert len(got) == 24
    for row in got:
        assert float(row["lo95"]) <= float(row["lo80"]) <= float(row["hi80"]) <= float(row["hi95"])
        usual = 5 * (4 + int(row["worker"][1:]) % 5) * int(row["weeks"])
        assert float(row["estimate"]) == pytest.approx(usual, rel=0.05)


def test_what_happens_after_the_origin_changes_no_answer(tmp_path: Path) -> None:
    calm = answers(tmp_path, write_rows(tmp_path / "clock.csv.gz"))
    wild = answers(tmp_path, write_rows(tmp_path / "clock.csv.gz", after_origin=16))
    cut = answers(tmp_path, write_rows(tmp_path / "clock.csv.gz", weeks=30))
    assert calm == wild == cut


def test_once_the_pause_is_over_other_projects_count_and_the_own_one_does_not(tmp_path: Path) -> None:
    calm = answers(tmp_path, write_rows(tmp_path / "clock.csv.gz"), "--pause-over")
    idle = answers(tmp_path, write_rows(tmp_path / "clock.csv.gz", after_origin=1), "--pause-over")
    assert sum(float(row["estimate"]) for row in idle) < sum(float(row["estimate"]) for row in calm)


def test_projects_are_answered_as_sums_of_their_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    groups, out = tmp_path / "groups.csv", tmp_path / "sums.csv"
    groups.write_text(f"panel,project,origin,weeks\nclock,p0,{ORIGIN},4\n", encoding="utf-8")
    rows = write_rows(tmp_path / "clock.csv.gz")
    people = answers(tmp_path, rows, "--groups", str(groups), "--out-groups", str(out), "--json")
    with out.open(encoding="utf-8") as stream:
        (total,) = csv.DictReader(stream)
    own = [
        float(row["estimate"]) for row in people if row["weeks"] == "4" and int(row["worker"][1:]) % 2 == 0
    ]
    assert float(total["estimate"]) == pytest.approx(sum(own), rel=1e-4)
    assert json.loads(capsys.readouterr().out)["groups"] == 1


@pytest.mark.parametrize(
    ("rows", "cases", "said"),
    [
        ("worker,date,project\n", "panel,worker,origin,weeks\n", "no column hours"),
        ("worker,date,project,hours\nw,2024-13-01,p,8\n", "panel,worker,origin,weeks\n", "line 2"),
        (
            "worker,date,project,hours\nw,2024-01-01,p,8\n",
            "panel,worker,origin,weeks\nclock,v,2024-02-05,4\n",
            "worker v",
        ),
        (
            "worker,date,project,hours\nw,2024-01-01,p,8\n",
            "panel,worker,origin,weeks\nother,w,2024-02-05,4\n",
            "other",
        ),
        (
            "worker,date,project,hours\nw,2024-01-01,p,8\n",
            "panel,worker,origin,weeks\nclock,w,2023-02-06,4\n",
            "before",
        ),
        (
            "worker,date,project,hours\nw,2024-01-01,p,8\n",
            "panel,worker,origin,weeks\nclock,w,2024-02-05,x\n",
            "line 2",
        ),
    ],
)
def test_bad_input_gets_one_clear_line(tmp_path: Path, rows: str, cases: str, said: str) -> None:
    hours, asked = tmp_path / "clock.csv", tmp_path / "cases.csv"
    hours.write_text(rows, encoding="utf-8")
    asked.write_text(cases, encoding="utf-8")
    if said == "before":
        said = "lies before the first row"
    with pytest.raises(CommandError, match=said):
        call_command("backtest_impact", str(hours), "--cases", str(asked), "--out", str(tmp_path / "out.csv"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.csv: No such file"):
        call_command(
            "backtest_impact",
            str(tmp_path / "clock.csv"),
            "--cases",
            str(tmp_path / "none.csv"),
            "--out",
            "out.csv",
        )
