"""What all makers share: the day on which tests take place, and the class they derive from."""

from datetime import UTC, date, datetime
from typing import Generic, TypeVar, cast

import factory
from django.db import models

Row = TypeVar("Row", bound=models.Model)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday morning: the instant at which tests take place unless they say otherwise."""
TODAY = date(2026, 3, 2)


class RowFactory(factory.django.DjangoModelFactory, Generic[Row]):  # type: ignore[misc]
    """Makes rows of one model; calling the class saves the row and returns it, typed."""

    class Meta:
        abstract = True

    @classmethod
    def make(cls, **fields: object) -> Row:
        """Save a row and return it as its own type (calling the class does the same, untyped)."""
        return cast(Row, cls.create(**fields))
