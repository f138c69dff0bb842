"""Files of hours, cases and groups are read as they stand, and their weeks are folded around the asked origin."""

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from projects.domain.errors import UnableToEstimate
from projects.impact.replay import (
    Case,
    GroupCase,
    HoursRows,
    answer_panel,
    main_projects,
    panel_name,
    read_cases,
    read_groups,
    read_hours,
    weekly_grid,
)

MONDAY = date(2024, 1, 1)
HEAD = "worker,date,project,hours\n"


def written(folder: Path, text: str, name: str = "clock.csv") -> Path:
    path = folder / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


def test_rows_of_hours_become_columns_with_sorted_names(tmp_path: Path) -> None:
    text = (
        "\ufeff"
        + HEAD
        + "w2,2024-01-02,p2,8\nw1,2024-01-01,p1,7.5\nw2,2024-01-01,p1,0\nw1,2024-01-03,p2,168\n"
    )
    for name in ("clock.csv", "clock.csv.gz"):
        rows = read_hours(written(tmp_path, text, name))
        assert (rows.name, rows.workers, rows.projects) == ("clock", ("w1", "w2"), ("p1", "p2"))
        assert rows.worker.tolist() == [1, 0, 1, 0]
        assert rows.project.tolist() == [1, 0, 0, 1]
        assert [date.fromordinal(day).day for day in rows.day.tolist()] == [2, 1, 1, 3]
        assert rows.hours.tolist() == [8, 7.5, 0, 168]


def test_a_panel_is_named_by_its_file() -> None:
    assert [panel_name(Path(name)) for name in ("a/clock.csv.gz", "clock.csv", "clock.gz", "clock")] == [
        "clock"
    ] * 4


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("worker,day\n", "no column date, project, hours"),
        ("", "no column worker, date, project, hours"),
        (HEAD, "no rows"),
        (HEAD + "w,2024-01-01,p,169\n", "line 2: 169 hours on one day"),
        (HEAD + "w,2024-01-01,p,8\nw,2024-01-01,p,-1\n", "line 3: -1 hours on one day"),
        (HEAD + "w,2024-01-01,p,nan\n", "line 2: nan hours on one day"),
        (HEAD + "w,2024-01-01,p,x\n", "line 2: could not convert string to float: 'x'"),
        (HEAD + "w,yesterday,p,8\n", "line 2: Invalid isoformat string: 'yesterday'"),
    ],
)
def test_a_file_of_hours_that_cannot_be_read_says_where(tmp_path: Path, text: str, why: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UnableToEstimate) as refused:
        read_hours(path)
    assert str(refused.value) in {f"{path}: {why}", f"{path}, {why}"}


def test_a_file_that_is_no_text_or_is_cut_off_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "binary.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress((HEAD + "w,2024-01-01,p,8\n" * 500).encode())[:60])
    for path in (binary, cut):
        with pytest.raises(UnableToEstimate, match="not a readable CSV file"):
            read_hours(path)
    with pytest.raises(UnableToEstimate) as refused:
        read_hours(tmp_path / "none.csv")
    assert str(refused.value) == f"{tmp_path / 'none.csv'}: No such file or directory"


def test_cases_and_groups_are_read_with_a_project_or_without(tmp_path: Path) -> None:
    cases = written(
        tmp_path, "panel,worker,origin,weeks,project\nclock,w1,2024-01-29,1,p1\nclock,w2,2024-01-29,52\n"
    )
    assert read_cases(cases) == [
        Case("clock", "w1", date(2024, 1, 29), 1, "p1"),
        Case("clock", "w2", date(2024, 1, 29), 52, ""),
    ]
    assert read_cases(written(tmp_path, "panel,worker,origin,weeks\nclock,w1,2024-01-29,4\n")) == [
        Case("clock", "w1", date(2024, 1, 29), 4)
    ]
    groups = written(tmp_path, "panel,project,origin,weeks\nclock,p1,2024-01-29,4\n")
    assert read_groups(groups) == [GroupCase("clock", "p1", date(2024, 1, 29), 4)]


@pytest.mark.parametrize(
    ("origin", "weeks", "why"),
    [
        ("2024-01-29", "0", "0 weeks is outside 1 to 52"),
        ("2024-01-29", "53", "53 weeks is outside 1 to 52"),
        ("2024-01-29", "x", "invalid literal for int() with base 10: 'x'"),
        ("soon", "4", "Invalid isoformat string: 'soon'"),
    ],
)
def test_a_case_that_cannot_be_asked_says_where(tmp_path: Path, origin: str, weeks: str, why: str) -> None:
    cases = written(tmp_path, f"panel,worker,origin,weeks\nclock,w,2024-01-29,4\nclock,w,{origin},{weeks}\n")
    groups = written(tmp_path, f"panel,project,origin,weeks\nclock,p,{origin},{weeks}\n", "groups.csv")
    for read, path, line in ((read_cases, cases, 3), (read_groups, groups, 2)):
        with pytest.raises(UnableToEstimate) as refused:
            read(path)  # type: ignore[operator]
        assert str(refused.value) == f"{path}, line {line}: {why}"


def rows(*entries: tuple[int, int, int, float]) -> HoursRows:
    """Rows of (worker, project, days after Monday, hours) for three workers and three projects."""
    worker, project, day, hours = zip(*entries, strict=True)
    return HoursRows(
        "clock",
        ("w0", "w1", "w2"),
        ("p0", "p1", "p2"),
        np.asarray(worker),
        np.asarray(project),
        np.asarray(day) + MONDAY.toordinal(),
        np.asarray(hours, dtype=np.float64),
    )


