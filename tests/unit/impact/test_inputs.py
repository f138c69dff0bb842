"""Facts that an estimate is made from are refused where they cannot be, and kept as they are where they can."""

from datetime import date

import numpy as np
import pytest

from projects.impact.inputs import History
from projects.impact.panel import PanelWeeks, ahead

DAY = date(2026, 3, 2)


def test_a_history_is_sorted_by_date_and_dates_that_occur_twice_are_added_up() -> None:
    found = History.from_days([(date(2026, 3, 3), 60, 2), (DAY, 30, 1), (date(2026, 3, 3), 40, 5)])
    assert found.ordinals.tolist() == [DAY.toordinal(), DAY.toordinal() + 1]
    assert (found.seconds.tolist(), found.tasks.tolist()) == ([30, 100], [1, 7])
    assert {found.ordinals.dtype, found.seconds.dtype, found.tasks.dtype} == {np.dtype(np.int32)}


def test_a_history_without_tasks_counts_none_and_an_empty_one_nothing() -> None:
    assert History.from_columns([5], [60]).tasks.tolist() == [0]
    nothing = History.empty()
    assert (len(nothing.ordinals), len(nothing.seconds), len(nothing.tasks)) == (0, 0, 0)


@pytest.mark.parametrize(("seconds", "tasks"), [([1, 2], None), ([1], [1, 2]), ([1], [])])
def test_a_history_whose_columns_differ_in_length_is_refused(
    seconds: list[int], tasks: list[int] | None
) -> None:
    with pytest.raises(ValueError, match=r"^history columns differ in length$"):
        History.from_columns([5], seconds, tasks)


@pytest.mark.parametrize(("seconds", "tasks"), [([-1], [0]), ([0], [-1])])
def test_a_negative_figure_is_refused(seconds: list[int], tasks: list[int]) -> None:
    assert History.from_columns([5], [0], [0]).seconds.tolist() == [0]
    with pytest.raises(ValueError, match=r"^history holds a negative figure$"):
        History.from_columns([5], seconds, tasks)


HOURS = np.arange(12, dtype=np.float32).reshape(4, 3)
START = np.zeros(3, np.int32)
PROJECT = np.asarray([0, 1, 2], np.int32)


def test_a_panel_tells_its_weeks_people_and_who_is_on_which_project_when() -> None:
    panel = PanelWeeks(HOURS, START, PROJECT)
    assert (panel.weeks, panel.people) == (4, 3)
    assert panel.project_at(2).tolist() == [0, 1, 2]
    moving = PanelWeeks(HOURS, START, np.arange(15, dtype=np.int32).reshape(5, 3))
    assert moving.project_at(2).tolist() == [6, 7, 8]
    assert moving.take(slice(1, 3)).project_at(2).tolist() == [7, 8]


def test_the_weeks_of_some_people_are_theirs_alone() -> None:
    share = HOURS / 12
    some = PanelWeeks(HOURS, np.asarray([0, 1, 2], np.int32), PROJECT, share.astype(np.float32)).take(
        slice(1, 3)
    )
    assert some.hours.tolist() == [[1, 2], [4, 5], [7, 8], [10, 11]]
    assert (some.start.tolist(), some.project.tolist()) == ([1, 2], [1, 2])
    assert some.available is not None
    assert some.available.tolist() == share[:, 1:].tolist()
    assert PanelWeeks(HOURS, START, PROJECT).take(slice(0, 1)).available is None


def test_a_panel_whose_columns_do_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^start has shape \(2,\), expected \(3,\)$"):
        PanelWeeks(HOURS, START[:2], PROJECT)
    with pytest.raises(ValueError, match=r"^project has shape \(4, 3\)$"):
        PanelWeeks(HOURS, START, np.zeros((4, 3), np.int32))
    with pytest.raises(ValueError, match=r"^available has shape \(3, 3\)$"):
        PanelWeeks(HOURS, START, PROJECT, HOURS[:3])


def test_hours_ahead_are_summed_over_whole_stretches_and_unknown_past_the_last_week() -> None:
    found = ahead(PanelWeeks(HOURS, START, PROJECT), 2, 1, 5)
    assert found[0].tolist() == [9, 11, 13]
    assert found[1].tolist() == [15, 17, 19]
    assert np.isnan(found[2:]).all()
    assert found.shape == (4, 3)


def test_hours_ahead_are_brought_up_to_the_whole_where_seven_tenths_of_a_stretch_count() -> None:
    share = np.ones((4, 3), np.float32)
    share[0] = [0.5, 0.4, 0.25]
    found = ahead(PanelWeeks(HOURS, START, PROJECT, share), 2, 0, 1)
    assert found[0, 0] == pytest.approx(3 / 0.75)
    assert found[0, 1] == pytest.approx(5 / 0.7)
    assert np.isnan(found[0, 2])
