"""Kept runs: the list, one with its figures and files, pulling it anew, and the difference of two."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from contractorhub.finance.access import Visit, finance_page
from contractorhub.finance.presenters.addresses import asked_of, with_words
from contractorhub.finance.presenters.differences import present_difference
from contractorhub.finance.presenters.figures import kept_source
from contractorhub.finance.views.tables import file_of, in_background, shown_table
from projects.domain.errors import DomainError
from projects.models import ReportRun
from projects.reports.catalogue import ask_for, is_long, report_named
from projects.reports.difference import difference_of
from projects.reports.files import formats_for
from projects.reports.kept import comparable_runs, newest_runs
from projects.reports.runs import pull

PAGE_RUNS = 100


@require_safe
@finance_page
def runs(request: HttpRequest, visit: Visit) -> HttpResponse:
    """What was pulled, newest first."""
    found = list(newest_runs()[: PAGE_RUNS + 1])
    return render(
        request,
        "finance/runs.html",
        {"runs": with_words(found[:PAGE_RUNS]), "has_more": len(found) > PAGE_RUNS},
    )


@require_safe
@finance_page
def run(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """One kept run with its figures, where they came from, its files, and other runs to hold it against."""
    kept = _run_or_404(public_id)
    context = shown_table(request, kept.name, kept_source(kept), asked_of(kept.parameters), kept.as_of, kept)
    context |= {"run": kept, "formats": formats_for(kept.name).values(), "others": comparable_runs(kept)[:20]}
    return render(request, "finance/run.html", context)


@require_safe
@finance_page
def download(request: HttpRequest, visit: Visit, public_id: uuid.UUID, written_as: str) -> HttpResponseBase:
    """A kept run as a file."""
    kept = _run_or_404(public_id)
    formats = formats_for(kept.name)
    if written_as not in formats:
        raise Http404
    try:
        return file_of(kept, formats[written_as])
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("finance:run", public_id=public_id)


@require_POST
@finance_page
def again(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """Reckon the same question as the record stands now: a new run where figures moved, with what moved."""
    kept = _run_or_404(public_id)
    try:
        report = report_named(kept.name)
        ask = ask_for(report, asked_of(kept.parameters), as_of=kept.as_of, by=visit.user, at=visit.at)
        if is_long(report, ask):
            return redirect("finance:job", job_id=in_background(report, ask, is_fresh=True).pk)
        fresh = pull(report, ask, is_fresh=True)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("finance:run", public_id=public_id)
    if fresh.checksum == kept.checksum:
        messages.success(request, "Nothing has moved: the record still gives these very figures.")
        return redirect("finance:run", public_id=public_id)
    address = reverse("finance:difference", args=[fresh.public_id])
    return redirect(f"{address}?with={kept.public_id}")


@require_safe
@finance_page
def difference(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """What moved between an earlier run, named in the address, and this one."""
    newer = _run_or_404(public_id)
    try:
        older = _run_or_404(uuid.UUID(request.GET.get("with", "")))
        found = difference_of(older, newer)
    except (ValueError, DomainError) as error:
        raise Http404 from error
    return render(
        request,
        "finance/difference.html",
        {"older": older, "newer": newer, "found": present_difference(found)},
    )


def _run_or_404(public_id: uuid.UUID) -> ReportRun:
    kept = ReportRun.objects.select_related("by").filter(public_id=public_id).first()
    if kept is None:
        raise Http404
    return kept
