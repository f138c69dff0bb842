"""Words and parts of Slack messages and views: texts from templates, everything typed escaped, shapes from the SDK."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    InputBlock,
    InputInteractiveElement,
    InteractiveElement,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from notifications.messages import escape_mrkdwn

SECTION_CHARACTERS: Final = 3_000
_LABEL_CHARACTERS: Final = 75
_TITLE_CHARACTERS: Final = 24


def said(template: str, **context: Any) -> str:
    """A text for Slack from `slack/<template>.txt`; every value in it is escaped as mrkdwn, never as HTML."""
    words: str = render_to_string(
        f"slack/{template}.txt", {key: _safe(value) for key, value in context.items()}
    )
    lines = (line.rstrip() for line in words.strip().splitlines())
    return "\n".join(lines)


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return mark_safe(escape_mrkdwn(value))  # noqa: S308 - escaped for where it stands, which is no HTML
    if isinstance(value, Mapping):
        return {key: _safe(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(each) for each in value]
    return value


def section(text: str, *, button: ButtonElement | None = None) -> SectionBlock:
    """A paragraph of mrkdwn, shortened to what a section holds."""
    words = MarkdownTextObject(text=_cut(text, SECTION_CHARACTERS), verbatim=True)
    return SectionBlock(text=words, accessory=button)


def header(text: str) -> HeaderBlock:
    """A heading of plain text."""
    return HeaderBlock(text=PlainTextObject(text=_cut(text, 150), emoji=False))


def small(text: str) -> ContextBlock:
    """A line in small print."""
    return ContextBlock(elements=[MarkdownTextObject(text=_cut(text, 2_000), verbatim=True)])


def divider() -> DividerBlock:
    """A line across."""
    return DividerBlock()


def button(action_id: str, label: str, *, value: str = "", url: str = "", style: str = "") -> ButtonElement:
    """A button; with `url` it leads to a page."""
    return ButtonElement(
        action_id=action_id,
        text=PlainTextObject(text=_cut(label, _LABEL_CHARACTERS), emoji=False),
        value=value or None,
        url=url or None,
        style=style or None,
    )


def buttons(*elements: InteractiveElement) -> ActionsBlock:
    """Buttons side by side."""
    return ActionsBlock(elements=list(elements))


def asked(
    name: str,
    label: str,
    element: InputInteractiveElement,
    *,
    hint: str = "",
    is_optional: bool = False,
    reacts: bool = False,
) -> InputBlock:
    """One input of a modal, under the name it is read back by."""
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=_cut(label, 2_000), emoji=False),
        element=element,
        hint=PlainTextObject(text=_cut(hint, 2_000), emoji=False) if hint else None,
        optional=is_optional,
        dispatch_action=reacts or None,
    )


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    metadata: str = "",
    external_id: str = "",
) -> dict[str, Any]:
    """A modal; without `submit` it can only be closed."""
    view = View(
        type="modal",
        callback_id=callback_id,
        external_id=external_id or None,
        title=_plain(title),
        submit=_plain(submit) if submit else None,
        close=_plain(_("Cancel") if submit else _("Close")),
        blocks=list(blocks),
        private_metadata=metadata or None,
    )
    return view.to_dict()


def home(blocks: Sequence[Block]) -> dict[str, Any]:
    """What somebody sees in the Home tab of the app."""
    return View(type="home", callback_id="home", blocks=list(blocks)[:100]).to_dict()


def shapes(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Blocks as JSON, checked by the SDK."""
    return [block.to_dict() for block in blocks]


def epoch(instant: datetime) -> int:
    """An instant as Slack's pickers count it."""
    return int(instant.timestamp())


def _plain(words: str) -> PlainTextObject:
    return PlainTextObject(text=_cut(words, _TITLE_CHARACTERS), emoji=False)


def _cut(words: str, most: int) -> str:
    """Shortened, never inside one of Slack's escapes."""
    if len(words) <= most:
        return words
    cut = words[: most - 1]
    escape = cut.rfind("&", len(cut) - 5)
    return (cut[:escape] if escape >= 0 and ";" not in cut[escape:] else cut) + "…"
