"""Scope reassessments on the desk: start one, see the old terms against the new, decide."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.admin.act_forms import ActForm, DecideScopeForm, StartScopeForm, next_word_initial
from projects.admin.permissions import DeskAdmin, signed_in
from projects.admin.scope_words import Meaning, meaning_of
from projects.admin.words import hours_words, rate_words
from projects.domain.errors import DomainError
from projects.domain.money import format_rate
from projects.domain.periods import local_day
from projects.models import Engagement, Pause, Project, Rate, ScopeReassessment
from projects.operations.scope import decide_reassessment, start_reassessment
from projects.queries.reasons import usual_next_word

_FIELD_OF = {
    "new_weekly_seconds": "new_hours",
    "new_rate_millionths": "new_rate",
}


@dataclass(frozen=True, slots=True)
class OldTerm:
    """One set of terms in force on a project, and how many engagements have it."""

    rate: str
    hours: str
    engagements: int


@admin.register(ScopeReassessment)
class ScopeReassessmentAdmin(DeskAdmin[ScopeReassessment]):
    """Reassessments with what came of them."""

    visible = staticmethod(
        lambda user: ScopeReassessment.objects.filter(project__in=access.projects_visible_to(user))
    )
    list_display = ("project", "outcome", "started_at", "next_update_by", "decided_at", "effective_on")
    list_filter = ("outcome", ("project", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("project",)
    fields = (
        "project", "pause", "outcome", "what_it_means", "next_update_by", "started_at", "started_by", "decided_at",
        "decided_by", "effective_on", "new_weekly_hours", "new_rate", "new_end_on",
    )  # fmt: skip
    readonly_fields = ("new_weekly_hours", "new_rate")

    @admin.display(description=gettext_lazy("new hours a week"))
    def new_weekly_hours(self, row: ScopeReassessment) -> str:
        """Hours, where they changed."""
        return hours_words(row.new_weekly_seconds)

    @admin.display(description=gettext_lazy("new rate"))
    def new_rate(self, row: ScopeReassessment) -> str:
        """The amount, where it changed."""
        if row.new_rate_millionths is None:
            return "–"
        return format_rate(row.new_rate_millionths, row.new_rate_currency)

    def get_urls(self) -> list[URLPattern]:
        """The ordinary pages, and the decision."""
        decide_address = path(
            "<int:pk>/decide/", self.admin_site.admin_view(decide), name="projects_scope_decide"
        )
        return [decide_address, *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Start a reassessment of `?project=ID`."""
        return start(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The reassessment's page, with a way to decide it."""
        row = self.get_object(request, object_id)
        is_pending = row is not None and row.outcome == "pending"
        may_decide = is_pending and row is not None and access.may_pause(request.user, project=row.project)
        address = reverse("admin:projects_scope_decide", args=[object_id]) if may_decide else ""
        return super().change_view(
            request, object_id, form_url, {"decide_address": address, **(extra_context or {})}
        )


def start(request: HttpRequest) -> HttpResponse:
    """Say that a project's scope is being reassessed, what that means now, and when the next word comes."""
    project = _project(request, request.GET.get("project", ""))
    proposed = usual_next_word(at=timezone.now(), time_zone=project.time_zone)
    typed = request.POST if request.method == "POST" else None
    form = StartScopeForm(typed, initial=next_word_initial(proposed), zone=project.time_zone)
    if typed is not None and form.is_valid():
        pause = Pause.objects.open().filter(project=project).first()
        told = {**form.cleaned_data, "project": project, "pause": pause}
        if _did(request, form, lambda: start_reassessment(by=signed_in(request), at=timezone.now(), **told)):
            return HttpResponseRedirect(reverse("admin:projects_scopereassessment_changelist"))
    return _page(request, project, form, title=_("Reassess the scope of %(project)s"), template="start.html")


def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what came of a reassessment, with the terms in force beside the new ones."""
    rows = ScopeReassessment.objects.filter(project__in=access.projects_visible_to(request.user))
    row = get_object_or_404(rows.select_related("project__client", "pause"), pk=pk)
    project = _project(request, str(row.project_id))
    page = reverse("admin:projects_scopereassessment_change", args=[pk])
    if row.outcome != "pending":
        messages.error(request, _("This reassessment is already decided."))
        return HttpResponseRedirect(page)
    typed = request.POST if request.method == "POST" else None
    today = local_day(timezone.now(), project.time_zone)
    form = DecideScopeForm(typed, initial={"effective_on": today}, zone=project.time_zone)
    meaning = None
    if typed is not None and form.is_valid():
        meaning = meaning_of(project, form.terms())
        is_meant = not meaning.outcome.below or "below_is_meant" in typed
        if (
            typed.get("intent") != "preview"
            and is_meant
            and _did(request, form, lambda: _decide(request, row, form))
        ):
            return HttpResponseRedirect(page)
    return _page(
        request,
        project,
        form,
        title=_("Decide the scope of %(project)s"),
        template="decide.html",
        meaning=meaning,
    )


def _decide(request: HttpRequest, row: ScopeReassessment, form: DecideScopeForm) -> ScopeReassessment:
    return decide_reassessment(
        reassessment=row,
        outcome=form.cleaned_data["outcome"],
        what_it_means=form.cleaned_data["what_it_means"],
        terms=form.terms(),
        by=signed_in(request),
        at=timezone.now(),
    )


def _did(request: HttpRequest, form: ActForm, perform: Any) -> bool:
    try:
        perform()
    except DomainError as error:
        form.refuse(error.message, _FIELD_OF.get(error.field or "", error.field))
        return False
    messages.success(request, _("Recorded; everybody on the project is being told."))
    return True


def _project(request: HttpRequest, number: str) -> Project:
    """A project the reader may decide about; any other is not found."""
    visible = access.projects_visible_to(request.user).select_related("client")
    project = get_object_or_404(visible, pk=number if number.isdecimal() else 0)
    if not access.may_pause(request.user, project=project):
        raise Http404
    return project


def _page(
    request: HttpRequest,
    project: Project,
    form: ActForm,
    *,
    title: str,
    template: str,
    meaning: Meaning | None = None,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title % {"project": project},
        "project": project,
        "form": form,
        "zone": project.time_zone,
        "old_terms": old_terms(project),
        "meaning": meaning,
        "opts": ScopeReassessment._meta,
    }
    return TemplateResponse(request, f"admin/projects/scopereassessment/{template}", context)


def old_terms(project: Project, *, shown: int = 12) -> tuple[OldTerm, ...]:
    """The terms in force today, the most common first, in two queries."""
    today = local_day(timezone.now(), project.time_zone)
    engagements = Engagement.objects.filter(project=project).active_on(today)
    in_force: dict[int, Rate] = {}
    for rate in Rate.objects.filter(engagement__in=engagements, starts_on__lte=today).order_by("starts_on"):
        in_force[rate.engagement_id] = rate
    terms = Counter(
        (rate_words(rate), hours_words(rate.contracted_weekly_seconds)) for rate in in_force.values()
    )
    missing = engagements.count() - len(in_force)
    rows = [OldTerm(rate, hours, number) for (rate, hours), number in terms.most_common(shown)]
    return (*rows, OldTerm(_("no rate on record"), "–", missing)) if missing else tuple(rows)
