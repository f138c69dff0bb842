"""Slack, inbound: the app people press, type and reply in; verified, stored once, answered at once, worked on later."""
