"""The `mailbox` command: a local mail server that keeps every message and sends none."""

import asyncio
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contractorhub.env import data_dir
from contractorhub.mailbox.server import serve


class Command(BaseCommand):
    """Takes mail by SMTP and keeps it in a Maildir that /mailbox/ shows."""

    help = "Take mail by SMTP on this machine and keep it in a folder, until stopped. Nothing is sent on."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare where to listen and where to keep."""
        parser.add_argument("--host", default="127.0.0.1", help="Address to listen on (default 127.0.0.1).")
        parser.add_argument("--port", type=int, default=1025, help="Port to listen on (default 1025).")
        parser.add_argument(
            "--folder", type=Path, help="Maildir to keep mail in (default: mail in DATA_DIR)."
        )

    def handle(self, *_args: Any, host: str, port: int, folder: Path | None, **_options: Any) -> None:
        """Serve until SIGTERM or Ctrl-C."""
        try:
            asyncio.run(serve(host=host, port=port, folder=folder or data_dir() / "mail"))
        except OSError as error:
            raise CommandError(f"Cannot take mail at {host}:{port}: {error.strerror}.") from error
