"""Celery of a version that should never have been deployed: every relay of it fails at once."""

from typing import Any
from unittest import mock

import django
from celery.__main__ import main


def fail(*_: Any, **__: Any) -> None:
    """What the new version does with every relay."""
    raise RuntimeError("a bad deploy")


if __name__ == "__main__":
    django.setup()
    with mock.patch("notifications.relay.relay", fail):
        main()
