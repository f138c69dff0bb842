"""What every command shares: one clear line on bad input, money and instants in JSON, progress on a terminal."""

import json
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.dateparse import parse_date, parse_datetime
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, track

from projects.domain.errors import DomainError
from projects.domain.money import minor_to_decimal
from projects.models import Client, Pause, Project

Item = TypeVar("Item")


class HubCommand(BaseCommand):
    """A command that answers what the business refuses with one line and exit status 1."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command; a refusal of the business becomes a CommandError."""
        try:
            return super().execute(*args, **options)
        except DomainError as error:
            raise CommandError(error.message) from error

    def say_json(self, facts: Any) -> None:
        """Print facts as one JSON document."""
        self.stdout.write(json.dumps(facts, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))

    def progress(self, items: Iterable[Item], *, what: str, total: int | None = None) -> Iterator[Item]:
        """Yield the items, with a progress bar where somebody watches."""
        yield from track(
            items, description=what, total=total, disable=not sys.stderr.isatty(), transient=True
        )

    @contextmanager
    def counting(self, what: str) -> Generator[Callable[[int], None], None, None]:
        """Give a function that shows how many were done so far, where somebody watches."""
        with Progress(
            TextColumn(what), BarColumn(), TextColumn("{task.completed:,.0f}"), console=Console(stderr=True),
            transient=True, disable=not sys.stderr.isatty(),
        ) as progress:  # fmt: skip
            bar = progress.add_task(what, total=None)
            yield lambda done: progress.update(bar, completed=done)


def money_json(minor: int, currency: str) -> dict[str, Any]:
    """An amount as every JSON answer writes it."""
    return {"minor": minor, "currency": currency, "amount": str(minor_to_decimal(minor, currency))}


def instant(words: str) -> datetime:
    """Read an ISO 8601 instant; a date alone means its start, no zone means UTC. Raises CommandError."""
    try:
        found = parse_datetime(words)
        day = None if found else parse_date(words)
    except ValueError as error:
        raise CommandError(f"“{words}” is not a possible date and time.") from error
    if found is None and day is not None:
        found = datetime(day.year, day.month, day.day, tzinfo=UTC)
    if found is None:
        raise CommandError(f"“{words}” is not an ISO date and time, such as 2026-11-27T17:00+01:00.")
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def project_named(code: str) -> Project:
    """The project with this code. Raises CommandError that names it."""
    try:
        return Project.objects.select_related("client").get(code=code.upper())
    except Project.DoesNotExist as error:
        raise CommandError(f"There is no project {code}.") from error


def client_named(code: str) -> Client:
    """The client with this code. Raises CommandError that names it."""
    try:
        return Client.objects.get(code=code.upper())
    except Client.DoesNotExist as error:
        raise CommandError(f"There is no client {code}.") from error


def pause_numbered(number: int) -> Pause:
    """The pause with this number. Raises CommandError that names it."""
    try:
        return Pause.objects.select_related("project", "client", "project__client").get(pk=number)
    except Pause.DoesNotExist as error:
        raise CommandError(f"There is no pause {number}.") from error
