"""What a file has stated before is remembered exactly, in little memory, however long the file."""

import random

import pytest

from projects.imports.seen import Overlaps, SeenTable


def test_a_key_is_new_once() -> None:
    seen = SeenTable()
    assert [seen.add(key) for key in (7, 8, 7, 2**64 - 1, 2**64 - 1)] == [True, True, False, True, False]


def test_zero_is_a_key_like_any_other() -> None:
    seen = SeenTable()
    assert [seen.add(0), seen.add(0)] == [True, False]


def test_keys_that_want_the_same_place_are_kept_apart() -> None:
    seen = SeenTable()
    keys = [at << 20 | place for place in (5, (1 << 14) - 1) for at in range(50)]
    assert all(seen.add(key) for key in keys)
    assert not any(seen.add(key) for key in keys)


def test_fifty_thousand_keys_are_told_from_new_ones_after_the_table_grew() -> None:
    drawn = random.Random(3)
    keys = [drawn.getrandbits(64) for _ in range(50_000)]
    seen = SeenTable()
    assert sum(map(seen.add, keys)) == len(set(keys))
    assert not any(map(seen.add, keys))


@pytest.mark.parametrize(
    ("start", "end", "is_over"),
    [
        (9, 10, False),
        (13, 14, False),
        (9, 11, True),
        (11, 12, True),
        (12, 20, True),
        (8, 20, True),
        (10, 13, True),
    ],
)
def test_an_entry_lies_over_another_when_they_share_time(start: int, end: int, is_over: bool) -> None:
    overlaps = Overlaps()
    assert not overlaps.add("ana", 1, 10, 13)
    assert overlaps.add("ana", 1, start, end) is is_over


def test_other_people_and_other_days_are_no_matter() -> None:
    overlaps = Overlaps()
    assert [overlaps.add(who, day, 10, 13) for who, day in (("ana", 1), ("bo", 1), ("ana", 2))] == [False] * 3


def test_the_latest_days_of_a_long_file_are_remembered_and_the_oldest_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Overlaps, "GENERATION", 3)
    overlaps = Overlaps()
    for day in range(1, 5):
        overlaps.add("ana", day, 10, 13)
    assert [overlaps.add("ana", day, 10, 13) for day in (2, 3)] == [True, True]
    for day in range(5, 11):
        overlaps.add("ana", day, 10, 13)
    assert overlaps.add("ana", 1, 10, 13) is False


def test_a_day_of_many_entries_is_held_against_its_first_sixty() -> None:
    overlaps = Overlaps()
    for at in range(61):
        overlaps.add("ana", 1, at * 10, at * 10 + 5)
    assert overlaps.add("ana", 1, 590, 591)
    assert not overlaps.add("ana", 1, 600, 601)
