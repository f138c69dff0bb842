"""Writes what was agreed with a client about stopping its work."""

from datetime import datetime
from typing import Final

from django.db import transaction

from projects.access import may_close_periods
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.models import Client, User
from projects.operations.history import record

MOST_DAYS: Final = 366


def agree_notice(*, client: Client, days: int, by: User | None, at: datetime) -> None:
    """Say how many days of notice a client gives before work may stop. Raises NotAllowed or UnableToEngage."""
    if by is not None and not may_close_periods(by):
        raise NotAllowed("Terms of clients are kept by finance and operations.")
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
