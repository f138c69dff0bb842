"""What a report is asked with, and what its builder answers before provenance is added."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from projects.models import User
from projects.reports.table import Chart, Column, Rows


@dataclass(frozen=True, slots=True)
class Ask:
    """A checked question: as of which day, with which values, at which instant, by whom (None: the firm itself)."""

    as_of: date
    values: Mapping[str, Any]
    at: datetime
    by: User | None = None

    def texts(self, name: str) -> tuple[str, ...]:
        """A parameter's values; empty where it was not asked."""
        return tuple(self.values.get(name, ()))

    def numbers(self, name: str) -> tuple[int, ...]:
        """A parameter's ids; empty where it was not asked."""
        return tuple(int(value) for value in self.values.get(name, ()))

    def day(self, name: str) -> date | None:
        """A parameter's day; None where it was not asked."""
        return date.fromisoformat(self.values[name]) if name in self.values else None


@dataclass(frozen=True, slots=True)
class Draft:
    """A report's columns and rows with all that explains them.

    `rows` may be a function that opens a fresh iterator; then `row_count` says how many there will be. `keys` are the
    columns that tell a row from the others: by them two runs are compared. `groups` are columns by which rows are
    ordered. `inputs` name everything that was read, `sources` are the ids of the estimate runs among it.
    """

    columns: tuple[Column, ...]
    rows: Rows
    keys: tuple[str, ...]
    method: str
    groups: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    inputs: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    method_version: str = ""
    row_count: int | None = None


def fingerprint(inputs: Iterable[str]) -> str:
    """SHA-256 over the names of everything that was read, in order."""
    mark = hashlib.sha256()
    for name in inputs:
        mark.update(f"{name}\n".encode())
    return mark.hexdigest()
