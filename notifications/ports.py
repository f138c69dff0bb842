"""Which channel serves a lane, made from the settings; one is kept for as long as a relay runs."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from notifications.channels.background import InBackground
from notifications.channels.base import ChannelPort
from notifications.channels.console import ConsoleChannel
from notifications.channels.email import EmailChannel
from notifications.channels.pipeline import MailServerAddress
from notifications.channels.slack import SlackChannel, UnconnectedSlack
from notifications.channels.webhook import WebhookChannel
from notifications.endpoints import allows_private, destination_of
from notifications.messages import Channel
from notifications.models import Lane
from notifications.workspaces import token_of


class Ports:
    """The channels of one relay, one a lane."""

    def __init__(self, *, at: datetime) -> None:
        self._at = at
        self._made: dict[int, ChannelPort] = {}

    def of(self, lane: Lane) -> ChannelPort:
        """The channel that serves this lane."""
        if lane.pk not in self._made:
            self._made[lane.pk] = self._make(lane)
        return self._made[lane.pk]

    def in_use(self) -> Iterable[ChannelPort]:
        """Those that were asked for so far."""
        return self._made.values()

    def close(self) -> None:
        """Let go of every connection."""
        for port in self._made.values():
            port.close()
        self._made.clear()

    def _make(self, lane: Lane) -> ChannelPort:
        if lane.channel in {Channel.SLACK_CHANNEL, Channel.SLACK_DM}:
            token = token_of(lane.name, at=self._at)
            if not token:
                return UnconnectedSlack()
            return InBackground(SlackChannel(token=token, base_url=settings.SLACK_API_URL))
        if lane.channel == Channel.WEBHOOK:
            return WebhookChannel(destination_of(lane.name, at=self._at), allows_private=allows_private())
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
        return EmailChannel(
            address,
            sender=settings.DEFAULT_FROM_EMAIL,
            return_address=settings.RETURN_ADDRESS,
            connections=settings.EMAIL_CONNECTIONS,
            at=self._at,
        )
