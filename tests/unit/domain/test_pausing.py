"""A pause: what may follow what, and what it cannot open without."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from projects.domain.errors import UnableToPause
from projects.domain.pausing import (
    DRAFT,
    ENDED,
    IN_EFFECT,
    MAX_AHEAD,
    MAX_ANSWER_CHARACTERS,
    MAX_BACKDATING,
    QUESTIONS,
    SCHEDULED,
    VOID,
    may_become,
    refuse_impossible_period,
    refuse_unanswered,
    refuse_unfit_kind,
    refuse_unfit_standby,
    state_at_opening,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANSWERS = dict.fromkeys(QUESTIONS, "Not known yet, next word by Friday 17:00")
STATES = (DRAFT, SCHEDULED, IN_EFFECT, ENDED, VOID)
WAYS = {
    (DRAFT, SCHEDULED), (DRAFT, IN_EFFECT), (DRAFT, VOID), (SCHEDULED, IN_EFFECT), (SCHEDULED, VOID),
    (IN_EFFECT, ENDED), (IN_EFFECT, VOID),
}  # fmt: skip


def refused(call: Any, **arguments: Any) -> tuple[str | None, str]:
    with pytest.raises(UnableToPause) as caught:
        call(**arguments)
    return caught.value.field, caught.value.message


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("following", STATES)
def test_a_pause_goes_only_the_ways_of_the_table(state: str, following: str) -> None:
    assert may_become(state, following) is ((state, following) in WAYS)


def test_states_are_named_as_the_record_names_them() -> None:
    assert STATES == ("draft", "scheduled", "in_effect", "ended", "void")


@pytest.mark.parametrize(
    ("later", "state"), [(-SECOND, IN_EFFECT), (0 * SECOND, IN_EFFECT), (SECOND, SCHEDULED)]
)
def test_a_pause_is_scheduled_only_when_it_starts_later_than_now(later: timedelta, state: str) -> None:
    assert state_at_opening(starts_at=AT + later, at=AT) == state


def test_four_answers_of_any_words_will_do() -> None:
    refuse_unanswered(ANSWERS)
    refuse_unanswered(dict.fromkeys(QUESTIONS, "x" * MAX_ANSWER_CHARACTERS))


@pytest.mark.parametrize("field", QUESTIONS)
@pytest.mark.parametrize("blank", ["", "  \n\t", None])
def test_a_blank_answer_is_refused_by_its_question(field: str, blank: str | None) -> None:
    answers = {name: words for name, words in ANSWERS.items() if name != field or blank is not None}
    if blank is not None:
        answers[field] = blank

    named, message = refused(refuse_unanswered, answers=answers)

    assert named == field
    assert message == (
        f"“{QUESTIONS[field]}” has no answer. “Not known yet” is an answer; leaving it blank is not."
    )


@pytest.mark.parametrize("field", QUESTIONS)
def test_an_answer_longer_than_a_slack_section_is_refused_with_both_lengths(field: str) -> None:
    named, message = refused(refuse_unanswered, answers={**ANSWERS, field: " " + "x" * 3_001 + " "})

    assert named == field
    assert message == (
        f"The answer to “{QUESTIONS[field]}” has 3,001 characters; at most 3,000 reach everybody whole."
    )


PERIOD: dict[str, Any] = {"starts_at": AT, "ends_at": None, "next_update_by": AT + SECOND, "at": AT}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"ends_at": AT + SECOND},
        {"starts_at": AT - MAX_BACKDATING},
        {"starts_at": AT + MAX_AHEAD},
    ],
)
def test_a_period_at_its_very_edge_is_taken(change: dict[str, Any]) -> None:
    refuse_impossible_period(**{**PERIOD, **change})


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"ends_at": AT}, "ends_at", "A pause cannot end before it starts."),
        (
            {"starts_at": AT - timedelta(days=366) - SECOND},
            "starts_at",
            "A pause can be backdated by one year at most.",
        ),
        (
            {"starts_at": AT + timedelta(days=366) + SECOND},
            "starts_at",
            "A pause can be scheduled one year ahead at most.",
        ),
        ({"next_update_by": None}, "next_update_by", "Say by when the next word comes."),
        (
            {"next_update_by": AT},
            "next_update_by",
            "The next word must be promised for a time still to come.",
        ),
    ],
)
def test_an_impossible_period_is_refused_by_its_field(
    change: dict[str, Any], field: str, message: str
) -> None:
    assert refused(refuse_impossible_period, **{**PERIOD, **change}) == (field, message)


NO_STANDBY: dict[str, Any] = {"share_bp": 0, "daily_minor": 0, "currency": "", "max_days": None}
A_DAY: dict[str, Any] = {"share_bp": 0, "daily_minor": 1, "currency": "USD", "max_days": None}


@pytest.mark.parametrize(
    "terms",
    [
        NO_STANDBY,
        {**NO_STANDBY, "share_bp": 10_000},
        A_DAY,
        {**A_DAY, "share_bp": 5_000, "daily_minor": 10**12, "max_days": 1},
        {**A_DAY, "max_days": 366},
    ],
)
def test_standby_pay_is_a_share_an_amount_a_day_both_or_nothing(terms: dict[str, Any]) -> None:
    refuse_unfit_standby(**terms)


@pytest.mark.parametrize(
    ("terms", "field", "message"),
    [
        ({**NO_STANDBY, "share_bp": -1}, "standby_share_bp", "Standby pay is a share from 0 to 100 %."),
        ({**NO_STANDBY, "share_bp": 10_001}, "standby_share_bp", "Standby pay is a share from 0 to 100 %."),
        ({**A_DAY, "daily_minor": -1}, "standby_daily_minor", "That is no amount of standby pay a day."),
        (
            {**A_DAY, "daily_minor": 10**12 + 1},
            "standby_daily_minor",
            "That is no amount of standby pay a day.",
        ),
        (
            {**A_DAY, "currency": "DOLLARS"},
            "standby_currency",
            "Standby pay a day needs its currency, such as USD.",
        ),
        (
            {**NO_STANDBY, "currency": "USD"},
            "standby_daily_minor",
            "A currency or a number of days of standby pay needs the amount a day.",
        ),
        (
            {**NO_STANDBY, "max_days": 5},
            "standby_daily_minor",
            "A currency or a number of days of standby pay needs the amount a day.",
        ),
        ({**A_DAY, "max_days": 0}, "standby_max_days", "Standby pay a day is paid for 1 to 366 days."),
        ({**A_DAY, "max_days": 367}, "standby_max_days", "Standby pay a day is paid for 1 to 366 days."),
    ],
)
def test_standby_terms_that_do_not_fit_together_are_refused_by_their_field(
    terms: dict[str, Any], field: str, message: str
) -> None:
    assert refused(refuse_unfit_standby, **terms) == (field, message)


@pytest.mark.parametrize(("kind", "share"), [("full", 0), ("reduced", 1), ("reduced", 9_999)])
def test_the_share_that_goes_on_fits_the_kind(kind: str, share: int) -> None:
    refuse_unfit_kind(kind=kind, remaining_share_bp=share)


@pytest.mark.parametrize(
    ("kind", "share", "message"),
    [
        ("full", 1, "In a full pause no hours go on."),
        ("full", -1, "In a full pause no hours go on."),
        ("reduced", 0, "In a reduced pause say which share of hours goes on, between 0 and 100 %."),
        ("reduced", 10_000, "In a reduced pause say which share of hours goes on, between 0 and 100 %."),
    ],
)
def test_a_share_that_does_not_fit_the_kind_is_refused(kind: str, share: int, message: str) -> None:
    assert refused(refuse_unfit_kind, kind=kind, remaining_share_bp=share) == ("remaining_share_bp", message)
