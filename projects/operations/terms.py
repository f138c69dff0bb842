"""Writes what was agreed with a client about stopping its work: days of notice, and the policy of reference pay."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from projects.access import may_close_periods
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.domain.money import is_currency
from projects.models import Client, Pause, User
from projects.models.clients import PayPolicy
from projects.operations.estimates import ask_for_estimate
from projects.operations.history import record

MOST_DAYS: Final = 366
WHOLE_BP: Final = 10_000
MOST_CAP: Final = 10**12


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """A named policy of reference pay, the share of it that is guaranteed, and the most a month in minor units."""

    pay_policy: str
    guaranteed_share_bp: int = WHOLE_BP
    monthly_cap_minor: int | None = None
    monthly_cap_currency: str = ""


def agree_notice(*, client: Client, days: int, by: User | None, at: datetime) -> None:
    """Say how many days of notice a client gives before work may stop. Raises NotAllowed or UnableToEngage."""
    _refuse_others(by)
    if not 0 <= days <= MOST_DAYS:
        raise UnableToEngage(f"Days of notice lie from 0 to {MOST_DAYS}.", field="days")
    with transaction.atomic():
        before = Client.objects.select_for_update().get(pk=client.pk).notice_days
        Client.objects.filter(pk=client.pk).update(notice_days=days)
        record(
            verb="client.notice_agreed",
            subject_ref=f"client:{client.pk}",
            before={"days": before},
            after={"days": days},
            by=by,
            at=at,
        )


def agree_policy(*, client: Client, policy: PolicyFacts, by: User | None, at: datetime) -> None:
    """Say by which policy reference pay is reckoned on a client's work; its open pauses are estimated anew.

    Runs that are done keep the policy they were made under. Raises NotAllowed or UnableToEngage.
    """
    _refuse_others(by)
    _refuse_unfit(policy)
    facts: dict[str, Any] = asdict(policy)
    with transaction.atomic():
        standing = Client.objects.select_for_update().get(pk=client.pk)
        before = {name: getattr(standing, name) for name in facts}
        if before == facts:
            return
        Client.objects.filter(pk=client.pk).update(**facts)
        record(
            verb="client.policy_agreed",
            subject_ref=f"client:{client.pk}",
            before=before,
            after=facts,
            by=by,
            at=at,
        )
        for pause in Pause.objects.open().filter(Q(client=client) | Q(project__client=client)):
            ask_for_estimate(pause=pause, reason="policy", at=at)


def _refuse_others(by: User | None) -> None:
    if by is not None and not may_close_periods(by):
        raise NotAllowed("Terms of clients are kept by finance and operations.")


def _refuse_unfit(policy: PolicyFacts) -> None:
    if policy.pay_policy not in PayPolicy.values:
        allowed = ", ".join(PayPolicy.values)
        raise UnableToEngage(
            f"“{policy.pay_policy}” is not a policy; choose one of {allowed}.", field="pay_policy"
        )
    if not 0 <= policy.guaranteed_share_bp <= WHOLE_BP:
        raise UnableToEngage("What is guaranteed is a share from 0 to 100 %.", field="guaranteed_share_bp")
    cap = policy.monthly_cap_minor
    if cap is not None and not 0 <= cap <= MOST_CAP:
        raise UnableToEngage("That is no limit of a month's pay.", field="monthly_cap_minor")
    if (cap is None) != (not policy.monthly_cap_currency):
        raise UnableToEngage("A limit and its currency go together.", field="monthly_cap_currency")
    if policy.monthly_cap_currency and not is_currency(policy.monthly_cap_currency):
        raise UnableToEngage(
            f"“{policy.monthly_cap_currency}” is not a currency, such as USD.", field="monthly_cap_currency"
        )
