"""Django's entry point to the slack room."""

from django.apps import AppConfig


class SlackConfig(AppConfig):
    """The Slack face."""

    name = "contractorhub.slack"
    label = "slack"
    verbose_name = "Slack"
