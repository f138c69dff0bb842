"""Timelines of a project and a contractor, and versions of a pause or of a template side by side."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from projects import access
from projects.admin.pause_page import seen_pause
from projects.admin.permissions import desk_of, signed_in
from projects.admin.verbs import fact_name, fact_words, in_words
from projects.models import AnswerTemplate, Contractor, Pause, Project
from projects.queries.timelines import (
    Done,
    Version,
    compared,
    timeline_of_contractor,
    timeline_of_project,
    versions_of,
)


def project_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was done with a project the reader may see."""
    project = get_object_or_404(access.projects_visible_to(request.user), pk=pk)
    events = timeline_of_project(project, user=signed_in(request))
    return _timeline(request, Project, project, events)


def contractor_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was done with a contractor, as far as the reader may see."""
    contractor = get_object_or_404(access.contractors_visible_to(request.user), pk=pk)
    events = timeline_of_contractor(contractor, user=signed_in(request))
    return _timeline(request, Contractor, contractor, events)


def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions of a pause side by side: the first and the last unless others are asked for."""
    pause = seen_pause(request, pk)
    context: dict[str, Any] = {"pause": pause, "title": _("Versions of %(pause)s") % {"pause": pause}}
    return _side_by_side(request, Pause, versions_of(pause), context)


def template_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Versions of the template of one reason and language side by side."""
    if not desk_of(request).has_desk:
        raise Http404
    row = get_object_or_404(AnswerTemplate, pk=pk)
    rows = AnswerTemplate.objects.filter(reason_code=row.reason_code, locale=row.locale)
    kept = tuple(
        Version(
            each.version,
            each.made_at,
            str(each.made_by or ""),
            _("version %(number)d") % {"number": each.version},
            {name: getattr(each, name) for name in AnswerTemplate.ANSWERS},
        )
        for each in rows.select_related("made_by").order_by("version")
    )
    title = _("Versions of “%(reason)s”, %(language)s")
    context = {"title": title % {"reason": row.get_reason_code_display(), "language": row.locale}}
    return _side_by_side(request, AnswerTemplate, kept, context)


def _timeline(request: HttpRequest, model: type[Model], row: Model, events: Sequence[Done]) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("What happened: %(row)s") % {"row": row},
        "events": [(event, in_words(event.verb)) for event in events],
        "opts": model._meta,
    }
    return TemplateResponse(request, "admin/projects/timeline.html", context)


def _side_by_side(
    request: HttpRequest, model: type[Model], kept: Sequence[Version], context: dict[str, Any]
) -> HttpResponse:
    then = _chosen(request, "then", kept, default=0)
    later = _chosen(request, "later", kept, default=-1)
    rows = compared(then.facts, later.facts) if then and later else ()
    context |= {
        **admin.site.each_context(request),
        "versions": [(version, in_words(version.verb)) for version in kept],
        "then": then,
        "later": later,
        "rows": [
            (
                fact_name(row.name),
                fact_words(row.name, row.then),
                fact_words(row.name, row.later),
                row.differs,
            )
            for row in rows
        ],
        "opts": model._meta,
    }
    return TemplateResponse(request, "admin/projects/versions.html", context)


def _chosen(request: HttpRequest, name: str, kept: Sequence[Version], *, default: int) -> Version | None:
    asked = request.GET.get(name, "")
    found = next((version for version in kept if str(version.number) == asked), None)
    return found or (kept[default] if kept else None)
