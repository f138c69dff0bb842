"""The rows that were refused come back as a file: the same columns, and one more that says what is wrong."""

import csv
import io

import pytest

from projects.imports.rejects import write_rejects
from projects.imports.rows import ReadOptions

HEAD = "Date,Client,Project,Task,Notes,Hours,First Name,Last Name\n"


def rejects(text: str, reasons: dict[int, str]) -> tuple[int, list[list[str]]]:
    out = io.StringIO()
    count = write_rejects(io.BytesIO(text.encode()), options=ReadOptions(), reasons=reasons, out=out)
    return count, list(csv.reader(io.StringIO(out.getvalue())))


def test_only_the_named_lines_come_back_each_with_its_reason_in_the_last_column() -> None:
    text = f"Detailed report\n{HEAD}2026-03-02,O,C,a,,x,Ana,Sá\n2026-03-03,O,C,a,,1,Ana,Sá\n2026-03-04,O,C\n"
    count, rows = rejects(text, {3: "No hours.", 5: "Too short.", 99: "Not there."})
    assert count == 2
    assert rows == [
        ["Date", "Client", "Project", "Task", "Notes", "Hours", "First Name", "Last Name", "What is wrong"],
        ["2026-03-02", "O", "C", "a", "", "x", "Ana", "Sá", "No hours."],
        ["2026-03-04", "O", "C", "", "", "", "", "", "Too short."],
    ]


def test_a_file_without_refused_rows_comes_back_as_its_header_alone() -> None:
    assert rejects(HEAD + "2026-03-02,O,C,a,,1,Ana,Sá\n", {}) == (
        0,
        [[*HEAD.strip().split(","), "What is wrong"]],
    )


@pytest.mark.parametrize("cell", ["=1+1", " =1", "@SUM(A1)", "+A1", "-A1", "- 1", "\t=1"])
def test_a_cell_that_a_spreadsheet_would_run_comes_back_as_text(cell: str) -> None:
    _, rows = rejects(f"{HEAD}2026-03-02,O,{cell},a,,x,Ana,Sá\n", {2: "No hours."})
    assert rows[1][2] == f"'{cell}"


@pytest.mark.parametrize("cell", ["-1", "+1,5", "-0:30", "a=b", "10-12"])
def test_figures_with_a_sign_come_back_as_they_were(cell: str) -> None:
    _, rows = rejects(f'{HEAD}2026-03-02,O,"{cell}",a,,x,Ana,Sá\n', {2: "No hours."})
    assert rows[1][2] == cell
