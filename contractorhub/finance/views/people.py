"""One person's estimates: where every sum of a report ends, line by line, week by week, with the hours behind."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contractorhub.finance.access import Visit, finance_page
from contractorhub.finance.presenters.persons import present_person
from projects.access import contractors_visible_to, estimates_visible_to
from projects.domain.errors import DomainError
from projects.models import ReportRun
from projects.queries.person import estimates_of_person
from projects.reports.frozen import sources_of_run
from projects.reports.parameters import as_of_day


@require_safe
@finance_page
def person(request: HttpRequest, visit: Visit, contractor_id: int) -> HttpResponse:
    """The estimates of one person as of a day, or those that a kept run was made from."""
    found = contractors_visible_to(visit.user).filter(pk=contractor_id).first()
    if found is None:
        raise Http404
    pause = request.GET.get("pause", "")
    kept = _run(request.GET.get("run", ""))
    try:
        as_of = as_of_day(kept.as_of if kept else request.GET.get("as_of"), at=visit.at)
    except DomainError as error:
        raise Http404 from error
    estimates = estimates_of_person(
        estimates_visible_to(visit.user),
        found.pk,
        as_of=as_of,
        pause=int(pause) if pause.isdigit() and len(pause) < 16 else None,
        runs=sources_of_run(kept) if kept else (),
    )
    context = {
        "person": found,
        "as_of": as_of,
        "estimates": list(map(present_person, estimates)),
        "run": kept,
    }
    return render(request, "finance/person.html", context)


def _run(public_id: str) -> ReportRun | None:
    try:
        return ReportRun.objects.filter(public_id=uuid.UUID(public_id)).first() if public_id else None
    except ValueError as error:
        raise Http404 from error
