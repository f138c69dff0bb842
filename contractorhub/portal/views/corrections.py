"""Something is wrong: say what is right, send papers, follow the answer, take it back."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contractorhub.portal.access import Visit, contractor_page
from contractorhub.portal.correction_forms import FORMS, CorrectionForm
from contractorhub.portal.presenters.corrections import present_correction
from projects.domain.errors import DomainError
from projects.models import Correction, CorrectionPaper, Engagement
from projects.operations.corrections import ask_for_correction, withdraw_correction
from projects.queries.corrections import corrections_of, engagements_to_correct, newest_rate, pause_named


@require_safe
@contractor_page
def corrections(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What may be wrong, each a link to its form; below, what was asked so far."""
    rows = corrections_of(visit.contractor)
    made = [present_correction(row, visit.reader, visit.at, with_papers=False) for row in rows]
    context = {"made": made, "reader": visit.reader, "pause_id": request.GET.get("pause", "")}
    return render(request, "portal/corrections.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@contractor_page
def new_correction(request: HttpRequest, visit: Visit, kind: str) -> HttpResponse:
    """The form of one kind of claim."""
    engagements = engagements_to_correct(visit.contractor)
    if kind not in FORMS or not engagements:
        raise Http404
    typed = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = FORMS[kind](*typed, engagements=engagements, initial=_begun(request, kind, engagements))
    if request.method == "POST" and form.is_valid():
        made = _asked(request, visit, form)
        if made is not None:
            messages.success(request, _("Sent. Your project lead has been told, and will answer."))
            return redirect("portal:correction", public_id=made.public_id)
    context = {"form": form, "kind": kind, "reader": visit.reader}
    return render(request, "portal/correction_new.html", context)


@require_safe
@contractor_page
def correction(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """One claim, and how it stands."""
    words = present_correction(_own_or_404(visit, public_id), visit.reader, visit.at, with_papers=True)
    return render(request, "portal/correction.html", {"one": words, "reader": visit.reader})


@require_POST
@contractor_page
def withdraw(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """Take a claim back."""
    try:
        withdraw_correction(correction=_own_or_404(visit, public_id), by=visit.user, at=visit.at)
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Taken back. Nothing was changed."))
    return redirect("portal:correction", public_id=public_id)


@require_safe
@contractor_page
def paper(request: HttpRequest, visit: Visit, public_id: uuid.UUID, pk: int) -> HttpResponse:
    """One's own paper again, to be kept rather than shown."""
    rows = CorrectionPaper.objects.filter(
        correction__contractor=visit.contractor, correction__public_id=public_id
    )
    found = get_object_or_404(rows, pk=pk)
    response = HttpResponse(bytes(found.content), content_type=found.content_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    return response


def _own_or_404(visit: Visit, public_id: uuid.UUID) -> Correction:
    rows = Correction.objects.select_related("engagement__project", "answered_by")
    return get_object_or_404(rows, contractor=visit.contractor, public_id=public_id)


def _begun(request: HttpRequest, kind: str, engagements: tuple[Engagement, ...]) -> dict[str, object]:
    """What the form begins with: the record as it stands, so that only the wrong part need be typed."""
    chosen = next(
        (row for row in engagements if row.project.code == request.GET.get("project")), engagements[0]
    )
    begun: dict[str, object] = {"engagement": chosen.pk}
    if kind == Correction.Kind.DATES:
        begun["starts_on"] = chosen.starts_on
    rate = newest_rate(chosen) if kind == Correction.Kind.RATE else None
    return begun | ({"currency": rate.currency, "basis": rate.basis} if rate else {})


def _asked(request: HttpRequest, visit: Visit, form: CorrectionForm) -> Correction | None:
    engagement = get_object_or_404(
        Engagement, contractor=visit.contractor, pk=form.cleaned_data["engagement"]
    )
    try:
        return ask_for_correction(
            contractor=visit.contractor,
            engagement=engagement,
            pause=pause_named(visit.contractor, request.GET.get("pause", "")),
            claim=form.claim(),
            papers=form.sent_papers(),
            by=visit.user,
            at=visit.at,
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None
