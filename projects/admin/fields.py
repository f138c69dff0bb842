"""Form fields of the desk: instants on a project's clock, and people with a reason, one a line."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.models import Contractor

_MOST_DIGITS = 18  # more is no key of the database
LOCAL = "%Y-%m-%dT%H:%M"


class ZonedInstantField(forms.DateTimeField):
    """An instant typed on the clock of `zone` (an IANA name), kept aware."""

    def __init__(self, *, zone: str = "UTC", **options: Any) -> None:
        """Show the browser's own picker where it has one; the text it sends is read all the same."""
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
        options.setdefault("error_messages", {"invalid": _("Write the day and time as 2026-03-31 17:00.")})
        super().__init__(widget=widget, **options)
        self.zone = zone

    def prepare_value(self, value: Any) -> Any:
        """Show an instant on the zone's clock."""
        if isinstance(value, datetime) and timezone.is_aware(value):
            return value.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)
        return value

    def to_python(self, value: Any) -> datetime | None:
        """Read a local time of the zone; one that a change of clocks skips or repeats is refused."""
        with timezone.override(self.zone):
            return super().to_python(value)


class DayField(forms.DateField):
    """A calendar day."""

    def __init__(self, **options: Any) -> None:
        """Show the browser's own picker where it has one."""
        options.setdefault("error_messages", {"invalid": _("Write the day as 2026-03-31.")})
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def numbers_in(words: Iterable[str]) -> list[int]:
    """The keys among what a form or an address sends; what cannot be one is left out."""
    return [int(word) for word in words if word.isdecimal() and len(word) <= _MOST_DIGITS]


def read_exclusions(words: str, *, people: Iterable[Contractor]) -> tuple[tuple[int, str], ...]:
    """Who keeps working and why, from lines such as `ana@people.example, hands the data back`.

    Raises ValidationError for the first line that names nobody of `people` or gives no reason.
    """
    known = {person.email: person.pk for person in people}
    chosen: dict[int, str] = {}
    for number, line in enumerate(words.splitlines(), start=1):
        if not line.strip():
            continue
        address, _comma, reason = (part.strip() for part in line.partition(","))
        person = known.get(address.lower())
        if person is None:
            told = _("Line %(number)d: nobody engaged there has the address “%(address)s”.")
            raise ValidationError(told % {"number": number, "address": address})
        if not reason:
            told = _("Line %(number)d: say after a comma why %(address)s goes on working.")
            raise ValidationError(told % {"number": number, "address": address})
        chosen[person] = reason[:300]
    return tuple(chosen.items())


def addresses_in(words: str) -> set[str]:
    """The addresses at the start of each line, in lower case."""
    return {line.partition(",")[0].strip().lower() for line in words.splitlines() if line.strip()}
