"""The first page, the page of one pause, and the tap that acknowledges it."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from contractorhub.portal.access import Visit, contractor_page
from contractorhub.portal.presenters.cards import present_card, present_home, unread
from contractorhub.portal.presenters.status_json import status_document
from contractorhub.portal.presenters.timeline import present_timeline
from projects.models import Pause
from projects.operations.acknowledgements import acknowledge_pause, record_opened
from projects.queries.portal import contractor_home, pause_of_contractor
from projects.queries.portal_facts import EngagementCard, PauseFacts
from projects.queries.timeline import timeline_of


@require_safe
@contractor_page
def home(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Am I paused, why, since when, until when, what does it cost me, what now."""
    found = contractor_home(visit.contractor, visit.at)
    _note_opened(found.cards, visit)
    words = present_home(found, visit.reader, visit.at)
    return render(
        request, "portal/home.html", {"home": words, "reader": visit.reader, "person": visit.contractor}
    )


@require_safe
@contractor_page
def pause(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """One pause with everything that was told about it."""
    card = _card_or_404(visit, public_id)
    _note_opened([card], visit)
    words = present_timeline(timeline_of(_fact_of(card).pk, visit.contractor), visit.reader, visit.at)
    context = {"card": present_card(card, visit.reader, visit.at), "words": words, "reader": visit.reader}
    return render(request, "portal/pause.html", context)


@require_POST
@contractor_page
def acknowledge(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """One tap: I have read this."""
    fact = _fact_of(_card_or_404(visit, public_id))
    acknowledge_pause(pause=Pause(pk=fact.pk), contractor=visit.contractor, via="portal", at=visit.at)
    messages.success(request, _("Thank you. Your project lead can see that you have read this."))
    if request.POST.get("from") == "home":
        return redirect("portal:home")
    return redirect("portal:pause", public_id=public_id)


@require_safe
@contractor_page
def status_json(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The first page for programs: codes instead of words, instants with their offset, money in minor units."""
    return JsonResponse(status_document(contractor_home(visit.contractor, visit.at), visit.at))


def _card_or_404(visit: Visit, public_id: uuid.UUID) -> EngagementCard:
    card = pause_of_contractor(visit.contractor, public_id, visit.at)
    if card is None:
        raise Http404
    return card


def _fact_of(card: EngagementCard) -> PauseFacts:
    if card.pause is None:
        raise Http404
    return card.pause


def _note_opened(cards: Sequence[EngagementCard], visit: Visit) -> None:
    """Record that each pause shown was seen, for the first time and lately.

    A GET that writes: it is bookkeeping about the reading itself, once a pause, person and ten minutes, and repeating
    it changes nothing; asking people to press a button first would make "opened" untrue.
    """
    for pk in unread(cards, visit.at):
        record_opened(pause=Pause(pk=pk), contractor=visit.contractor, at=visit.at)
