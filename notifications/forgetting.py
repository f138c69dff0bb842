"""Lets go of who read a notice once nobody needs to know: counts and states stay, names and addresses go."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from notifications.models import Attempt, Delivery, Recipient, Wish
from notifications.states import CANCELLED, WAITING

_AT_ONCE = 2_000


def forget_reader(key: str) -> int:
    """Forget everything that says who this reader is, deliveries still on their way too; how many notices."""
    Wish.objects.filter(recipient_key=key).delete()
    with transaction.atomic():
        readers = Recipient.objects.filter(key=key)
        Delivery.objects.filter(recipient__in=readers, state__in=WAITING).update(
            state=CANCELLED, reason="the person was erased"
        )
        return _forget(readers)


def forget_readers_before(before: datetime) -> int:
    """Forget the readers of notices that were staged before; how many notices' readers."""
    told, old = 0, Recipient.objects.filter(notice__staged_at__lt=before).exclude(name="")
    while keys := list(old.values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            told += _forget(Recipient.objects.filter(pk__in=keys))
    return told


def _forget(readers: QuerySet[Recipient]) -> int:
    keys = list(readers.values_list("pk", flat=True))
    Attempt.objects.filter(delivery__recipient__in=keys).update(detail="")
    Delivery.objects.filter(recipient__in=keys).update(address="", provider_ref="")
    return Recipient.objects.filter(pk__in=keys).update(name="", fields={}, fallbacks={})
