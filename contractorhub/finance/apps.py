"""Django's entry point to the finance room."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """The finance face."""

    name = "contractorhub.finance"
    label = "finance"
