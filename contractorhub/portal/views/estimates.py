"""My estimate: all of them at a glance, and one with its lines, weeks and what is not known."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from contractorhub.portal.access import Visit, contractor_page
from contractorhub.portal.presenters.cards import present_card
from contractorhub.portal.presenters.estimate import present_own_estimate
from projects.queries.own_estimates import own_estimates, own_estimates_of_pause
from projects.queries.portal import pause_of_contractor
from projects.queries.remaining import chances_of_open_pause


@require_safe
@contractor_page
def estimates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What each pause costs; somebody with one pause goes straight to it."""
    found = own_estimates(visit.contractor)
    pauses = {own.facts.pause_public_id for own in found}
    if len(pauses) == 1:
        return redirect("portal:estimate", public_id=pauses.pop())
    pages = [present_own_estimate(own, visit.reader, visit.at) for own in found]
    return render(request, "portal/estimates.html", {"pages": pages, "reader": visit.reader})


@require_safe
@contractor_page
def estimate(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """What one pause costs, and how that is worked out."""
    card = pause_of_contractor(visit.contractor, public_id, visit.at)
    if card is None:
        raise Http404
    found = own_estimates_of_pause(visit.contractor, public_id)
    chances = chances_of_open_pause(public_id, at=visit.at)
    context = {
        "card": present_card(card, visit.reader, visit.at),
        "pages": [present_own_estimate(own, visit.reader, visit.at, chances) for own in found],
        "reader": visit.reader,
    }
    return render(request, "portal/estimate.html", context)
