"""Open work: seats that fit with their pay compared, interest, an offer answered, and what one can do."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from contractorhub.portal.access import Visit, contractor_page
from contractorhub.portal.presenters.seats import present_seat_choice
from projects.domain.errors import DomainError
from projects.models import OpenSeat
from projects.operations.seats import (
    accept_offer,
    decline_offer,
    express_interest,
    set_skills,
    withdraw_interest,
)
from projects.queries.seats import seat_for, seats_for

ACTS = {
    "interest": (express_interest, gettext_lazy("Your interest was sent to the lead of that project.")),
    "withdraw": (withdraw_interest, gettext_lazy("Taken back.")),
    "accept": (accept_offer, gettext_lazy("You have said yes. The work is now on your status page.")),
    "decline": (decline_offer, gettext_lazy("You have said no. It changes nothing else for you.")),
}


@require_safe
@contractor_page
def open_work(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Seats open to this person, those offered to them first."""
    seats = [present_seat_choice(each, visit.reader) for each in seats_for(visit.contractor, at=visit.at)]
    skills = ", ".join(visit.contractor.skills.order_by("name").values_list("name", flat=True))
    return render(
        request, "portal/open_work.html", {"seats": seats, "skills": skills, "reader": visit.reader}
    )


@require_POST
@contractor_page
def answer_seat(request: HttpRequest, visit: Visit, pk: int) -> HttpResponse:
    """Say that one would like a seat, take that back, or answer an offer."""
    act = ACTS.get(request.POST.get("act", ""))
    if act is None or seat_for(visit.contractor, pk, at=visit.at) is None:
        raise Http404
    perform, done = act
    words = {"words": request.POST.get("words", "")} if perform is express_interest else {}
    try:
        perform(
            seat=get_object_or_404(OpenSeat, pk=pk),
            contractor=visit.contractor,
            by=visit.user,
            at=visit.at,
            **words,
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, done)
    return redirect("portal:open_work")


@require_POST
@contractor_page
def skills(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Keep what one can do, in words parted by commas."""
    named = request.POST.get("skills", "").split(",")
    try:
        set_skills(contractor=visit.contractor, skills=named, by=visit.user, at=visit.at)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("portal:open_work")
