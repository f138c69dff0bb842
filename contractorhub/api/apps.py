"""Django's entry point to the api room."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The api face."""

    name = "contractorhub.api"
    label = "api"
    verbose_name = "API"