def test_rows_are_folded_into_whole_weeks_that_begin_on_the_origins_weekday() -> None:
    some = rows((0, 0, 2, 8), (0, 0, 3, 7), (1, 1, 9, 5), (0, 0, 16, 3), (1, 1, 15, 2))
    panel, first = weekly_grid(some, 0, 0)
    assert (first, panel.hours.tolist()) == (MONDAY.toordinal(), [[15, 0, 0], [0, 5, 0]])
    assert panel.start.tolist() == [0, 1, 2]
    panel, first = weekly_grid(some, 2, 0)
    assert (first, panel.hours.tolist()) == (MONDAY.toordinal() + 2, [[15, 0, 0], [0, 7, 0]])
    panel, first = weekly_grid(some, 3, 0)
    assert (first, panel.hours[:, 0].tolist()) == (MONDAY.toordinal() - 4, [8, 7, 3])


def test_the_weeks_reach_to_the_origin_where_that_is_later() -> None:
    some = rows((0, 0, 0, 8))
    assert [weekly_grid(some, 0, MONDAY.toordinal() + days)[0].weeks for days in (0, 7, 8, 28)] == [
        1,
        1,
        2,
        4,
    ]
    labels = weekly_grid(some, 0, MONDAY.toordinal() + 14)[0].project
    assert labels.tolist() == [[-1, -1, -1], [0, -1, -1], [0, -1, -1]]


def test_the_main_project_is_that_of_most_hours_in_the_eight_weeks_before() -> None:
    some = rows((0, 0, 0, 30), (0, 1, 7, 10), (0, 1, 8, 5), (1, 2, 0, 1), (1, 2, 60, 9))
    week = (some.day - MONDAY.toordinal()) // 7
    assert main_projects(some, week, 0).tolist() == [-1, -1, -1]
    assert main_projects(some, week, 2).tolist() == [0, 2, -1]
    assert main_projects(some, week, 8).tolist() == [0, 2, -1]
    assert main_projects(some, week, 9).tolist() == [1, 2, -1]
    assert main_projects(some, week, 10).tolist() == [-1, 2, -1]


def regular(weeks: int = 12) -> HoursRows:
    """Three workers of forty, twenty and thirty hours a week, the last one on a project of their own."""
    return rows(
        *(
            (w, w // 2, 7 * n + d, h)
            for n in range(weeks)
            for d in range(5)
            for w, h in enumerate((8.0, 4.0, 6.0))
        )
    )


def test_a_case_is_answered_from_the_rows_before_its_origin_and_a_group_by_its_cases() -> None:
    origin = date.fromordinal(MONDAY.toordinal() + 56)
    cases = [
        Case("clock", "w0", origin, 2, "p0"),
        Case("clock", "w1", origin, 2, "p0"),
        Case("clock", "w2", origin, 4, "p1"),
    ]
    groups = [
        GroupCase("clock", "p0", origin, 2),
        GroupCase("clock", "p0", origin, 4),
        GroupCase("clock", "p1", origin, 4),
    ]
    people, sums = answer_panel(regular(), cases, groups, pause_over=False)
    assert [people[case].estimate for case in cases] == pytest.approx([80, 40, 120], rel=0.03)
    assert set(sums) == {groups[0], groups[2]}
    assert sums[groups[0]].estimate == pytest.approx(
        people[cases[0]].estimate + people[cases[1]].estimate, rel=1e-5
    )
    for answer in (*people.values(), *sums.values()):
        assert 0 <= answer.lo95 < answer.lo80 < answer.estimate < answer.hi80 < answer.hi95
    assert sums[groups[0]].hi95 < people[cases[0]].hi95 + people[cases[1]].hi95


def test_origins_of_different_weekdays_and_lengths_are_answered_each_by_its_own_weeks() -> None:
    monday, friday = (date.fromordinal(MONDAY.toordinal() + days) for days in (49, 53))
    cases = [Case("clock", "w0", day, weeks, "p0") for day in (monday, friday) for weeks in (1, 2)]
    groups = [GroupCase("clock", "p0", friday, 1)]
    people, sums = answer_panel(regular(), cases, groups, pause_over=False)
    assert [people[case].estimate for case in cases] == pytest.approx([40, 80, 40, 80], rel=0.03)
    assert sums[groups[0]].estimate == pytest.approx(people[cases[2]].estimate)


def test_what_cannot_be_asked_of_a_panel_is_said() -> None:
    with pytest.raises(UnableToEstimate) as refused:
        answer_panel(regular(), [Case("clock", "w9", MONDAY, 1)], [], pause_over=False)
    assert str(refused.value) == "panel clock: no rows of worker w9"
    for origin in (MONDAY, date.fromordinal(MONDAY.toordinal() - 7)):
        with pytest.raises(UnableToEstimate) as refused:
            answer_panel(regular(), [Case("clock", "w0", origin, 1)], [], pause_over=False)
        assert str(refused.value) == "panel clock: an origin lies before the first row"
    assert answer_panel(regular(), [], [], pause_over=False) == ({}, {})


def test_once_the_pause_is_over_the_weeks_of_other_projects_are_looked_at() -> None:
    origin = date.fromordinal(MONDAY.toordinal() + 56)
    calm = regular()
    hours = np.where((calm.day >= origin.toordinal()) & (calm.project == 1), 1.0, calm.hours)
    idle = HoursRows(calm.name, calm.workers, calm.projects, calm.worker, calm.project, calm.day, hours)
    case = Case("clock", "w0", origin, 2)
    found = [answer_panel(some, [case], [], pause_over=over)[0][case].estimate for some, over in
             ((calm, False), (idle, False), (calm, True), (idle, True))]  # fmt: skip
    assert found[0] == found[1]
    assert found[2] == pytest.approx(found[0])
    assert found[3] < found[2]
