"""From a request's body to a contractor's own claim that something in their record is wrong, and taking it back."""

from typing import Any, Final

from django.utils import timezone

from contractorhub.api.errors import unknown
from contractorhub.api.making import millionths, read
from contractorhub.api.serializers.closing import CorrectionIn
from projects import access
from projects.domain.errors import NotAllowed
from projects.models import Contractor, Correction, Engagement, Pause, User
from projects.operations.corrections import Claim, ask_for_correction, withdraw_correction
from projects.queries.corrections import pause_named

_OF_A_DAY: Final = ("worked_on", "seconds")
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "hours": _OF_A_DAY,
    "before_notice": _OF_A_DAY,
    "rate": ("starts_on", "basis", "currency"),
    "dates": ("starts_on", "ends_on"),
}
"""What each kind of claim says; whatever else was sent is not kept."""


def asked_by(user: User, body: Any) -> Correction:
    """Say what is wrong in one's own record; the leads of the project are told."""
    contractor = _themselves(user)
    asked = read(CorrectionIn, body)
    engagement = Engagement.objects.filter(contractor=contractor, public_id=asked["engagement"]).first()
    if engagement is None:
        raise unknown("engagement", "There is no such engagement of yours.")
    kind, amount = asked["kind"], asked["amount"]
    said = {name: asked[name] for name in _FIELDS[kind] if name in asked}
    if kind == Correction.Kind.RATE and amount is not None:
        said["amount_millionths"] = millionths(amount)
    return ask_for_correction(
        contractor=contractor,
        engagement=engagement,
        pause=_pause(contractor, asked["pause"]),
        claim=Claim(kind=kind, words=asked["words"], **said),
        papers=(),
        by=user,
        at=timezone.now(),
    )


def taken_back_by(user: User, correction: Correction) -> Correction:
    """Take one's own claim back before it is answered."""
    if correction.contractor_id != _themselves(user).pk:
        raise NotAllowed("Only the contractor takes their correction back.")
    return withdraw_correction(correction=correction, by=user, at=timezone.now())


def _themselves(user: User) -> Contractor:
    contractor = access.own_contractor(user)
    if contractor is None:
        raise NotAllowed("Contractors ask for corrections of their own record.")
    return contractor


def _pause(contractor: Contractor, public_id: Any) -> Pause | None:
    if public_id is None:
        return None
    found = pause_named(contractor, str(public_id))
    if found is None:
        raise unknown("pause", "There is no such pause of your work.")
    return found
