"""What an address must look like for a channel to reach it."""

import re

_SLACK_CHANNEL = re.compile(r"(?:T[A-Z0-9]{2,18}/)?[CG][A-Z0-9]{2,19}")


def is_slack_channel(channel: str) -> bool:
    """Whether this can be the id of a Slack channel (C… public, G… private), with its workspace before it or not."""
    return _SLACK_CHANNEL.fullmatch(channel) is not None
