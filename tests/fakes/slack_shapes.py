"""What Slack takes as blocks and views, asked of slack_sdk's own models; the refusal it would answer with otherwise."""

import json
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View


def structure(value: Any) -> Any:
    """A structure that came as JSON text inside a form, or as it is."""
    return json.loads(value) if isinstance(value, str) and value else value


def wrong_blocks(asked: dict[str, Any]) -> dict[str, Any]:
    """The refusal of blocks that Slack's own models do not take; nothing where they do."""
    blocks = structure(asked.get("blocks")) or []
    if not blocks and not asked.get("text"):
        return {"ok": False, "error": "no_text"}
    try:
        if len(blocks) > 50:
            raise SlackObjectFormationError("more than 50 blocks")
        _validate(Block.parse_all(blocks))
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError) as error:
        return {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": [str(error)]}}
    return {}


def wrong_view(view: dict[str, Any], *, kind: str) -> dict[str, Any]:
    """The refusal of a view that Slack's own models do not take; nothing where they do."""
    try:
        model = View(**view)
        model.validate_json()
        _validate(model.blocks or [])
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        if view["type"] != kind or (
            kind == "modal" and (not view.get("title") or bool(inputs) > bool(view.get("submit")))
        ):
            raise SlackObjectFormationError("a modal needs a title, and one with inputs a submit")
        ids = [block["block_id"] for block in view["blocks"] if block.get("block_id")]
        if len(ids) != len(set(ids)):
            raise SlackObjectFormationError("the same block_id twice")
    except (SlackObjectFormationError, TypeError, ValueError, AttributeError, KeyError) as error:
        return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": [str(error)]}}
    return {}


_PARTS = ("elements", "element", "accessory", "text", "label", "hint", "options", "confirm", "fields")


def _validate(models: Any) -> None:
    """Ask every model within models whether it holds; the SDK's lists do not ask their elements."""
    for model in models:
        model.validate_json()
        for name in _PARTS:
            inner = getattr(model, name, None)
            found = inner if isinstance(inner, list | tuple) else [inner]
            _validate([each for each in found if hasattr(each, "validate_json")])
