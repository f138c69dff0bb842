"""Work on the desk: projects with their pause button, and engagements with their rates."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.admin import histories, several
from projects.admin.long_lists import ProjectsWithPeople
from projects.admin.permissions import DeskAdmin, ReadOnlyRows, leads_or_runs, signed_in
from projects.admin.words import composer_address, hours_words, link, rate_words
from projects.models import Engagement, OpenSeat, Pause, Project, Rate, ScopeReassessment, User


class SeatRows(ReadOnlyRows):
    """Seats a project has open."""

    model = OpenSeat
    fields = ("title", "seats", "opened_on", "closes_on")
    readonly_fields = fields


@admin.register(Project)
class ProjectAdmin(DeskAdmin[Project]):
    """Projects, each a click away from being paused."""

    visible = staticmethod(access.projects_visible_to)
    list_display = ("code", "name", "client_code", "people", "leads_named", "standing")
    list_filter = (("client", admin.RelatedOnlyFieldListFilter), "ended_on")
    search_fields = ("code", "name", "client__code", "client__name")
    fields = (
        "code", "name", "client_code", "leads_named", "standing", "people", "slack_channel", "time_zone",
        "planned_end_on", "ended_on", "created_at",
    )  # fmt: skip
    readonly_fields = ("client_code", "leads_named", "standing", "people")
    inlines = (SeatRows,)
    actions = ("pause_selected",)

    def get_urls(self) -> list[URLPattern]:
        """The timeline, behind the admin's gate."""
        timeline = self.admin_site.admin_view(histories.project_timeline)
        return [
            path("<int:pk>/timeline/", timeline, name="projects_project_timeline"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        """Each project with what its row shows, in a fixed number of queries."""
        today = timezone.now().date()
        paused = Pause.objects.filter(state="in_effect").stopped_projects().filter(pk=OuterRef("pk"))
        pending = ScopeReassessment.objects.filter(project=OuterRef("pk"), outcome="pending")
        active = Q(engagements__starts_on__lte=today) & (
            Q(engagements__ends_on__isnull=True) | Q(engagements__ends_on__gt=today)
        )
        return (
            super()
            .get_queryset(request)
            .select_related("client")
            .annotate(
                has_pause=Exists(paused),
                has_reassessment=Exists(pending),
                people_total=Count("engagements__contractor", filter=active, distinct=True),
            )
            .prefetch_related(Prefetch("leads", User.objects.order_by("name", "email")))
        )

    @admin.display(description=_("client"), ordering="client__code")
    def client_code(self, project: Project) -> str:
        """Whose work it is."""
        return str(project.client)

    @admin.display(description=_("people engaged today"), ordering="people_total")
    def people(self, project: Project) -> SafeString:
        """How many people are engaged, leading to who."""
        address = f"{reverse('admin:projects_engagement_changelist')}?project__id__exact={project.pk}"
        return link(address, str(getattr(project, "people_total", 0)))

    @admin.display(description=_("project leads"))
    def leads_named(self, project: Project) -> str:
        """Who leads it."""
        return ", ".join(str(lead) for lead in project.leads.all()) or "–"

    @admin.display(description=_("stands at"))
    def standing(self, project: Project) -> str:
        """Paused, being reassessed, ended or running."""
        if project.ended_on and project.ended_on <= timezone.now().date():
            return str(_("Ended"))
        if getattr(project, "has_pause", False):
            return str(_("Paused"))
        return str(_("Being reassessed") if getattr(project, "has_reassessment", False) else _("Running"))

    def has_pause_permission(self, request: HttpRequest) -> bool:
        """Whether pausing is anything for this person at all; the composer asks again for what was chosen."""
        return leads_or_runs(request)

    @admin.action(description=_("Pause the selected projects…"), permissions=["pause"])
    def pause_selected(self, request: HttpRequest, projects: QuerySet[Project]) -> HttpResponse | None:
        """Open the composer for what was chosen: one pause, however many projects of a client."""
        return several.pause_chosen(request, projects)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The project's page, with what its lead may do there."""
        project = self.get_object(request, object_id)
        may_pause = project is not None and access.may_pause(signed_in(request), project=project)
        told = _tools_of(project) if project is not None and may_pause else {}
        if project is not None:
            told["timeline_address"] = reverse("admin:projects_project_timeline", args=[project.pk])
        return super().change_view(request, object_id, form_url, {**told, **(extra_context or {})})


def _tools_of(project: Project) -> dict[str, str]:
    pending = project.reassessments.filter(outcome="pending").first()
    start = f"{reverse('admin:projects_scopereassessment_add')}?project={project.pk}"
    return {
        "pause_address": composer_address(project),
        "seat_address": f"{reverse('admin:projects_openseat_add')}?project={project.pk}",
        "reassess_address": "" if pending else start,
        "decide_address": reverse("admin:projects_scope_decide", args=[pending.pk]) if pending else "",
    }


class RateRows(ReadOnlyRows):
    """What an engagement pays, from which day."""

    model = Rate
    fields = ("starts_on", "pays", "hours_a_week", "most_hours")
    readonly_fields = fields

    @admin.display(description=_("pays"))
    def pays(self, rate: Rate) -> str:
        """The rate in words."""
        return rate_words(rate)

    @admin.display(description=_("hours agreed a week"))
    def hours_a_week(self, rate: Rate) -> str:
        """Contracted hours, where there are any."""
        return hours_words(rate.contracted_weekly_seconds)

    @admin.display(description=_("most hours billed a week"))
    def most_hours(self, rate: Rate) -> str:
        """The contract's cap, where there is one."""
        return hours_words(rate.max_weekly_seconds)


@admin.register(Engagement)
class EngagementAdmin(DeskAdmin[Engagement]):
    """Who is engaged where, from when until when."""

    visible = staticmethod(access.engagements_visible_to)
    list_display = ("contractor", "project", "starts_on", "ends_on")
    list_filter = (("project", ProjectsWithPeople),)
    list_select_related = ("contractor", "project")
    search_fields = ("contractor__name", "contractor__email", "project__code")
    fields = ("contractor", "project", "starts_on", "ends_on")
    ordering = ("project__code", "contractor__name", "pk")
    inlines = (RateRows,)

    def get_inline_instances(self, request: HttpRequest, obj: Engagement | None = None) -> list[Any]:
        """Rates only for those who may see what people on this project are paid."""
        if obj is None or not access.may_see_rates(signed_in(request), obj.project):
            return []
        return super().get_inline_instances(request, obj)
