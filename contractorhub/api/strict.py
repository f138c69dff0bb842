"""Fields of requests that take the JSON type which the schema names and no other: 5 is no text, "5" is no number."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class Text(serializers.CharField):
    """A text."""

    def to_internal_value(self, data: Any) -> str:
        """Read a text; the framework would take a number for one."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Coded(serializers.RegexField):
    """A text of one pattern."""

    def to_internal_value(self, data: Any) -> str:
        """Read a text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Address(serializers.EmailField):
    """An email address."""

    def to_internal_value(self, data: Any) -> str:
        """Read a text."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Number(serializers.IntegerField):
    """A whole number; true is none."""

    def to_internal_value(self, data: Any) -> int:
        """Read a number; the framework would take a text of digits for one."""
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return super().to_internal_value(data)


class YesNo(serializers.BooleanField):
    """True or false."""

    def to_internal_value(self, data: Any) -> bool:
        """Read it; the framework would take 1, "yes" and "on" for true."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Key(serializers.UUIDField):
    """The public id of a thing, with its four hyphens."""

    def to_internal_value(self, data: Any) -> UUID:
        """Read it; the framework would take a number for one."""
        if not isinstance(data, str) or len(data) != 36:
            self.fail("invalid", value=data)
        found: UUID = super().to_internal_value(data)
        return found


@extend_schema_field({"type": "string", "format": "decimal", "pattern": r"^\d{1,9}(\.\d{1,6})?$"})
class Amount(serializers.DecimalField):
    """Units of a currency, as text: a fraction in JSON may have lost its last digits on the way."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=15, decimal_places=6, min_value=Decimal(0), **options)

    def to_internal_value(self, data: Any) -> Decimal:
        """Read a decimal that was written as text, such as `21.50`."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)
