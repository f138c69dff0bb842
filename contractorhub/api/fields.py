"""Small parts of requests: instants and days that the business can reckon with, and numbers of rows."""

from datetime import date, datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django_filters import CharFilter, IsoDateTimeFilter  # type: ignore[import-untyped]
from django_filters.fields import IsoDateTimeField  # type: ignore[import-untyped]
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contractorhub.api.errors import REFUSED

MOST_KEY: Final = 999_999_999_999_999_999
FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2100
_OUT_OF_RANGE: Final = f"Name a time between {FIRST_YEAR} and {LAST_YEAR}."
# The schema says it by pattern; only an offset across the turn of 2000 or 2100 is not seen by it.
YEARS: Final = r"^20\d\d-"


def _is_reckonable(moment: date) -> bool:
    return FIRST_YEAR <= moment.year < LAST_YEAR


@extend_schema_field({"type": "string", "format": "date-time", "pattern": YEARS})
class Instant(serializers.DateTimeField):
    """An instant with its offset; far-off years are refused, no clock can show them in every zone."""

    def to_internal_value(self, value: Any) -> datetime:
        """Read an ISO 8601 instant."""
        instant: datetime = super().to_internal_value(value)
        if not _is_reckonable(instant):
            raise serializers.ValidationError(_OUT_OF_RANGE, code=REFUSED)
        return instant


@extend_schema_field({"type": "string", "format": "date", "pattern": YEARS})
class Day(serializers.DateField):
    """A day of the same years."""

    def to_internal_value(self, value: Any) -> date:
        """Read an ISO 8601 day."""
        day: date = super().to_internal_value(value)
        if not _is_reckonable(day):
            raise serializers.ValidationError(_OUT_OF_RANGE, code=REFUSED)
        return day


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "date-time", "pattern": YEARS},
            {"type": "string", "const": "now"},
        ],
        "description": "Since when: an instant, or `now`.",
    }
)
class InstantOrNow(Instant):
    """An instant, or the word `now`, which reads as None."""

    def to_internal_value(self, value: Any) -> Any:
        """Read an instant or `now`."""
        return None if value == "now" else super().to_internal_value(value)


class _KeyFormField(forms.CharField):
    def clean(self, value: Any) -> Any:
        """Read a row's number: digits alone, no more than a database's key has."""
        words = super().clean(value)
        if words and not (words.isascii() and words.isdigit() and int(words) <= MOST_KEY):
            raise forms.ValidationError("Give a row's number.", code="invalid")
        return int(words) if words else words


@extend_schema_field({"type": "integer", "minimum": 0, "maximum": MOST_KEY})
class KeyFilter(CharFilter):  # type: ignore[misc]
    """Filters by a row's number."""

    field_class = _KeyFormField


class _YesNoFormField(forms.CharField):
    def clean(self, value: Any) -> Any:
        """Read `true` or `false`; the framework would take any other word for no filter at all."""
        words = super().clean(value)
        if words and words.lower() not in {"true", "false"}:
            raise forms.ValidationError("Say true or false.", code="invalid")
        return words.lower() == "true" if words else None


@extend_schema_field({"type": "boolean"})
class YesNoFilter(CharFilter):  # type: ignore[misc]
    """Filters by true or false."""

    field_class = _YesNoFormField


class _InstantFormField(IsoDateTimeField):  # type: ignore[misc]
    def clean(self, value: Any) -> Any:
        """Read an instant of a reckonable year, in UTC where it says no offset."""
        instant = super().clean(value)
        if instant is None:
            return None
        if not _is_reckonable(instant):
            raise forms.ValidationError(_OUT_OF_RANGE, code=REFUSED)
        return timezone.make_aware(instant) if timezone.is_naive(instant) else instant


@extend_schema_field({"type": "string", "format": "date-time", "pattern": YEARS})
class InstantFilter(IsoDateTimeFilter):  # type: ignore[misc]
    """Filters by an instant of a reckonable year."""

    field_class = _InstantFormField
