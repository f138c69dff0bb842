"""The list of reports, the page of one with its filters in the address, and pulling what a page shows."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from contractorhub.finance.access import Visit, finance_page
from contractorhub.finance.presenters.addresses import asked_of, report_address, schedule_address, with_words
from contractorhub.finance.presenters.figures import (
    Source,
    kept_source,
    live_source,
)
from contractorhub.finance.presenters.filters import form_of
from contractorhub.finance.views.tables import file_of, in_background, shown_table
from projects.access import may_close_periods
from projects.domain.errors import DomainError
from projects.queries.accuracy import newest_watch
from projects.reports.catalogue import (
    LIVE_ROWS,
    Report,
    ask_for,
    is_long,
    report_named,
    reports_for,
    table_of,
)
from projects.reports.drafts import Ask
from projects.reports.files import format_named, formats_for
from projects.reports.kept import newest_runs
from projects.reports.runs import earlier_run
from projects.reports.runs import pull as pull_asked

OURS = frozenset({"as_of", "live", "page", "format", "checksum", "csrfmiddlewaretoken"})
"""What stands in the address or the form beside the parameters of a report."""


@require_safe
@finance_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every report there is, what was pulled lately, and the alarm where ranges no longer hold."""
    context = {
        "reports": reports_for(visit.user),
        "runs": with_words(newest_runs()[:6]),
        "cover": newest_watch(),
    }
    return render(request, "finance/index.html", context)


@require_safe
@finance_page
def report(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """One report: the kept figures of its day and filters where there are some, else those of now."""
    found = report_or_404(name, visit)
    asked = asked_in(request.GET)
    context: dict[str, Any] = {
        "report": found,
        "formats": formats_for(found.name).values(),
        "as_of": request.GET.get("as_of", ""),
    }
    try:
        ask = ask_for(found, asked, as_of=request.GET.get("as_of"), by=visit.user, at=visit.at)
        is_live = bool(request.GET.get("live"))
        run = None if is_live else earlier_run(found, ask)
        length = found.count(ask) if run is None and found.count is not None else 0
        source = kept_source(run) if run is not None else _live(found, ask) if length <= LIVE_ROWS else None
    except DomainError as error:
        field = error.field or ""
        context |= form_of(found, asked, {field: error.message})
        context |= {"error": error.message, "error_field": field}
        return render(request, "finance/report.html", context, status=400)
    context |= {
        **form_of(found, asked, {}),
        "as_of": ask.as_of.isoformat(),
        "asked": asked_of(ask.values),
    }
    if source is None:
        return render(request, "finance/report.html", {**context, "length": length})
    context |= shown_table(request, found.name, source, asked_of(ask.values), ask.as_of, run)
    context |= {"kept": None if not is_live else earlier_run(found, ask), "run": run}
    context["live_address"] = report_address(found.name, asked_of(ask.values), ask.as_of, live=1)
    context["may_schedule"] = may_close_periods(visit.user)
    context["schedule_address"] = schedule_address(found.name, asked_of(ask.values))
    context["kept_address"] = report_address(found.name, asked_of(ask.values), ask.as_of)
    return render(request, "finance/report.html", context)


@require_POST
@finance_page
def pull(request: HttpRequest, visit: Visit, name: str) -> HttpResponseBase:
    """Keep the figures that a page showed and hand them over; figures that moved meanwhile are shown first."""
    found = report_or_404(name, visit)
    wanted = request.POST.get("format", "")
    try:
        ask = ask_for(
            found, asked_in(request.POST), as_of=request.POST.get("as_of"), by=visit.user, at=visit.at
        )
        written_as = format_named(wanted, report=found.name) if wanted else None
        if earlier_run(found, ask) is None and is_long(found, ask):
            return redirect("finance:job", job_id=in_background(found, ask).pk)
        run = pull_asked(found, ask)
        moved = run.checksum != request.POST.get("checksum", "")
        if written_as is not None and not moved:
            return file_of(run, written_as)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("finance:report", name=found.name)
    if moved:
        messages.warning(
            request, "The figures moved while the page was open. These are the ones that were kept."
        )
        return redirect("finance:run", public_id=run.public_id)
    return redirect("finance:run", public_id=run.public_id)


def _live(found: Report, ask: Ask) -> Source:
    return live_source(table_of(found, ask)[0])


def report_or_404(name: str, visit: Visit) -> Report:
    """The report of this name where somebody may pull it."""
    try:
        found = report_named(name)
    except DomainError as error:
        raise Http404 from error
    if not found.may_pull(visit.user):
        raise Http404
    return found


def asked_in(query: QueryDict) -> dict[str, list[str]]:
    """The parameters in an address or a form; fields that were left empty ask nothing."""
    return {
        name: [text for text in texts if text.strip()]
        for name, texts in query.lists()
        if name not in OURS and any(text.strip() for text in texts)
    }
