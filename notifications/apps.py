"""Django's entry point to the notifications room."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The notifications room."""

    name = "notifications"
    label = "notifications"
