"""Kept runs as lists: newest first, and those that one may be held against."""

from django.db.models import QuerySet

from projects.models import ReportRun


def newest_runs() -> QuerySet[ReportRun]:
    """Every run, newest first, without its rows."""
    return ReportRun.objects.select_related("by").defer("rows").order_by("-pulled_at", "-pk")


def comparable_runs(run: ReportRun) -> list[ReportRun]:
    """Other runs of the same report with the same grouping and filters, of any day, newest first."""
    others = newest_runs().filter(name=run.name).exclude(pk=run.pk)
    return [other for other in others[:200] if other.parameters.get("by") == run.parameters.get("by")]
