"""A contractor's own corrections, and the engagements they can be about."""

import uuid

from django.db.models import F

from projects.models import Contractor, Correction, Engagement, Pause, Rate
from projects.queries.portal_rows import pauses_told_to


def corrections_of(contractor: Contractor) -> tuple[Correction, ...]:
    """Everything this person has asked to correct, the newest first, papers without their content."""
    rows = Correction.objects.filter(contractor=contractor).select_related(
        "engagement__project", "answered_by"
    )
    return tuple(rows)


def engagements_to_correct(contractor: Contractor) -> tuple[Engagement, ...]:
    """The person's engagements, those that go on first, then the newest."""
    rows = Engagement.objects.filter(contractor=contractor).select_related("project")
    return tuple(rows.order_by(F("ends_on").desc(nulls_first=True), "-starts_on", "project__code"))


def pause_named(contractor: Contractor, public_id: str) -> Pause | None:
    """The pause somebody came from, when it is one that was told to them."""
    try:
        wanted = uuid.UUID(public_id)
    except ValueError:
        return None
    return pauses_told_to(contractor).filter(public_id=wanted).first()


def newest_rate(engagement: Engagement) -> Rate | None:
    """What the engagement pays by the latest rate on record."""
    return Rate.objects.filter(engagement=engagement).order_by("-starts_on").first()
