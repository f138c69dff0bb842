"""People and open seats: what may follow what, how skills are written, how rates compare."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.domain.errors import UnableToEngage
from projects.domain.seats import FOLLOWS, compare_rates, may_become, skill_named, skills_named

WAYS = {
    (None, "interested"), (None, "offered"), ("interested", "offered"), ("interested", "withdrawn"),
    ("offered", "accepted"), ("offered", "declined"), ("offered", "withdrawn"), ("declined", "interested"),
    ("declined", "offered"), ("withdrawn", "interested"), ("withdrawn", "offered"),
}  # fmt: skip
STATES = ("interested", "offered", "accepted", "declined", "withdrawn")


@pytest.mark.parametrize("state", [None, *STATES])
@pytest.mark.parametrize("following", STATES)
def test_a_candidacy_goes_only_the_ways_of_the_table(state: str | None, following: str) -> None:
    assert may_become(state, following) is ((state, following) in WAYS)


def test_the_table_speaks_of_every_state() -> None:
    assert tuple(FOLLOWS) == STATES


def test_skills_are_kept_lower_case_with_single_spaces_each_once_in_order() -> None:
    assert skill_named("  Audio \n\t Annotation ") == "audio annotation"
    assert skills_named(["Tagalog", "audio  annotation", " TAGALOG", "  "]) == ("audio annotation", "tagalog")


def test_forty_skills_of_sixty_characters_will_do_and_one_more_of_either_is_refused() -> None:
    longest = ["x" * 58 + f"{number:02d}" for number in range(40)]
    assert len(skills_named(longest)) == 40

    with pytest.raises(UnableToEngage) as many:
        skills_named([*longest, "one more"])
    with pytest.raises(UnableToEngage) as long:
        skills_named(["abcdefghijklmnopqrstu" + "v" * 40])

    assert (many.value.field, many.value.message) == ("skills", "Name at most 40 skills.")
    assert (long.value.field, long.value.message) == (
        "skills",
        "“abcdefghijklmnopqrst…” is too long for a skill; at most 60 characters.",
    )


@pytest.mark.parametrize(
    ("own", "lowest", "highest", "low", "high", "direction"),
    [
        (20, 19, None, -500, -500, "lower"),
        (20, 20, None, 0, 0, "same"),
        (20, 20, 21, 0, 500, "higher"),
        (20, 21, 22, 500, 1_000, "higher"),
        (20, 18, 20, -1_000, 0, "lower"),
        (20, 18, 22, -1_000, 1_000, "either"),
        (1, 2, None, 10_000, 10_000, "higher"),
    ],
)
def test_a_seat_s_range_is_compared_with_what_a_person_has(
    own: int, lowest: int, highest: int | None, low: int, high: int, direction: str
) -> None:
    compared = compare_rates(own=own * 10**6, lowest=lowest * 10**6, highest=highest and highest * 10**6)

    assert compared is not None
    assert (compared.own_millionths, compared.lowest_bp, compared.highest_bp) == (own * 10**6, low, high)
    assert compared.direction == direction


@given(st.integers(max_value=0), st.integers(0, 10**9))
def test_nothing_is_compared_with_no_rate(own: int, lowest: int) -> None:
    assert compare_rates(own=own, lowest=lowest, highest=None) is None
