"""Gathers what waits for people's digests into one message each; the same set of notices is written once for all."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from notifications import outbox
from notifications.digests import DueDigest, due_digests, let_go_alone, summaries_of, take_into_digest
from notifications.messages import Channel, Recipient
from projects.digest_notices import digest_message

AT_ONCE: Final = 2_000


def send_digests(*, at: datetime) -> int:
    """Send every digest whose hour has come; the number of people who get one. A single notice goes out by itself."""
    by_notices: dict[tuple[int, ...], list[DueDigest]] = defaultdict(list)
    for digest in due_digests(at=at, at_most=AT_ONCE):
        by_notices[tuple(each.notice_id for each in digest.held)].append(digest)
    sent = 0
    for notice_ids, digests in by_notices.items():
        with transaction.atomic():
            if len(notice_ids) == 1:
                let_go_alone([digest.held[0].delivery_id for digest in digests], at=at)
                outbox.ring_after_commit()
            else:
                sent += _send(notice_ids, digests, at=at)
    return sent


def _send(notice_ids: Sequence[int], digests: Sequence[DueDigest], *, at: datetime) -> int:
    taken = take_into_digest([each.delivery_id for digest in digests for each in digest.held], at=at)
    due = [digest for digest in digests if any(each.delivery_id in taken for each in digest.held)]
    if not due:
        return 0
    gists = summaries_of(notice_ids)
    message = digest_message(
        gists=[gists[pk] for pk in notice_ids],
        prefixes=[_prefix(number) for number in range(len(notice_ids))],
        locales={digest.locale for digest in due},
        key=f"digest:{due[0].held[0].delivery_id}",
        at=at,
    )
    people = list(_recipients(due))
    outbox.stage(message, recipients=people, at=at, as_wished=False)
    outbox.ring_after_commit()
    return len(people)


def _recipients(digests: Sequence[DueDigest]) -> Iterator[Recipient]:
    """One recipient a person, with every channel on which these notices waited."""
    by_key: dict[str, list[DueDigest]] = defaultdict(list)
    for digest in digests:
        by_key[digest.key].append(digest)
    for key, mine in by_key.items():
        addresses: dict[Channel, str] = {digest.channel: digest.address for digest in mine}
        fields = {
            _prefix(number) + name: value
            for number, each in enumerate(mine[0].held)
            for name, value in each.fields.items()
        }
        first = mine[0]
        yield Recipient(
            key=key,
            name=first.name,
            locale=first.locale,
            time_zone=first.time_zone,
            addresses=addresses,
            fields={**fields, "name": first.held[-1].fields.get("name", first.name)},
        )


def _prefix(number: int) -> str:
    """A prefix of places for the n-th notice of a digest: `a_`, `b_`, … `z_`, `ba_`; places hold letters only."""
    letters = chr(ord("a") + number % 26)
    while number := number // 26:
        letters = chr(ord("a") + number % 26) + letters
    return f"{letters}_"
