"""How one person reads: instants on their own clock, days, lengths of time, money and shares in their language."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import (
    format_date,
    format_datetime,
    format_skeleton,
    format_time,
    format_timedelta,
    get_datetime_format,
    get_timezone_location,
)
from babel.numbers import format_currency, format_decimal, format_percent

from projects.domain.money import exponent_of, format_money, format_rate, minor_to_decimal
from projects.models import Contractor

WHOLE_UNITS_FROM = Decimal(10)
HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Reader:
    """A language (with its region, which decides how money is written), a clock, and a currency to show as well."""

    locale: Locale
    zone: ZoneInfo
    today: date
    display_currency: str = ""

    @classmethod
    def of(cls, contractor: Contractor, language: str, at: datetime) -> "Reader":
        """How this contractor reads in `language` at `at`; a zone that is unknown falls back to UTC."""
        try:
            zone = ZoneInfo(contractor.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("UTC")
        locale = locale_of(contractor.locale, language)
        return cls(locale, zone, at.astimezone(zone).date(), contractor.display_currency)

    @property
    def zone_name(self) -> str:
        """The city whose clock is shown: `Manila`."""
        if self.zone.key == "UTC":
            return "UTC"
        return str(get_timezone_location(self.zone, locale=self.locale, return_city=True))

    def instant(self, moment: datetime) -> str:
        """`Fri, Nov 27, 5:00 PM` on this person's clock; the year is said where it is another than today's."""
        local = moment.astimezone(self.zone)
        day = self.day(local.date())
        time = format_time(local, "short", tzinfo=self.zone, locale=self.locale)
        pattern = str(get_datetime_format("medium", locale=self.locale))
        return pattern.replace("'", "").replace("{0}", time).replace("{1}", day)

    def full_instant(self, moment: datetime) -> str:
        """The same in full, with the zone: for titles and print."""
        return str(
            format_datetime(moment.astimezone(self.zone), "full", tzinfo=self.zone, locale=self.locale)
        )

    def iso(self, moment: datetime) -> str:
        """The instant for machines, with its offset."""
        return moment.astimezone(self.zone).isoformat(timespec="minutes")

    def day(self, day: date) -> str:
        """`Fri, Nov 27`, with the year where it is another than today's."""
        skeleton = "MMMEd" if day.year == self.today.year else "yMMMEd"
        return str(
            format_skeleton(skeleton, datetime(day.year, day.month, day.day, tzinfo=UTC), locale=self.locale)
        )

    def short_day(self, day: date) -> str:
        """`Nov 27`."""
        return str(
            format_skeleton("MMMd", datetime(day.year, day.month, day.day, tzinfo=UTC), locale=self.locale)
        )

    def month_day_year(self, day: date) -> str:
        """`Nov 27, 2026`."""
        return str(format_date(day, "medium", locale=self.locale))

    def length(self, span: timedelta) -> str:
        """`5 hours`, `2 days`, in the largest unit that says it well."""
        return str(format_timedelta(abs(span), granularity="minute", threshold=1.2, locale=self.locale))

    def distance(self, span: timedelta) -> str:
        """`in 2 days` or `5 hours ago`."""
        return str(
            format_timedelta(
                span, granularity="minute", threshold=1.2, add_direction=True, locale=self.locale
            )
        )

    def about(self, minor: Decimal | int, currency: str) -> str:
        """Money for a sentence: whole units from ten units on, else with the currency's own places."""
        amount = Decimal(minor).scaleb(-exponent_of(currency))
        if abs(amount) < WHOLE_UNITS_FROM:
            return format_money(
                int(Decimal(minor).to_integral_value(ROUND_HALF_UP)), currency, str(self.locale)
            )
        whole = amount.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        pattern = self.locale.currency_formats["standard"]
        return str(
            format_currency(
                whole, currency, pattern.pattern.replace(".00", ""), locale=self.locale, currency_digits=False
            )
        )

    def money(self, minor: int, currency: str) -> str:
        """Money to the cent."""
        return format_money(minor, currency, str(self.locale))

    def rate(self, millionths: int, currency: str) -> str:
        """A rate with the places it needs."""
        return format_rate(millionths, currency, str(self.locale))

    def hours(self, seconds: int) -> str:
        """Seconds as hours with one place at most: `37.5`."""
        hours = (Decimal(seconds) / HOUR).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
        return str(format_decimal(hours, locale=self.locale))

    def share(self, basis_points: int) -> str:
        """5000 basis points are `50%`."""
        return str(format_percent(Decimal(basis_points) / 10_000, locale=self.locale))

    def units(self, minor: int, currency: str) -> Decimal:
        """The plain number of an amount, for a chart."""
        return minor_to_decimal(minor, currency)


def locale_of(code: str, language: str) -> Locale:
    """The person's own locale when its language is the one spoken, else the plain language.

    >>> str(locale_of("en-PH", "en")), str(locale_of("xx", "es"))
    ('en_PH', 'es')
    """
    try:
        locale = Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)
    return locale if locale.language == language else Locale.parse(language)
