"""What the pages of a live report and of a kept run share: the table a page at a time, files to save, long builds."""

from collections.abc import Mapping
from datetime import date
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from django.http import FileResponse, HttpRequest

from contractorhub.finance.presenters.figures import PageTable, Source, present_table
from contractorhub.finance.presenters.leads import leads_of, total_leads_of
from projects.models import JobRun, ReportRun
from projects.operations.report_jobs import ask_for_report
from projects.reports.catalogue import Report
from projects.reports.drafts import Ask
from projects.reports.files import Format, file_name
from projects.reports.frozen import table_of_run

IN_MEMORY: Final = 4_000_000
"""So many bytes of a file stand in memory before the rest goes to the disk."""


def in_background(report: Report, ask: Ask, *, is_fresh: bool = False) -> JobRun:
    """Ask for a long report to be built by a worker."""
    rows = report.count(ask) if report.count is not None else 0
    assert ask.by is not None  # noqa: S101 - whoever looks at a page is somebody
    return ask_for_report(
        name=report.name,
        values=ask.values,
        as_of=ask.as_of,
        rows=rows,
        by=ask.by,
        at=ask.at,
        is_fresh=is_fresh,
    )


def file_of(run: ReportRun, written_as: Format) -> FileResponse:
    """A kept run as a file to save; nothing is sent before it is whole, and a long one never stands in memory."""
    table = table_of_run(run)
    out = cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - sent and closed
    try:
        written_as.write(table, out)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return FileResponse(
        out, as_attachment=True, filename=file_name(table, written_as), content_type=written_as.content_type
    )


def shown_table(
    request: HttpRequest,
    name: str,
    source: Source,
    asked: Mapping[str, list[str]],
    as_of: date,
    run: ReportRun | None,
) -> dict[str, Any]:
    """What the table's part of a page needs; `pages` keep every filter of the address."""
    number, table = request.GET.get("page", "1"), source.table
    page = present_table(
        source,
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
