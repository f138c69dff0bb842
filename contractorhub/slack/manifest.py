"""The app as Slack is told of it: the manifest file, with the addresses of this installation filled in."""

import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).resolve().parent / "manifest.json"
_PLACE = "https://hub.example"


def manifest(base_url: str = _PLACE) -> dict[str, Any]:
    """The manifest for an installation that people reach at `base_url`."""
    found: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8").replace(_PLACE, base_url))
    return found


def bot_scopes() -> list[str]:
    """What the app asks a workspace for."""
    scopes: list[str] = manifest()["oauth_config"]["scopes"]["bot"]
    return scopes
