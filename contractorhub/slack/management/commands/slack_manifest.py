"""`manage.py slack_manifest`: the app manifest of this installation, to be pasted at api.slack.com/apps."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from contractorhub.slack.manifest import manifest


class Command(BaseCommand):
    """Prints the manifest."""

    help = (
        "Print the Slack app's manifest with the addresses of this installation (BASE_URL). Paste it at "
        "api.slack.com/apps under Create an app, From a manifest."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it as JSON."""
        self.stdout.write(json.dumps(manifest(settings.BASE_URL), indent=2))
