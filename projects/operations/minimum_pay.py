"""Puts the least an hour may pay in a country on record, from a day, with where it says so."""

from datetime import date, datetime

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.domain.money import is_currency
from projects.models import MinimumPay, User
from projects.operations.history import record


def keep_minimum_pay(
    *,
    country: str,
    starts_on: date,
    amount_millionths: int,
    currency: str,
    source: str,
    by: User | None,
    at: datetime,
) -> MinimumPay:
    """Record one figure; a day that has one keeps it. Raises NotAllowed or UnableToEngage."""
    if by is not None and not (access.is_operations(by) or access.is_finance(by)):
        raise NotAllowed("Only operations and finance may put minimum pay on record.")
    if len(country) != 2 or not country.isalpha():
        raise UnableToEngage("Write the country as two letters, such as PH.", field="country")
    if not is_currency(currency):
        raise UnableToEngage(f"“{currency}” is not a currency, such as USD.", field="currency")
    if amount_millionths <= 0:
        raise UnableToEngage("Minimum pay is more than nothing.", field="amount")
    if not source.strip():
        raise UnableToEngage("Say where the figure is written, such as the law and its page.", field="source")
    facts = {
        "country": country.upper(), "starts_on": starts_on, "amount_millionths": amount_millionths,
        "currency": currency, "source": source.strip()[:300],
    }  # fmt: skip
    with transaction.atomic():
        if MinimumPay.objects.filter(country=country.upper(), starts_on=starts_on).exists():
            raise UnableToEngage(
                f"There is a figure for {country.upper()} from {starts_on} already; history does not move.",
                field="starts_on",
            )
        row = MinimumPay.objects.create(**facts)
        record(
            verb="minimum_pay.kept",
            subject_ref=f"minimumpay:{row.pk}",
            before={},
            after=facts,
            by=by,
            at=at,
        )
        return row
