"""Whether a pause needs a second person, and who that may be."""

from datetime import date, datetime
from functools import cache
from hashlib import sha256

from currency_converter import CurrencyConverter
from django.conf import settings
from django.core.cache import cache as kept
from django.db.models import Count, Q, QuerySet

from projects.domain.approving import Limits, reasons_for_second_person
from projects.domain.money import minor_to_decimal
from projects.models import Pause, User
from projects.models.people import Role
from projects.queries.recipients import engagements_reached
from projects.queries.usual_pay import UsualPay, usual_pay_of

_KEPT_SECONDS = 600


def why_second_person(pause: Pause, *, starts_at: datetime, at: datetime) -> tuple[str, ...]:
    """Why this pause, saved or not, needs a second person; empty where one is enough."""
    limits = Limits(people=settings.APPROVAL_PEOPLE, weekly_euros=settings.APPROVAL_WEEKLY_EUROS)
    people = engagements_reached(pause).values("contractor").distinct().count()
    euros = 0
    if limits.weekly_euros and not 0 < limits.people <= people:  # the dear question only where it can decide
        euros = weekly_euros(weekly_pay(pause, day=starts_at.date(), audience=str(people)), day=at.date())
    return reasons_for_second_person(
        people=people, weekly_euros=euros, starts_at=starts_at, at=at, limits=limits
    )


def weekly_pay(pause: Pause, *, day: date, audience: str) -> UsualPay:
    """Usual weekly pay of the people a pause stops; kept for ten minutes, as hours come in by the day."""
    chosen = sha256(pause.chosen_codes.encode()).hexdigest()[:16]
    key = f"usual-pay:{pause.project_id}:{pause.client_id}:{chosen}:{audience}:{day}"
    known: UsualPay | None = kept.get(key)
    if known is None:
        known = usual_pay_of(engagements_reached(pause), today=day)
        kept.set(key, known, _KEPT_SECONDS)
    return known


def weekly_euros(pay: UsualPay, *, day: date) -> int:
    """The weekly pay in whole euros at the last rates known, to compare with a limit; what has no rate is left out."""
    return int(sum(_euros(line.central_minor, line.currency, day) for line in pay.pay))


def approvers_of(pause: Pause, *, asked_by: User) -> QuerySet[User]:
    """Who may give the second word: other leads, the client's owners and operations; nobody approves their own."""
    client = pause.client_id or (pause.project.client_id if pause.project else None)
    concerned = Q(owned_clients=client) | Q(role_grants__role=Role.OPERATIONS) | Q(is_superuser=True)
    if pause.project_id:
        concerned |= Q(led_projects=pause.project_id)
    if pause.chosen:  # somebody who leads only some of them has no say over the others
        led = Count("led_projects", filter=Q(led_projects__code__in=pause.chosen), distinct=True)
        leads = User.objects.annotate(led=led).filter(led=len(pause.chosen))
        concerned |= Q(pk__in=leads.values("pk"))
    return User.objects.filter(concerned, is_active=True).exclude(pk=asked_by.pk).distinct().order_by("pk")


@cache
def _bank() -> CurrencyConverter:
    return CurrencyConverter(
        fallback_on_missing_rate=True,
        fallback_on_missing_rate_method="last_known",
        fallback_on_wrong_date=True,
    )


def _euros(minor: int, currency: str, day: date) -> float:
    amount = float(minor_to_decimal(minor, currency))
    if currency == "EUR":
        return amount
    return (
        float(_bank().convert(amount, currency, "EUR", date=day)) if currency in _bank().currencies else 0.0
    )
