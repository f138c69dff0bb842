"""A contractor's calendar link and request for erasure, as they stand."""

from projects.models import CalendarLink, Contractor, ErasureRequest


def contractor_of_calendar(token_hash: str) -> Contractor | None:
    """Whose calendar a secret opens; nobody's once it was replaced or taken away, or the login is closed."""
    link = CalendarLink.objects.select_related("contractor__user").filter(token_hash=token_hash).first()
    if link is None or (link.contractor.user is not None and not link.contractor.user.is_active):
        return None
    return link.contractor


def has_calendar_link(contractor: Contractor) -> bool:
    """Whether somebody can read this person's calendar by link."""
    return CalendarLink.objects.filter(contractor=contractor).exists()


def newest_erasure_request(contractor: Contractor) -> ErasureRequest | None:
    """The latest request, open or answered."""
    return ErasureRequest.objects.filter(contractor=contractor).select_related("closed_by").first()
