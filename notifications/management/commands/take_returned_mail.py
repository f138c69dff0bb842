"""Takes returned mails from a file or a pipe, as a mail server delivers them."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notifications.dsn import MOST_BYTES, read_returned
from notifications.returns import take_back


class Command(BaseCommand):
    """`take_returned_mail [FILE...]`."""

    help = (
        "Take in returned mails (delivery status notifications and complaints): the files that are named, or one mail "
        "from standard input, as a pipe of the mail server gives it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("files", nargs="*", type=Path, help="mails as files; none for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record what each says, and how many deliveries it was news to."""
        try:
            mails = [path.read_bytes() for path in options["files"]]
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        if not options["files"]:
            mails = [sys.stdin.buffer.read(MOST_BYTES)]
        words = [word for mail in mails for word in read_returned(mail)]
        news = sum(take_back(word, at=timezone.now()) for word in words)
        self.stdout.write(f"{len(words)} reports read, {news} deliveries changed.")
