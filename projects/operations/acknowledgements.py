"""Records that a contractor opened the news of a pause in the portal, and that they acknowledged it."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from projects.models import Acknowledgement, Contractor, Pause


def record_opened(*, pause: Pause, contractor: Contractor, at: datetime) -> Acknowledgement:
    """Note the first and the latest time this person saw this pause in the portal."""
    with transaction.atomic():
        row, is_new = Acknowledgement.objects.get_or_create(
            pause=pause, contractor=contractor, defaults={"opened_at": at, "last_opened_at": at}
        )
        if not is_new and (row.last_opened_at is None or row.last_opened_at < at):
            Acknowledgement.objects.filter(pk=row.pk).update(
                opened_at=Coalesce(F("opened_at"), at), last_opened_at=at
            )
            row.refresh_from_db()
        return row


def acknowledge_pause(*, pause: Pause, contractor: Contractor, via: str, at: datetime) -> Acknowledgement:
    """Note that this person acknowledged this pause; a second tap changes nothing."""
    with transaction.atomic():
        row, is_new = Acknowledgement.objects.get_or_create(
            pause=pause, contractor=contractor, defaults={"acknowledged_at": at, "via": via}
        )
        if not is_new and row.acknowledged_at is None:
            Acknowledgement.objects.filter(pk=row.pk, acknowledged_at__isnull=True).update(
                acknowledged_at=at, via=via
            )
            row.refresh_from_db()
        return row
