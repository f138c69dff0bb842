"""Reads returned mail: delivery status notifications (RFC 3464) and complaints (RFC 5965); pure, strangers' text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum
from typing import Final

MOST_BYTES: Final = 1_000_000
_OUR_ID: Final = re.compile(r"<\d{1,19}\.[0-9a-f]{32}@[A-Za-z0-9.-]{1,120}>")
# Enhanced codes (RFC 3463) of a mailbox that takes nothing more for now, though the answer was final.
_MAY_COME_BACK: Final = ("5.2.2", "5.3.1", "5.4.4", "5.7.")


class Fate(StrEnum):
    """What became of a mail after the mail server had taken it."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED = "bounced"
    DEAD = "dead"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"


@dataclass(frozen=True, slots=True)
class Returned:
    """One word about one mail: its fate, the Message-IDs of ours that were found in it, and the reason in words."""

    fate: Fate
    message_ids: tuple[str, ...]
    reason: str = ""


def read_returned(raw: bytes) -> list[Returned]:
    """What a returned mail says, one word a recipient; empty for any other mail, such as an answer of a robot."""
    mail = message_from_bytes(raw[:MOST_BYTES])
    if mail.get_content_type() != "multipart/report":
        return []
    kind = str(mail.get_param("report-type", "")).lower()
    ids = our_message_ids(raw[:MOST_BYTES].decode("latin-1"))
    if kind == "feedback-report":
        return [Returned(Fate.COMPLAINED, ids, "the reader marked it as spam")]
    if kind != "delivery-status":
        return []
    return [_word(group, ids) for group in _recipient_groups(mail)]


def our_message_ids(words: str) -> tuple[str, ...]:
    """Everything in a text that has the form of our Message-IDs, each once."""
    return tuple(dict.fromkeys(_OUR_ID.findall(words)))


def fate_of_status(action: str, status: str) -> Fate:
    """From the Action and Status of RFC 3464 to a fate."""
    if action in {"delivered", "relayed", "expanded"}:
        return Fate.DELIVERED
    if action == "delayed":
        return Fate.DELAYED
    is_dead = status.startswith("5.") and not status.startswith(_MAY_COME_BACK)
    return Fate.DEAD if is_dead else Fate.BOUNCED


def _recipient_groups(mail: Message) -> Iterator[Message]:
    """The groups of fields that each tell of one recipient (the first group tells of the message)."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            groups = part.get_payload()
            if isinstance(groups, list):
                yield from (group for group in groups if isinstance(group, Message) and group["Action"])


def _word(group: Message, ids: tuple[str, ...]) -> Returned:
    action = str(group["Action"]).strip().lower()
    status = str(group["Status"] or "").strip().partition(" ")[0]
    diagnostic = str(group["Diagnostic-Code"] or "").partition(";")[2].strip()
    reason = re.sub(r"\s+", " ", f"{status} {diagnostic}").strip()[:280]
    return Returned(fate_of_status(action, status), ids, reason or action)
