"""Who has opened what they were told since they were told it: asked before the next channel is tried."""

from collections.abc import Sequence

from django.db.models import Q

from notifications.chains import Told
from projects.models import Acknowledgement, ScopeReassessment


def opened_since(asked: Sequence[Told]) -> set[Told]:
    """Those of these tellings whose pause the person has opened or acknowledged since; two queries.

    A reassessment counts as opened with the pause that it belongs to. Only contractors open things in the portal.
    """
    pause_of = _pause_of_reassessments(asked)
    places = {told: (pause_of.get(told.subject_ref, told.subject_ref), told.recipient_key) for told in asked}
    people = [_number(told.recipient_key) for told in asked if told.recipient_key.startswith("contractor:")]
    pauses = {_number(pause) for pause, _key in places.values() if pause.startswith("pause:")}
    marks = Acknowledgement.objects.filter(
        Q(last_opened_at__isnull=False) | Q(acknowledged_at__isnull=False),
        pause__in=pauses,
        contractor__in=people,
    )
    latest = {
        (f"pause:{pause}", f"contractor:{contractor}"): max(filter(None, instants))
        for pause, contractor, *instants in marks.values_list(
            "pause", "contractor", "last_opened_at", "acknowledged_at"
        )
    }
    return {told for told, place in places.items() if place in latest and latest[place] >= told.since}


def _pause_of_reassessments(asked: Sequence[Told]) -> dict[str, str]:
    """The pause that each of the reassessments among these belongs to."""
    numbers = {_number(told.subject_ref) for told in asked if told.subject_ref.startswith("scope:")}
    rows = ScopeReassessment.objects.filter(pk__in=numbers, pause__isnull=False)
    return {f"scope:{pk}": f"pause:{pause}" for pk, pause in rows.values_list("pk", "pause")}


def _number(ref: str) -> int:
    return int(ref.partition(":")[2])
