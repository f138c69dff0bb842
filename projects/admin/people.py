"""People on the desk: contractors, and for those who run the firm its users and their roles."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.admin.permissions import Desk, DeskAdmin, ReadOnlyRows
from projects.models import Contractor, Engagement, RoleGrant, User

admin.site.unregister(Group)  # roles are granted on people; a second kind of permission would only mislead


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
    list_filter = ("country",)
    search_fields = ("name", "email", "external_id")
    fields = (
        "name", "email", "slack_user_id", "country", "region", "locale", "time_zone", "external_id", "created_at",
    )  # fmt: skip
    inlines = (EngagementRows,)

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
    fields = ("email", "name", "is_active", "is_staff", "is_superuser", "last_login", "created_at")
    ordering = ("email",)
    inlines = (RoleRows,)

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
