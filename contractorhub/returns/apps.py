"""Django's entry point to the room for what comes back; it listens to Anymail, whose views check who is speaking."""

from anymail.signals import tracking
from django.apps import AppConfig
from django.utils.module_loading import import_string

TAKES_EVENTS = (
    "contractorhub.returns.provider.take_event"  # it knows models, which are there only when apps are ready
)


class ReturnsConfig(AppConfig):
    """What comes back of our mails."""

    name = "contractorhub.returns"
    label = "returns"

    def ready(self) -> None:
        """Take every event that a provider reports; Anymail has no other way to hand them over."""
        tracking.connect(import_string(TAKES_EVENTS), dispatch_uid="contractorhub.returns")
