"""The list of reports, the page of one with its filters in the address, and pulling what a page shows."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from contractorhub.finance.access import Visit, finance_page
from contractorhub.finance.presenters.addresses import asked_of, report_address, with_words
from contractorhub.finance.presenters.figures import PageTable, present_table
from contractorhub.finance.presenters.filters import form_of
from contractorhub.finance.presenters.leads import leads_of, total_leads_of
from projects.domain.errors import DomainError
from projects.models import ReportRun
from projects.reports.catalogue import Report, ask_for, report_named, reports_for, table_of
from projects.reports.files import FORMATS, Format, file_name, format_named
from projects.reports.frozen import table_of_run
from projects.reports.kept import newest_runs
from projects.reports.runs import earlier_run
from projects.reports.runs import pull as pull_asked
from projects.reports.table import Table

OURS = frozenset({"as_of", "live", "page", "format", "checksum", "csrfmiddlewaretoken"})
"""What stands in the address or the form beside the parameters of a report."""


@require_safe
@finance_page
def index(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every report there is, and what was pulled lately."""
    context = {"reports": reports_for(visit.user), "runs": with_words(newest_runs()[:6])}
    return render(request, "finance/index.html", context)


@require_safe
@finance_page
def report(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """One report: the kept figures of its day and filters where there are some, else those of now."""
    found = _report_or_404(name, visit)
    asked = _asked(request.GET)
    context: dict[str, Any] = {
        "report": found,
        "formats": FORMATS.values(),
        "as_of": request.GET.get("as_of", ""),
    }
    try:
        ask = ask_for(found, asked, as_of=request.GET.get("as_of"), by=visit.user, at=visit.at)
        is_live = bool(request.GET.get("live"))
        run = None if is_live else earlier_run(found, ask)
        table = table_of_run(run) if run is not None else table_of(found, ask)[0]
    except DomainError as error:
        field = error.field or ""
        context |= form_of(found, asked, {field: error.message})
        context |= {"error": error.message, "error_field": field}
        return render(request, "finance/report.html", context, status=400)
    context |= shown_table(request, found.name, table, asked_of(ask.values), ask.as_of, run)
    context |= {
        **form_of(found, asked, {}),
        "as_of": ask.as_of.isoformat(),
        "asked": asked_of(ask.values),
    }
    context |= {"kept": None if not is_live else earlier_run(found, ask), "run": run}
    context["live_address"] = report_address(found.name, asked_of(ask.values), ask.as_of, live=1)
    context["kept_address"] = report_address(found.name, asked_of(ask.values), ask.as_of)
    return render(request, "finance/report.html", context)


@require_POST
@finance_page
def pull(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Keep the figures that a page showed and hand them over; figures that moved meanwhile are shown first."""
    found = _report_or_404(name, visit)
    wanted = request.POST.get("format", "")
    try:
        ask = ask_for(
            found, _asked(request.POST), as_of=request.POST.get("as_of"), by=visit.user, at=visit.at
        )
        written_as = format_named(wanted) if wanted else None
        run = pull_asked(found, ask)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("finance:report", name=found.name)
    if run.checksum != request.POST.get("checksum", ""):
        messages.warning(
            request, "The figures moved while the page was open. These are the ones that were kept."
        )
        return redirect("finance:run", public_id=run.public_id)
    return file_of(run, written_as) if written_as else redirect("finance:run", public_id=run.public_id)


def file_of(run: ReportRun, written_as: Format) -> HttpResponse:
    """A kept run as a file to save; nothing is sent before it is whole."""
    table, out = table_of_run(run), BytesIO()
    written_as.write(table, out)
    response = HttpResponse(out.getvalue(), content_type=written_as.content_type)
    response["Content-Disposition"] = f'attachment; filename="{file_name(table, written_as)}"'
    return response


def shown_table(
    request: HttpRequest,
    name: str,
    table: Table,
    asked: Mapping[str, list[str]],
    as_of: date,
    run: ReportRun | None,
) -> dict[str, Any]:
    """What the table's part of a page needs; `pages` keep every filter of the address."""
    number = request.GET.get("page", "1")
    page = present_table(
        table,
        page=int(number) if number.isdigit() and len(number) < 7 else 1,
        leads=leads_of(name, table, asked, as_of, run),
        total_leads=total_leads_of(name, asked, as_of),
    )
    return {
        "table": table,
        "page": page,
        "before": _other(request, page, -1),
        "after": _other(request, page, 1),
    }


def _other(request: HttpRequest, page: PageTable, step: int) -> str:
    if not 1 <= page.page + step <= page.pages:
        return ""
    query = request.GET.copy()
    query["page"] = str(page.page + step)
    return f"?{query.urlencode()}"


def _report_or_404(name: str, visit: Visit) -> Report:
    try:
        found = report_named(name)
    except DomainError as error:
        raise Http404 from error
    if not found.may_pull(visit.user):
        raise Http404
    return found


def _asked(query: QueryDict) -> dict[str, list[str]]:
    """The parameters in an address or a form; fields that were left empty ask nothing."""
    return {
        name: [text for text in texts if text.strip()]
        for name, texts in query.lists()
        if name not in OURS and any(text.strip() for text in texts)
    }
