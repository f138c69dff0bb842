"""Django's entry point to the mailbox room."""

from django.apps import AppConfig


class MailboxConfig(AppConfig):
    """The mailbox of the embedded default."""

    name = "contractorhub.mailbox"
    label = "mailbox"
