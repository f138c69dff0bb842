"""Django's entry point to the portal room."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The portal face."""

    name = "contractorhub.portal"
    label = "portal"
