"""What an address must look like for a channel to reach it."""

import re

_SLACK_CHANNEL = re.compile(r"[CG][A-Z0-9]{2,19}")


def is_slack_channel(channel: str) -> bool:
    """Whether this can be the id of a Slack channel (C… public, G… private)."""
    return _SLACK_CHANNEL.fullmatch(channel) is not None
