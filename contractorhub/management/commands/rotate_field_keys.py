"""Moves every encrypted value under the newest key."""

from typing import Any

from django.core.management.base import CommandError

from contractorhub.field_keys import rotate_field_keys
from projects.management.base import HubCommand


class Command(HubCommand):
    """`rotate_field_keys`."""

    help = (
        "Encrypt tokens and other secrets anew under the first of FIELD_KEYS (or a new SECRET_KEY). Before: put the "
        "new key first, keep the old one behind it (FIELD_KEYS=new,old; SECRET_KEY_FALLBACKS=old), restart every "
        "process. After: take the old one away. Again changes nothing. Exit 1 when a value opens under no key."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate and say what became of each column."""
        rotations = rotate_field_keys()
        for rotation in rotations:
            self.stdout.write(
                f"{rotation.column}: {rotation.moved} moved, {rotation.current} already there,"
                f" {rotation.unreadable} open under no key"
            )
        unreadable = sum(rotation.unreadable for rotation in rotations)
        if unreadable:
            raise CommandError(
                f"{unreadable} values open under none of the keys given; they were left as they are."
            )
