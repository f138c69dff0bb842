"""Reports for programs: which there are, and one with its rows, totals and origin, as finance's pages show it."""

from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, Final, cast

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from contractorhub.api.errors import refused
from contractorhub.api.models import Scope
from contractorhub.api.views.base import asker
from projects.domain.errors import UnableToReport
from projects.reports.catalogue import REPORTS, Report, ask_for, is_long, reports_for, table_of
from projects.reports.drafts import Ask
from projects.reports.files import FORMATS
from projects.reports.frozen import table_of_run
from projects.reports.runs import earlier_run
from projects.reports.table import Table

IN_MEMORY: Final = 4_000_000
"""So many bytes of an answer stand in memory before the rest goes to the disk."""
_AS_OF = OpenApiParameter(
    "as_of", OpenApiTypes.DATE, description="As known at the end of this day; today by default. Every parameter that "
    "the list of reports names may be given too, several values parted by commas.",
)  # fmt: skip
_NAME = OpenApiParameter("name", str, OpenApiParameter.PATH, enum=[report.name for report in REPORTS])
_PARAMETER = inline_serializer(
    "ReportParameter",
    {"name": serializers.CharField(), "label": serializers.CharField(), "shape": serializers.CharField()},
    many=True,
)
_REPORTS = inline_serializer(
    "Reports",
    {
        "results": inline_serializer(
            "Report",
            {
                "name": serializers.CharField(),
                "title": serializers.CharField(),
                "summary": serializers.CharField(),
                "parameters": _PARAMETER,
            },
            many=True,
        )
    },
)


class ReportList(APIView):
    """Which reports there are."""

    @extend_schema(operation_id="reports", responses=_REPORTS, tags=["reports"])
    def get(self, request: Request) -> Response:
        """List the reports that you may pull, with their parameters; none for whoever may pull none."""
        return Response({"results": [_facts(report) for report in reports_for(asker(request))]})


class ReportDetail(APIView):
    """One report as JSON."""

    read_scope = Scope.REPORTS_READ

    @extend_schema(
        operation_id="report",
        parameters=[_NAME, _AS_OF],
        responses={(200, "application/json"): OpenApiTypes.OBJECT},
        tags=["reports"],
    )
    def get(self, request: Request, name: str) -> HttpResponseBase:
        """Give the kept figures of the day and parameters where there are some, else those of now; keeps nothing."""
        found = next((one for one in reports_for(asker(request)) if one.name == name), None)
        if found is None:
            raise NotFound("There is no such report that you may pull.")
        if request.query_params.get("as_of") == "":
            raise refused("as_of", "Name a day such as 2026-03-02, or leave it out.")
        asked = {key: request.query_params.getlist(key) for key in request.query_params if key != "as_of"}
        try:
            ask = ask_for(
                found,
                asked,
                as_of=request.query_params.get("as_of"),
                by=asker(request),
                at=timezone.now(),
            )
            return _answer(_table(found, ask))
        except UnableToReport as error:
            raise refused(error.field or "name", error.message) from error


def _answer(table: Table) -> HttpResponseBase:
    """The table as JSON, whole before anything is sent; a long one goes over the disk and never stands in memory."""
    out = cast(BinaryIO, SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - closed here or by the answer
    try:
        FORMATS["json"].write(table, out)
    except BaseException:
        out.close()
        raise
    size = out.tell()
    out.seek(0)
    if size > IN_MEMORY:
        return FileResponse(out, content_type="application/json")
    with out:
        return HttpResponse(out.read(), content_type="application/json")


def _table(report: Report, ask: Ask) -> Table:
    run = earlier_run(report, ask)
    if run is not None:
        return table_of_run(run)
    if is_long(report, ask):
        raise UnableToReport(
            "This is too long to reckon at once: build it on its page, then ask again.", field="by"
        )
    return table_of(report, ask)[0]


def _facts(report: Report) -> dict[str, Any]:
    return {
        "name": report.name,
        "title": report.title,
        "summary": report.summary,
        "parameters": [
            {"name": one.name, "label": one.label, "shape": one.shape.value} for one in report.parameters
        ],
    }
