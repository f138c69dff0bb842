"""What a contractor may fill in; forms check what was typed, operations decide."""

from functools import cache
from zoneinfo import available_timezones

from babel.numbers import get_currency_name
from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from contractorhub.portal.choosing import BriefSelect
from projects.queries.exchange_rates import currencies_in_use

AREAS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


@cache
def zone_choices() -> tuple[tuple[str, str], ...]:
    """Time zones by the city people know; the old short names only confuse. Asking looks through a folder."""
    zones = sorted(zone for zone in available_timezones() if zone.startswith(AREAS))
    return (("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones))


def currency_choices() -> list[tuple[str, str]]:
    """Currencies with a published rate, named in the reader's language; first of all none."""
    locale = (get_language() or "en").replace("-", "_")
    named = [(code, f"{code} · {get_currency_name(code, locale=locale)}") for code in currencies_in_use()]
    return [("", gettext("None, only as I am paid")), *named]


class SettingsForm(forms.Form):
    """Language, clock and currency."""

    locale = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=BriefSelect)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        widget=BriefSelect,
        help_text=_("Every time in the portal and in your notices is shown on this clock."),
    )

    display_currency = forms.ChoiceField(
        label=_("Also show amounts in"),
        choices=currency_choices,
        widget=BriefSelect,
        required=False,
        help_text=_("Worked out with an exchange rate; the day of the rate is shown."),
    )


class StatementForm(forms.Form):
    """The days a statement is about; both belong to it."""

    first_day = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
