"""What new terms of a project would mean for each person: old against new, the difference a week, minimum pay."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.domain.money import decimal_to_minor, rate_to_decimal
from projects.models import Engagement, MinimumPay, Project, Rate
from projects.models.work import PayBasis

_HOUR = Decimal(3_600)
_MONTHS, _WEEKS = Decimal(12), Decimal(52)


@dataclass(frozen=True, slots=True)
class NewTerms:
    """What would hold from a day on; None where nothing changes. Rates in millionths, hours in seconds a week."""

    effective_on: date
    weekly_seconds: int | None = None
    rate_millionths: int | None = None
    currency: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class PersonTerms:
    """One engagement before and after. `weekly_change_minor` is None where hours or currency leave it open.

    `minimum` is what stands on record for their country on that day; `is_below` says whether the new hourly pay is
    less, None where no figure is on record or it cannot be compared.
    """

    contractor_id: int
    name: str
    country: str
    basis: str
    currency: str
    old_millionths: int
    new_millionths: int
    new_currency: str
    old_seconds: int | None
    new_seconds: int | None
    old_ends_on: date | None
    new_ends_on: date | None
    weekly_change_minor: int | None
    minimum: MinimumPay | None
    is_below: bool | None

    @property
    def is_cut(self) -> bool:
        """Whether they would be paid less for the same unit of work."""
        return self.currency == self.new_currency and self.new_millionths < self.old_millionths


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everybody's terms, and the sums: people cut, people below the minimum, people without a rate, change a week."""

    people: tuple[PersonTerms, ...]
    cut: int
    below: int
    without_rate: int
    weekly_change: tuple[tuple[str, int], ...]


def outcome_of(project: Project, terms: NewTerms) -> Outcome:
    """What the terms would mean on a project, person by person; four queries, whatever their number."""
    engagements = list(
        Engagement.objects.filter(project=project)
        .active_on(terms.effective_on)
        .select_related("contractor")
        .order_by("contractor__name", "pk")
    )
    rates = _rates_in_force(engagements, terms.effective_on)
    minimums = _minimums({each.contractor.country for each in engagements}, terms.effective_on)
    people = [
        _person(each, rates[each.pk], terms, minimums.get(each.contractor.country))
        for each in engagements
        if each.pk in rates
    ]
    change: Counter[str] = Counter()
    for person in people:
        change[person.currency] += person.weekly_change_minor or 0
    return Outcome(
        people=tuple(
            sorted(people, key=lambda person: (not person.is_below, person.weekly_change_minor or 0))
        ),
        cut=sum(person.is_cut for person in people),
        below=sum(bool(person.is_below) for person in people),
        without_rate=len(engagements) - len(people),
        weekly_change=tuple(sorted(change.items())),
    )


def _rates_in_force(engagements: Sequence[Engagement], day: date) -> dict[int, Rate]:
    rows = Rate.objects.filter(engagement__in=engagements, starts_on__lte=day).order_by("starts_on")
    return {rate.engagement_id: rate for rate in rows}


def _minimums(countries: set[str], day: date) -> Mapping[str, MinimumPay]:
    rows = MinimumPay.objects.filter(country__in=countries, starts_on__lte=day).order_by("starts_on")
    return {row.country: row for row in rows}


def _person(engagement: Engagement, rate: Rate, terms: NewTerms, minimum: MinimumPay | None) -> PersonTerms:
    new_rate = rate.amount_millionths if terms.rate_millionths is None else terms.rate_millionths
    currency = terms.currency or rate.currency
    old_seconds = rate.contracted_weekly_seconds
    new_seconds = old_seconds if terms.weekly_seconds is None else terms.weekly_seconds
    before = _weekly(rate.basis, rate.amount_millionths, old_seconds)
    after = _weekly(rate.basis, new_rate, new_seconds)
    is_known = before is not None and after is not None and currency == rate.currency
    hourly = _hourly(rate.basis, new_rate, new_seconds)
    can_check = minimum is not None and hourly is not None and minimum.currency == currency
    return PersonTerms(
        contractor_id=engagement.contractor_id,
        name=engagement.contractor.name,
        country=engagement.contractor.country,
        basis=rate.basis,
        currency=rate.currency,
        old_millionths=rate.amount_millionths,
        new_millionths=new_rate,
        new_currency=currency,
        old_seconds=old_seconds,
        new_seconds=new_seconds,
        old_ends_on=engagement.ends_on,
        new_ends_on=_earlier(engagement.ends_on, terms.ends_on),
        weekly_change_minor=decimal_to_minor((after or 0) - (before or Decimal(0)), currency)
        if is_known
        else None,
        minimum=minimum,
        is_below=(hourly or 0) < rate_to_decimal(minimum.amount_millionths)
        if can_check and minimum
        else None,
    )


def _weekly(basis: str, millionths: int, seconds: int | None) -> Decimal | None:
    """Pay of a week; None where it hangs on hours or tasks that are not agreed."""
    amount = rate_to_decimal(millionths)
    if basis == PayBasis.WEEK:
        return amount
    if basis == PayBasis.MONTH:
        return amount * _MONTHS / _WEEKS
    return amount * seconds / _HOUR if basis == PayBasis.HOUR and seconds is not None else None


def _hourly(basis: str, millionths: int, seconds: int | None) -> Decimal | None:
    if basis == PayBasis.HOUR:
        return rate_to_decimal(millionths)
    week = _weekly(basis, millionths, seconds)
    return week / (seconds / _HOUR) if week is not None and seconds else None


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)
