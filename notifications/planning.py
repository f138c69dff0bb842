"""From a recipient and their wishes to what is promised: on which channels, when, and what stays in reserve; pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from notifications import states
from notifications.messages import Channel, Recipient
from notifications.preferences import Category, Preferences, Way, next_time, not_before, ways_for

MUTED: Final = "the person has muted this on this channel"
DIGEST_GRACE: Final = timedelta(minutes=15)
"""A digest that nobody made by then is given up: each of its notices goes out by itself."""


# One of each is made for every person of a pause: a named tuple costs a third of a frozen dataclass.
class Promise(NamedTuple):
    """One delivery to be written; `digest_at` says when a digest may take it up instead."""

    channel: Channel
    address: str
    state: str
    due_at: datetime
    reason: str = ""
    digest_at: datetime | None = None


class Plan(NamedTuple):
    """What is promised to one recipient now, and the channels that are kept in reserve, in their order."""

    promises: tuple[Promise, ...]
    fallbacks: Mapping[Channel, str]


def plan(person: Recipient, *, category: str, wishes: Preferences | None, due_at: datetime) -> Plan:
    """Apply somebody's wishes to a notice that is due at `due_at`; without wishes every channel is served then."""
    if wishes is None:
        queued = states.QUEUED
        return Plan(
            tuple(
                [Promise(channel, address, queued, due_at) for channel, address in person.addresses.items()]
            ),
            person.fallbacks,
        )
    kind = category_of(category)
    ways = ways_for(kind, person.addresses, wishes)
    earliest = not_before(kind, wishes, at=due_at, time_zone=person.time_zone)
    digest_at = None
    if kind != Category.CRITICAL and wishes.digest_at is not None:
        digest_at = next_time(wishes.digest_at, after=due_at, time_zone=person.time_zone)
        earliest = digest_at + DIGEST_GRACE
    promises = []
    for channel, address in person.addresses.items():
        if ways[channel] == Way.ALWAYS:
            promises.append(Promise(channel, address, states.QUEUED, earliest, digest_at=digest_at))
        elif ways[channel] == Way.NEVER:
            promises.append(Promise(channel, address, states.SUPPRESSED, due_at, MUTED))
    reserve = {
        channel: address for channel, address in person.addresses.items() if ways[channel] == Way.IF_NEEDED
    }
    return Plan(tuple(promises), {**reserve, **person.fallbacks})


def category_of(name: str) -> Category:
    """The category of this name; what is of no known category is too important to hold back."""
    try:
        return Category(name)
    except ValueError:
        return Category.CRITICAL
