"""The button under a notice: "I have read this", noted once however often it is pressed."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contractorhub.slack import saying
from contractorhub.slack.calls import Call, whisper
from contractorhub.slack.payloads import Click
from contractorhub.slack.people import Person
from projects.notices import BUTTONS
from projects.operations.acknowledgements import acknowledge_pause
from projects.queries.portal import pause_of_contractor
from projects.queries.portal_rows import pauses_told_to
from projects.wording import format_instant

_ACTION = "acknowledge"
_NOTE = "acknowledged"


def acknowledge(click: Click, person: Person, at: datetime) -> Sequence[Call]:
    """Note it, and change a personal message so that it says so; under a channel's post only a whisper answers."""
    contractor = person.contractor
    if contractor is None:
        return [whisper(click.response_url, text=saying.said("not_known"))]
    public_id = _public_id(click.value)
    pause = pauses_told_to(contractor).filter(public_id=public_id).first() if public_id else None
    if pause is None or pause_of_contractor(contractor, pause.public_id, at) is None:
        return [whisper(click.response_url, text=saying.said("not_stopped_by_it"))]
    row = acknowledge_pause(pause=pause, contractor=contractor, via="slack", at=at)
    when = format_instant(row.acknowledged_at or at, person.time_zone, person.locale)
    words = saying.said("acknowledged", when=when)
    if not click.channel.startswith("D"):
        return [whisper(click.response_url, text=words)]
    changed = {
        "channel": click.channel,
        "ts": click.ts,
        "text": click.text,
        "blocks": _noted(click.blocks, words),
    }
    return [Call("chat.update", changed, otherwise=whisper(click.response_url, text=words))]


def _noted(blocks: Sequence[Mapping[str, Any]], words: str) -> list[dict[str, Any]]:
    """The message's blocks, where the button was: that it was pressed."""
    kept: list[dict[str, Any]] = []
    for block in blocks:
        if block.get("block_id") == BUTTONS:
            rest = [each for each in block.get("elements") or [] if each.get("action_id") != _ACTION]
            kept.append(saying.small(words).to_dict() | {"block_id": _NOTE})
            if rest:
                kept.append({**block, "elements": rest})
        elif block.get("block_id") != _NOTE:
            kept.append(dict(block))
    return kept


def _public_id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
