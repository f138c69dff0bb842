"""Which channel serves a lane, made from the settings; one is kept for as long as a relay runs."""

from datetime import datetime
from typing import Protocol

from django.conf import settings

from notifications.channels.base import ChannelPort
from notifications.channels.console import ConsoleChannel
from notifications.channels.email import EmailChannel
from notifications.channels.slack import SlackChannel
from notifications.channels.smtp_conversation import MailServerAddress
from notifications.messages import Channel
from notifications.models import Lane


class ClosablePort(ChannelPort, Protocol):
    """A channel that may hold connections open."""

    def close(self) -> None:
        """Let go of them."""
        ...


class Ports:
    """The channels of one relay."""

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        self._made: dict[int, ClosablePort] = {}

    def of(self, lane: Lane) -> ClosablePort:
        """The channel that serves this lane."""
        if lane.pk not in self._made:
            self._made[lane.pk] = self._make(lane)
        return self._made[lane.pk]

    def close(self) -> None:
        """Let go of every connection."""
        for port in self._made.values():
            port.close()
        self._made.clear()

    def _make(self, lane: Lane) -> ClosablePort:
        if lane.channel in {Channel.SLACK_CHANNEL, Channel.SLACK_DM}:
            return SlackChannel(token=settings.SLACK_BOT_TOKEN, base_url=settings.SLACK_API_URL)
        server = settings.MAIL_SERVER
        if server.kind == "console":
            return ConsoleChannel()
        address = MailServerAddress(
            host=server.host,
            port=server.port,
            user=server.user,
            password=server.password,
            use_tls=server.use_tls,
            use_ssl=server.use_ssl,
            timeout=float(settings.EMAIL_TIMEOUT),
        )
        return EmailChannel.to(
            address,
            sender=settings.DEFAULT_FROM_EMAIL,
            connections=settings.EMAIL_CONNECTIONS,
            at=self._at,
        )
