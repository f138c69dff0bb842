"""A long report while it is built: how far it is, calling it off, and where it went."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from contractorhub.finance.access import Visit, finance_page
from contractorhub.finance.presenters.addresses import asked_of
from projects.domain.errors import DomainError
from projects.models import JobRun
from projects.operations.report_jobs import KIND, call_off


@require_safe
@finance_page
def job(request: HttpRequest, visit: Visit, job_id: int) -> HttpResponse:
    """How far a report is; once it is kept, the run itself."""
    found = _job_or_404(job_id)
    if found.state == JobRun.State.DONE:
        return redirect("finance:run", public_id=found.result["run"])
    asked = found.parameters
    words = [f"{name}: {', '.join(each)}" for name, each in asked_of(asked["values"]).items()]
    share = min(100, 100 * found.done_count // max(found.total_count, 1))
    context = {"job": found, "asked": asked, "words": words, "share": share}
    return render(request, "finance/job.html", context)


@require_POST
@finance_page
def stop(request: HttpRequest, visit: Visit, job_id: int) -> HttpResponse:
    """Call a report off."""
    found = _job_or_404(job_id)
    try:
        call_off(job=found, by=visit.user, at=visit.at)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("finance:job", job_id=job_id)


def _job_or_404(job_id: int) -> JobRun:
    found = JobRun.objects.filter(pk=job_id, kind=KIND).first()
    if found is None:
        raise Http404
    return found
