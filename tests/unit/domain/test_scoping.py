"""A scope reassessment: which outcomes there are and which terms each of them needs."""

from typing import Any

import pytest

from projects.domain.errors import UnableToReassess
from projects.domain.scoping import OUTCOMES, refuse_unfit_outcome

HOURS = {"new_weekly_seconds": 72_000}


@pytest.mark.parametrize(
    ("outcome", "terms"),
    [
        ("unchanged", {}),
        ("cancelled", {"new_weekly_seconds": None, "new_rate_millionths": None, "new_end_on": None}),
        ("reduced", HOURS),
        ("expanded", {"new_rate_millionths": 0, "new_rate_currency": "USD"}),
        ("reduced", {"new_end_on": "2026-04-01"}),
    ],
)
def test_an_outcome_with_the_terms_it_needs_is_taken(outcome: str, terms: dict[str, Any]) -> None:
    refuse_unfit_outcome(outcome=outcome, what_it_means="From Monday it is different.", terms=terms)


@pytest.mark.parametrize(
    ("outcome", "words", "terms", "field", "message"),
    [
        (
            "pending",
            "x",
            {},
            "outcome",
            "“pending” is not an outcome; choose one of cancelled, expanded, reduced, unchanged.",
        ),
        ("reduced", " \n", HOURS, "what_it_means", "Say what the outcome means for contractors."),
        (
            "reduced",
            "x",
            {},
            "new_weekly_seconds",
            "A scope that is reduced needs its new hours, rate or end date.",
        ),
        (
            "expanded",
            "x",
            {},
            "new_weekly_seconds",
            "A scope that is expanded needs its new hours, rate or end date.",
        ),
        (
            "unchanged",
            "x",
            HOURS,
            "new_weekly_seconds",
            "A scope that is unchanged has no new hours, rate or end date.",
        ),
        (
            "cancelled",
            "x",
            {"new_rate_millionths": 1, "new_end_on": "2026-04-01"},
            "new_rate_millionths",
            "A scope that is cancelled has no new hours, rate or end date.",
        ),
        (
            "reduced",
            "x",
            {**HOURS, "new_rate_currency": "USD"},
            "new_rate_currency",
            "A currency needs its new rate; or leave both out.",
        ),
    ],
)
def test_an_outcome_that_does_not_fit_is_refused_by_its_field(
    outcome: str, words: str, terms: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(UnableToReassess) as caught:
        refuse_unfit_outcome(outcome=outcome, what_it_means=words, terms=terms)

    assert (caught.value.field, caught.value.message) == (field, message)


def test_there_are_four_outcomes() -> None:
    assert {"unchanged", "reduced", "expanded", "cancelled"} == OUTCOMES
