"""From ledger rows to parcels: the frozen words of a notice, filled with each recipient's own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from notifications.channels.base import Parcel
from notifications.messages import Channel, escape_header, escape_html, escape_mrkdwn, fill
from notifications.models import Delivery

FALLBACK_LOCALE: Final = "en"


def parcels_of(deliveries: Sequence[Delivery]) -> list[Parcel]:
    """Fill each delivery's words; rows come with notice and recipient loaded, and belong to one channel."""
    earlier = _first_of_thread(deliveries)
    return [_parcel(delivery, references=earlier.get(delivery.recipient.key, "")) for delivery in deliveries]


def _parcel(delivery: Delivery, *, references: str) -> Parcel:
    recipient = delivery.recipient
    content = _content(delivery.notice.contents, recipient.locale, delivery.channel)
    fields: Mapping[str, str] = recipient.fields
    is_mail = delivery.channel == Channel.EMAIL
    return Parcel(
        delivery_id=delivery.pk,
        address=delivery.address,
        name=recipient.name,
        message_id=delivery.message_id,
        references=references if references != delivery.message_id else "",
        subject=fill(content["subject"], fields, escape_header),
        text=fill(content["text"], fields, str if is_mail else escape_mrkdwn),
        html=fill(content["html"], fields, escape_html),
        blocks=tuple(_filled(block, fields) for block in content["blocks"]),
        thread_ref="",
    )


def _content(contents: Mapping[str, Any], locale: str, channel: str) -> Mapping[str, Any]:
    """The words in the recipient's language, or in its base language, or in English."""
    for candidate in (locale, locale.split("-")[0].split("_")[0], FALLBACK_LOCALE):
        if channel in contents.get(candidate, {}):
            found: Mapping[str, Any] = contents[candidate][channel]
            return found
    any_language: Mapping[str, Any] = next(iter(contents.values()))[channel]
    return any_language


def _filled(part: Any, fields: Mapping[str, str]) -> Any:
    """Fill every text inside a block; only mrkdwn is escaped, plain text needs none."""
    if isinstance(part, dict):
        if part.get("type") in {"plain_text", "mrkdwn"}:
            escape = escape_mrkdwn if part["type"] == "mrkdwn" else str
            return {**part, "text": fill(part["text"], fields, escape)}
        return {name: _filled(value, fields) for name, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, fields) for value in part]
    return part


def _first_of_thread(deliveries: Sequence[Delivery]) -> dict[str, str]:
    """The Message-ID of the first mail of the thread to each recipient, where there was one before."""
    if not deliveries or deliveries[0].channel != Channel.EMAIL:
        return {}
    notice = deliveries[0].notice
    rows = (
        Delivery.objects.filter(
            notice__thread_key=notice.thread_key,
            notice__pk__lt=notice.pk,
            channel=Channel.EMAIL,
            recipient__key__in=[delivery.recipient.key for delivery in deliveries],
        )
        .order_by("-pk")
        .values_list("recipient__key", "message_id")
    )
    return dict(rows)  # the oldest comes last and stays
