"""What is sent and to whom: frozen values between the rooms, with places for personal words."""

import html as html_escaping
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, NamedTuple

# Private-use characters: nothing that a person types and a notice keeps can be taken for a place to fill.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PLACE = re.compile(f"{_OPEN}([a-z_]+){_CLOSE}")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f\u2028\u2029]+")


class Channel(StrEnum):
    """How a notice reaches somebody; the order is the order of sending."""

    SLACK_CHANNEL = "slack_channel"
    EMAIL = "email"
    SLACK_DM = "slack_dm"
    WEBHOOK = "webhook"

    # An enum's own hash is of its name and a call of Python's: this one is its value's, as its equality is.
    __hash__ = str.__hash__


NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})
NO_FALLBACKS: Final[Mapping[Channel, str]] = MappingProxyType({})


# One of these is made for every person of a pause: a named tuple costs a third of a frozen dataclass.
class Recipient(NamedTuple):
    """Somebody or some place that a notice is for; `key` names it in the business, such as `contractor:12`.

    It hears on every channel of `addresses`; `fallbacks` are tried, one after another, only when those have failed.
    """

    key: str
    name: str
    locale: str
    time_zone: str
    addresses: Mapping[Channel, str]
    fields: Mapping[str, str] = NO_FIELDS
    fallbacks: Mapping[Channel, str] = NO_FALLBACKS


@dataclass(frozen=True, slots=True)
class Content:
    """The words for one language and channel, the same for everybody but for the places to fill."""

    subject: str
    text: str
    html: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    summary: str = ""
    """The gist in plain words, for a digest."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to be said, in every language and for every channel it may go out on."""

    kind: str
    category: str
    subject_ref: str
    thread_key: str
    idempotency_key: str
    contents: Mapping[tuple[str, Channel], Content]
    expires_at: datetime


def placeholder(name: str) -> str:
    """The place in a content that a recipient's field of this name fills."""
    return f"{_OPEN}{name}{_CLOSE}"


def fill(words: str, fields: Mapping[str, str], escape: Callable[[str], str] = str) -> str:
    """Put a recipient's fields into their places, each escaped for where it stands; an unknown field is empty."""
    return _PLACE.sub(lambda place: escape(fields.get(place.group(1), "")), words)


def rename_places(words: str, prefix: str) -> str:
    """The same words with a prefix before the name of every place, so that texts of several notices can be joined."""
    return _PLACE.sub(lambda place: placeholder(prefix + place.group(1)), words)


def split_places(words: str) -> list[str]:
    """Words and names of places by turns, words first and last: `["Hello ", "name", "."]`."""
    return _PLACE.split(words)


def escape_html(words: str) -> str:
    """Escape a value for an HTML body."""
    return html_escaping.escape(words)


def escape_mrkdwn(words: str) -> str:
    """Slack reads `&`, `<` and `>` as marks: escaped, `<!channel>` pings nobody."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_workspace_of(address: str) -> str:
    """The workspace of a Slack address such as `T0123/C0456`; "" for a bare id, which is of the default workspace."""
    return address.rpartition("/")[0]


def slack_id_of(address: str) -> str:
    """The channel or person that a Slack address names, without its workspace."""
    return address.rpartition("/")[2]


def escape_header(words: str) -> str:
    """A header is one line: every run of white space and control characters becomes one space."""
    return _BREAKS.sub(" ", words).strip()
