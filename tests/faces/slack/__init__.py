"""Slack, end to end over HTTP: what people press and type there, and what becomes of it."""
