"""A sample of the changes of a room is the same each time, and spread over its modules as the changes are."""

from collections import Counter

from scripts.mutation import sample

CHANGES = [
    f"room.{module}.x_f__mutmut_{n}"
    for module, count in (("a", 60), ("b", 30), ("c", 10))
    for n in range(count)
]


def test_a_sample_holds_of_each_module_as_many_as_its_share() -> None:
    drawn = sample(CHANGES, 20)

    assert len(set(drawn)) == 20
    assert Counter(change.split(".")[1] for change in drawn) == {"a": 12, "b": 6, "c": 2}


def test_a_sample_is_the_same_whatever_the_order_and_all_where_there_are_no_more() -> None:
    assert sample(CHANGES, 20) == sample(CHANGES[::-1], 20)
    assert sample(CHANGES, 100) == CHANGES
