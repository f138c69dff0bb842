"""Django's entry points to the roof: the product's configuration and its branded admin."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from contractorhub.logs import configure_logging


class ContractorHubConfig(AppConfig):
    """Wires logging before any room is used."""

    name = "contractorhub"
    label = "contractorhub"
    verbose_name = "ContractorHub"

    def ready(self) -> None:
        """Configure logs once Django knows its settings."""
        configure_logging()


class BackofficeConfig(AdminConfig):
    """Django's admin under our own name and colours."""

    default_site = "contractorhub.backoffice.BackofficeSite"
