"""The notice of a pause as each channel will show it to one person, before anything is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from django.utils.translation import gettext as _

from notifications.messages import Channel, Content, Recipient, escape_html, escape_mrkdwn, fill
from notifications.sealing import unseal
from projects.models import Contractor, Pause
from projects.notices import preview_content
from projects.operations.targets import projects_of
from projects.queries.open_work import work_words
from projects.queries.recipients import channel_recipients, people_recipients


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a Slack message: kind is header, section or button."""

    kind: str
    heading: str
    words: str


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """One channel's notice to one address, filled in with that person's own words and times."""

    channel: str
    label: str
    address: str
    subject: str
    text: str
    blocks: tuple[Block, ...] = ()


def notices_for(pause: Pause, person: Contractor | None, *, at: datetime) -> tuple[ShownNotice, ...]:
    """The notice on every channel that will carry it: to `person`, and to the first project channel there is."""
    recipients = list(channel_recipients(projects_of(pause, day=at.date()), _times(pause)))[:1]
    if person is not None:
        recipients += _person(pause, person, at=at)
    return tuple(
        _shown(
            preview_content(pause=pause, locale=recipient.locale, channel=channel, at=at), channel, recipient
        )
        for recipient in recipients
        for channel in sorted(recipient.addresses, key=list(Channel).index)
    )


def email_page(pause: Pause, person: Contractor, *, at: datetime) -> str:
    """The email's HTML as the person's mail program will get it."""
    recipient = next(_person(pause, person, at=at))
    content = preview_content(pause=pause, locale=recipient.locale, channel=Channel.EMAIL, at=at)
    return fill(content.html, recipient.fields, escape_html)


def _person(pause: Pause, person: Contractor, *, at: datetime) -> Iterator[Recipient]:
    alone = Contractor.objects.filter(pk=person.pk)
    return people_recipients(alone, _times(pause), open_work=work_words(pause, at=at))


def _times(pause: Pause) -> dict[str, datetime | None]:
    return {"since": pause.starts_at, "until": pause.ends_at, "next_word": pause.next_update_by}


def _shown(content: Content, channel: Channel, recipient: Recipient) -> ShownNotice:
    labels = {
        Channel.EMAIL: _("Email"),
        Channel.SLACK_DM: _("Slack, direct message"),
        Channel.SLACK_CHANNEL: _("Slack, project channel"),
    }
    return ShownNotice(
        channel=channel.value,
        label=labels.get(channel, channel.value),
        address=unseal(recipient.addresses[channel]),
        subject=fill(content.subject, recipient.fields),
        text=fill(content.text, recipient.fields),
        blocks=tuple(_blocks(content, recipient.fields)),
    )


def _blocks(content: Content, fields: Mapping[str, str]) -> list[Block]:
    """Block Kit parts as a reader sees them: marks of bold taken out, escapes undone (the page escapes again)."""
    shown = []
    for block in content.blocks:
        if block["type"] == "actions":
            shown += [Block("button", "", _words(element["text"], fields)) for element in block["elements"]]
            continue
        words = _words(block["text"], fields)
        heading, newline, body = words.partition("\n")
        is_headed = bool(newline) and heading.startswith("*") and heading.endswith("*")
        shown.append(
            Block(block["type"], heading.strip("*") if is_headed else "", body if is_headed else words)
        )
    return shown


def _words(text: Mapping[str, Any], fields: Mapping[str, str]) -> str:
    is_marked = text["type"] == "mrkdwn"
    filled = fill(str(text["text"]), fields, escape_mrkdwn if is_marked else str)
    return unescape(filled) if is_marked else filled
