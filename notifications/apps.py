"""Django's entry point to the notifications room."""

from django.apps import AppConfig

from notifications.channels.redirects import follow_no_redirects


class NotificationsConfig(AppConfig):
    """The notifications room."""

    name = "notifications"
    label = "notifications"

    def ready(self) -> None:
        """Let no client of ours be led elsewhere."""
        follow_no_redirects()
