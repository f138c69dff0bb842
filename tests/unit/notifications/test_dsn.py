"""Returned mails are read as they are written in the world, and whatever a stranger writes does no harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.dsn import Fate, read_returned
from tests.fakes.returned_mail import bounce, complaint, out_of_office

OURS = f"<42.{'a' * 32}@contractorhub.example>"


@pytest.mark.parametrize(
    ("action", "status", "fate"),
    [
        ("failed", "5.1.1", Fate.DEAD),
        ("failed", "5.2.1 (disabled)", Fate.DEAD),
        ("failed", "5.2.2", Fate.BOUNCED),
        ("failed", "5.7.1", Fate.BOUNCED),
        ("failed", "4.4.7", Fate.BOUNCED),
        ("Delayed", "4.4.1", Fate.DELAYED),
        ("relayed", "2.0.0", Fate.DELIVERED),
    ],
)
def test_action_and_status_decide_the_fate(action: str, status: str, fate: Fate) -> None:
    (word,) = read_returned(bounce(OURS, action=action, status=status))

    assert (word.fate, word.message_ids) == (fate, (OURS,))


def test_the_reason_is_the_far_servers_own_on_one_line() -> None:
    (word,) = read_returned(bounce(OURS, said="550 5.1.1 <person1@people.example>: unknown"))

    assert word.reason == "5.1.1 550 5.1.1 <person1@people.example>: unknown (in reply to RCPT TO command)"


def test_a_complaint_is_told_from_a_bounce_and_a_robots_answer_says_nothing() -> None:
    assert [word.fate for word in read_returned(complaint(OURS))] == [Fate.COMPLAINED]
    assert read_returned(out_of_office(OURS)) == []


@given(st.binary(max_size=400), st.integers(0, 2_000))
def test_a_torn_or_forged_mail_never_breaks_anything(noise: bytes, cut: int) -> None:
    whole = bounce(OURS)

    for mail in (noise, whole[:cut] + noise, noise + whole, whole[:cut] + noise + whole[cut:]):
        assert all(word.reason is not None for word in read_returned(mail))
