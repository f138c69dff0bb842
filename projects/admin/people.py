"""People on the desk: contractors, and for those who run the firm its users and their roles."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.admin import histories, logins, seats
from projects.admin.long_lists import CountriesKept
from projects.admin.permissions import Desk, DeskAdmin, ReadOnlyRows
from projects.models import Contractor, Engagement, RoleGrant, User


class EngagementRows(ReadOnlyRows):
    """Where somebody is engaged, as far as the reader may see."""

    model = Engagement
    fields = ("project", "starts_on", "ends_on")
    readonly_fields = fields
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Engagement]:
        """Only engagements the reader may see, each with its project."""
        rows = super().get_queryset(request).select_related("project", "contractor")
        return rows.filter(pk__in=access.engagements_visible_to(request.user).values("pk"))


@admin.register(Contractor)
class ContractorAdmin(DeskAdmin[Contractor]):
    """The people who do the work."""

    visible = staticmethod(access.contractors_visible_to)
    list_display = ("name", "email", "country", "time_zone", "has_slack")
    list_filter = (("country", CountriesKept),)
    search_fields = ("name", "email", "external_id", "slack_user_id__exact")
    fields = (
        "name", "email", "slack_user_id", "country", "region", "locale", "time_zone", "can_do", "external_id",
        "created_at",
    )  # fmt: skip
    readonly_fields = ("can_do",)
    inlines = (EngagementRows,)

    def get_urls(self) -> list[URLPattern]:
        """The timeline and the skills, behind the admin's gate."""
        guarded = self.admin_site.admin_view
        timeline = guarded(histories.contractor_timeline)
        return [
            path("<int:pk>/timeline/", timeline, name="projects_contractor_timeline"),
            path("<int:pk>/skills/", guarded(seats.keep_skills), name="projects_contractor_skills"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The contractor's page, with the way to their timeline and skills."""
        person = self.get_object(request, object_id)
        told: dict[str, Any] = {}
        if person is not None:
            told["timeline_address"] = reverse("admin:projects_contractor_timeline", args=[person.pk])
            if access.may_keep_skills_of(request.user, person):
                told["skills_address"] = reverse("admin:projects_contractor_skills", args=[person.pk])
        return super().change_view(request, object_id, form_url, told | (extra_context or {}))

    @admin.display(description=_("can do"))
    def can_do(self, contractor: Contractor) -> str:
        """Their skills."""
        return ", ".join(contractor.skills.values_list("name", flat=True)) or "–"

    @admin.display(description=_("on Slack"), boolean=True)
    def has_slack(self, contractor: Contractor) -> bool:
        """Whether a Slack message can reach them."""
        return bool(contractor.slack_user_id)


class RoleRows(ReadOnlyRows):
    """Firm-wide roles of a user."""

    model = RoleGrant
    fk_name = "user"
    fields = ("role", "granted_at", "granted_by")
    readonly_fields = fields


@admin.register(User)
class UserAdmin(DeskAdmin[User]):
    """Who signs in, and which roles they hold."""

    visible = staticmethod(lambda _user: User.objects.all())
    list_display = ("email", "name", "roles", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", "role_grants__role")
    search_fields = ("email", "name")
    fields = ("email", "name", "manager", "is_active", "is_staff", "is_superuser", "last_login", "created_at")
    ordering = ("email",)
    inlines = (RoleRows,)

    def get_urls(self) -> list[URLPattern]:
        """Naming a manager and changing what somebody may do, behind the admin's gate."""
        manager = self.admin_site.admin_view(logins.manager)
        access_of = self.admin_site.admin_view(logins.access_of)
        return [
            path("<int:pk>/manager/", manager, name="projects_user_manager"),
            path("<int:pk>/access/", access_of, name="projects_user_access"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The user's page, with the way to name their manager for those who run the firm."""
        told: dict[str, Any] = {}
        if access.is_operations(request.user):
            told["manager_address"] = reverse("admin:projects_user_manager", args=[object_id])
            told["access_address"] = reverse("admin:projects_user_access", args=[object_id])
        return super().change_view(request, object_id, form_url, told | (extra_context or {}))

    def desk_may_view(self, desk: Desk) -> bool:
        """Those who run the firm, and auditors."""
        return desk.may_see_audit

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Each user with their roles."""
        return super().get_queryset(request).prefetch_related("role_grants")

    @admin.display(description=_("roles"))
    def roles(self, user: Any) -> str:
        """Firm-wide roles in words."""
        return ", ".join(grant.get_role_display() for grant in user.role_grants.all()) or "–"
