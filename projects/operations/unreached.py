"""Tells leads and integrations of people whom notices did not reach: gathered, so that a broken relay floods nobody."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from notifications import outbox
from notifications.endpoints import switched_off_since
from notifications.models import Notice
from notifications.troubles import TroubleFacts, forget_troubles, untold_troubles
from projects.desk_notices import UNREACHED, Unreached, switched_off_message, unreached_message
from projects.domain.event_types import DELIVERY_FAILED
from projects.models import Contractor, Pause, User
from projects.operations.events import announce_about_pause
from projects.operations.promises import people_who_lead
from projects.queries.recipients import user_recipients

AT_ONCE: Final = 500
AN_EVENT: Final = 100
NOT_OFTENER_THAN: Final = timedelta(minutes=15)
LATELY: Final = timedelta(days=1)


def tell_of_switched_off(*, at: datetime) -> int:
    """Tell owners of endpoints that were switched off for their failures, each once; how many were newly told."""
    told = 0
    for endpoint in switched_off_since(at - LATELY):
        with transaction.atomic():
            message = switched_off_message(endpoint=endpoint, at=at)
            owner = User.objects.filter(pk=endpoint.owner_id, is_active=True)
            told += outbox.stage(message, recipients=user_recipients(owner, {}), at=at).is_new
            outbox.ring_after_commit()
    return told


def tell_of_unreached(*, at: datetime) -> int:
    """Tell the leads of each pause whom its notices did not reach; the number of deliveries told.

    Leads of one pause hear at most once in 15 minutes; the others wait until then. What is about no pause is dropped:
    it stands in the list of deliveries.
    """
    by_subject: dict[str, list[TroubleFacts]] = defaultdict(list)
    for trouble in untold_troubles(at_most=AT_ONCE):
        by_subject[trouble.subject_ref].append(trouble)
    return sum(_tell(subject, troubles, at=at) for subject, troubles in by_subject.items())


def _tell(subject: str, troubles: Sequence[TroubleFacts], *, at: datetime) -> int:
    kind, _sep, number = subject.partition(":")
    pause = None
    if kind == "pause":
        pause = Pause.objects.select_related("project__client", "client").filter(pk=number).first()
    with transaction.atomic():
        if pause is None:
            forget_troubles([each.pk for each in troubles])
            return 0
        told = Notice.objects.filter(subject_ref=_subject(pause), staged_at__gt=at - NOT_OFTENER_THAN)
        if told.exists():
            return 0
        if not forget_troubles([each.pk for each in troubles]):
            return 0
        _tell_leads(pause, troubles, at=at)
        _tell_integrations(pause, troubles, at=at)
        return len(troubles)


def _tell_leads(pause: Pause, troubles: Sequence[TroubleFacts], *, at: datetime) -> None:
    people = [Unreached(each.name, each.channel, each.reason, each.has_other) for each in troubles]
    message = unreached_message(
        pause=pause, people=people, subject_ref=_subject(pause), key=f"{UNREACHED}:{troubles[0].pk}", at=at
    )
    leads = people_who_lead(pause, with_owners=False)
    outbox.stage(message, recipients=user_recipients(leads, {}), at=at)
    outbox.ring_after_commit()


def _tell_integrations(pause: Pause, troubles: Sequence[TroubleFacts], *, at: datetime) -> None:
    keys = [each.recipient_key for each in troubles]
    numbers = {int(key.partition(":")[2]) for key in keys if key.startswith("contractor:")}
    public_ids = dict(Contractor.objects.filter(pk__in=numbers).values_list("pk", "public_id"))
    failed = [
        {
            "contractor": public_ids.get(int(each.recipient_key.partition(":")[2])),
            "channel": each.channel,
            "state": each.state,
            "reason": each.reason,
        }
        for each in troubles
        if each.recipient_key.startswith("contractor:")
    ]
    for first in range(0, len(failed), AN_EVENT):
        part = failed[first : first + AN_EVENT]
        data = {"pause": pause.public_id, "count": len(part), "deliveries": part}
        key = f"unreached:{troubles[0].pk}:{first}"
        announce_about_pause(DELIVERY_FAILED, pause=pause, key=key, data=data, at=at)


def _subject(pause: Pause) -> str:
    return f"unreached:{pause.pk}"
