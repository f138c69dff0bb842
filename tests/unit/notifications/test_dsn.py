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
        ("failed", "5.3.1", Fate.BOUNCED),
        ("failed", "5.4.4", Fate.BOUNCED),
        ("failed", "4.4.7", Fate.BOUNCED),
        ("failed", "", Fate.BOUNCED),
        ("Delayed", "4.4.1", Fate.DELAYED),
        ("relayed", "2.0.0", Fate.DELIVERED),
        (" DELIVERED ", "2.0.0", Fate.DELIVERED),
        ("expanded", "2.0.0", Fate.DELIVERED),
    ],
)
def test_action_and_status_decide_the_fate(action: str, status: str, fate: Fate) -> None:
    (word,) = read_returned(bounce(OURS, action=action, status=status))

    assert (word.fate, word.message_ids) == (fate, (OURS,))


def test_the_reason_is_the_far_servers_own_on_one_line() -> None:
    (word,) = read_returned(bounce(OURS, said="550 5.1.1 <person1@people.example>: unknown"))

    assert word.reason == "5.1.1 550 5.1.1 <person1@people.example>: unknown (in reply to RCPT TO command)"


def lines(*fields: str, kind: str = "delivery-status") -> bytes:
    """A report as some server of the world writes it: the fields of one recipient after those of the message."""
    return "\r\n".join(
        [
            f'Content-Type: Multipart/Report; Report-Type="{kind}"; boundary=cut',
            "",
            "--cut",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; relay.example",
            "",
            *fields,
            "",
            "--cut",
            "Content-Type: text/rfc822-headers",
            "",
            f"Message-ID: {OURS}",
            f"References: {OURS}",
            "",
            "--cut--",
        ]
    ).encode()


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (("Action: failed", "Status: 5.1.1"), "5.1.1"),
        (("Action: Failed",), "failed"),
        (("Action: failed", "Diagnostic-Code: smtp; 550  no\r\n such   user"), "550 no such user"),
        (("Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp;" + "x" * 400), "5.0.0 " + "x" * 274),
        (("Action: failed", "Status: 5.0.0", "Diagnostic-Code: 550 without a kind"), "5.0.0"),
        (("Action: failed", "Status:   5.1.1 (no such user)", "Diagnostic-Code: smtp; a;b"), "5.1.1 a;b"),
    ],
)
def test_a_reason_is_made_of_what_is_there_on_one_line_of_bounded_length(
    fields: tuple[str, ...], reason: str
) -> None:
    (word,) = read_returned(lines(*fields))

    assert (word.reason, word.message_ids) == (reason, (OURS,))


def test_groups_without_an_action_say_nothing_and_every_recipient_has_a_word() -> None:
    two = lines(
        "Final-Recipient: rfc822; a@x.example", "Action: failed", "", "Action: delayed", "", "Status: 5.0.0"
    )

    assert [word.fate for word in read_returned(two)] == [Fate.BOUNCED, Fate.DELAYED]


def test_a_report_of_another_kind_or_a_mail_that_is_no_report_says_nothing() -> None:
    assert read_returned(lines("Action: failed", kind="disposition-notification")) == []
    assert read_returned(lines("Action: failed").replace(b"Multipart/Report", b"multipart/mixed")) == []
    assert read_returned(b"Content-Type: multipart/report; boundary=cut\r\n\r\n--cut--") == []


def test_what_lies_beyond_the_first_million_bytes_is_not_read() -> None:
    far = lines("Action: failed").replace(b"Message-ID", b"X: " + b"x" * 1_000_000 + b"\r\nMessage-ID")

    (word,) = read_returned(far)

    assert word.message_ids == ()


def test_a_complaint_is_told_from_a_bounce_and_a_robots_answer_says_nothing() -> None:
    (word,) = read_returned(complaint(OURS))
    assert (word.fate, word.message_ids) == (Fate.COMPLAINED, (OURS,))
    assert word.reason == "the reader marked it as spam"
    assert read_returned(out_of_office(OURS)) == []


@given(st.binary(max_size=400), st.integers(0, 2_000))
def test_a_torn_or_forged_mail_never_breaks_anything(noise: bytes, cut: int) -> None:
    whole = bounce(OURS)

    for mail in (noise, whole[:cut] + noise, noise + whole, whole[:cut] + noise + whole[cut:]):
        assert all(word.reason is not None for word in read_returned(mail))
