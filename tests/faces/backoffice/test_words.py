"""The usual answers, the next word, and leaks of confidential words."""

from datetime import UTC, datetime, timedelta

import pytest

from projects.admin.leaks import leaked
from projects.models.pauses import ReasonCode
from projects.queries.reasons import answers_from_template, next_word_like_the_last, usual_next_word
from tests.factories import PauseFactory
from tests.factories.base import NOW

FRIDAY_NIGHT = datetime(2026, 11, 27, 22, tzinfo=UTC)


@pytest.mark.parametrize("reason", ReasonCode.values)
def test_every_reason_has_four_whole_answers_that_name_the_target(reason: str) -> None:
    usual = answers_from_template(
        reason, target_name="R&D <East>", client_name="Orion", next_update_by=FRIDAY_NIGHT
    )
    answers = (usual.what_stopped, usual.why, usual.what_happens_to_pay, usual.what_to_do_now)
    assert all(len(answer) > 40 for answer in answers)
    assert "R&D <East>" in usual.what_stopped
    assert "Orion" in usual.why


def test_an_unknown_reason_is_refused() -> None:
    with pytest.raises(ValueError, match="boredom"):
        answers_from_template("boredom", target_name="X", next_update_by=FRIDAY_NIGHT)


def test_shares_are_said_in_the_usual_answers() -> None:
    usual = answers_from_template(
        "budget",
        target_name="X",
        next_update_by=FRIDAY_NIGHT,
        remaining_share_bp=4_000,
        standby_share_bp=2_500,
    )
    assert "40%" in usual.what_stopped
    assert "25%" in usual.what_happens_to_pay


def test_the_next_word_falls_on_the_end_of_a_working_day_of_the_place() -> None:
    promised = usual_next_word(at=FRIDAY_NIGHT, time_zone="Asia/Manila")  # there it is Saturday
    assert promised.isoformat() == "2026-12-01T17:00:00+08:00"


@pytest.mark.django_db
def test_the_next_promise_is_as_far_off_as_the_last() -> None:
    pause = PauseFactory.make(starts_at=NOW, next_update_by=NOW + timedelta(days=3))
    assert next_word_like_the_last(pause, at=NOW, time_zone="UTC") == datetime(2026, 3, 5, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("confidential", "public", "found"),
    [
        ("They found a breach in the billing system.", "There was a breach in the billing system.", 2),
        ("Ask Acme Widgets first.", "We wait for Acme Widgets.", 1),
        ("Ticket INC-4411 is open.", "See INC-4411.", 1),
        ("The client owes us money.", "The client is deciding.", 0),
        ("Orion Labs is late.", "Orion Labs has paused the work.", 0),
        ("", "Anything at all.", 0),
    ],
)
def test_a_leak_is_a_run_of_words_or_a_telling_one(confidential: str, public: str, found: int) -> None:
    assert len(leaked(confidential, [public], known=["Orion Labs"])) == found
