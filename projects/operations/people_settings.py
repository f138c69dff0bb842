"""Lets contractors choose for themselves the language they read and the clock they live by."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import available_timezones

from django.db import transaction

from projects.domain.errors import UnableToEngage
from projects.models import Contractor, User
from projects.operations.history import record


def choose_language_and_clock(
    *, contractor: Contractor, locale: str, time_zone: str, offered: Collection[str], by: User, at: datetime
) -> Contractor:
    """Keep the language (one of `offered`) and the time zone; asking for what already holds writes nothing.

    A region that was known stays with the same language: somebody with `en-PH` who keeps English keeps `en-PH`.
    Raises UnableToEngage, naming the field, for a language or zone we do not know.
    """
    if locale not in offered:
        raise UnableToEngage("Choose one of the languages in the list.", field="locale")
    if time_zone not in available_timezones():
        raise UnableToEngage("Choose a time zone from the list, such as Asia/Manila.", field="time_zone")
    with transaction.atomic():
        fresh = Contractor.objects.select_for_update().get(pk=contractor.pk)
        kept = fresh.locale if fresh.locale.replace("_", "-").split("-")[0] == locale else locale
        before = {"locale": fresh.locale, "time_zone": fresh.time_zone}
        after = {"locale": kept, "time_zone": time_zone}
        if before == after:
            return fresh
        fresh.locale, fresh.time_zone = kept, time_zone
        fresh.save(update_fields=["locale", "time_zone"])
        record(
            verb="contractor.settings_chosen",
            subject_ref=f"contractor:{fresh.pk}",
            before=before,
            after=after,
            by=by,
            at=at,
        )
        return fresh
