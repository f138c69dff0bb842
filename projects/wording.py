"""Small words that notices and faces share: days, instants, shares and names as each language writes them."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent
from django.utils import translation

from projects.models import Project, User


def babel_locale(code: str | None = None) -> Locale:
    """The locale of a language code, of the active language when none is given, English when unknown."""
    try:
        return Locale.parse((code or translation.get_language() or "en").replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def language_name(code: str) -> str:
    """A language by its own name: `Español`."""
    locale = babel_locale(code)
    return str(locale.get_display_name(locale) or code).capitalize()


def format_day(day: date, locale: str | None = None) -> str:
    """A day in full: `Friday, November 27, 2026`."""
    return str(format_date(day, format="full", locale=babel_locale(locale)))


def format_instant(instant: datetime, time_zone: str, locale: str | None = None) -> str:
    """An instant on somebody's own clock, with the zone said: `Friday, November 27, 5:00 PM Manila Time`."""
    zone = ZoneInfo(time_zone)
    return str(
        format_datetime(
            instant.astimezone(zone), "EEEE, d MMMM y, HH:mm", tzinfo=zone, locale=babel_locale(locale)
        )
        + f" ({time_zone.replace('_', ' ')})"
    )


def format_share(basis_points: int, locale: str | None = None) -> str:
    """5000 basis points are `50%`."""
    return str(format_percent(basis_points / 10_000, locale=babel_locale(locale)))


def format_hours(seconds: int, locale: str | None = None) -> str:
    """Seconds as hours with two places at most: `37.5`."""
    return str(format_decimal(Decimal(seconds) / 3_600, format="#,##0.##", locale=babel_locale(locale)))


def project_names(projects: Iterable[Project], locale: str | None = None) -> str:
    """The names of projects as a sentence lists them: `Chordus, Musen and Nova`."""
    return str(format_list([project.name for project in projects], locale=babel_locale(locale)))


def lead_names(projects: Iterable[Project]) -> str:
    """The leads of these projects with their addresses, each once: `Lea Diaz <lea@firm.example>, …`."""
    leads = (
        User.objects.filter(led_projects__in=list(projects), is_active=True)
        .distinct()
        .order_by("name", "email")
    )
    return ", ".join(f"{lead.name} ({lead.email})" if lead.name else lead.email for lead in leads)
