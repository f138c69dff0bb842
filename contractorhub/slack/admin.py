"""The operator's desk of Slack: which workspaces there are, which are watched, and what could not be worked on."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contractorhub.slack.models import InboundEvent, WatchedWorkspace
from contractorhub.slack.records import stop_watching, watch
from notifications.models import Workspace
from projects.admin.permissions import runs_the_firm

if TYPE_CHECKING:
    _Admin = admin.ModelAdmin[Any]
else:  # Django's admin classes know no type parameters while running
    _Admin = admin.ModelAdmin


class _ReadOnly(_Admin):
    """Rows that are looked at, never typed into; for operations only."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the room is shown."""
        return runs_the_firm(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Operations look."""
        return runs_the_firm(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes a row by hand."""
        return False


@admin.register(Workspace)
class WorkspaceAdmin(_ReadOnly):
    """Workspaces that took the app in; their tokens are shown to nobody."""

    change_list_template = "admin/slack/workspaces.html"
    list_display = (
        "name",
        "team_id",
        "installed_at",
        "expires_at",
        "removed_at",
        "removed_reason",
        "is_watched",
    )
    fields = ("name", "team_id", "scopes", "installed_at", "expires_at", "removed_at", "removed_reason")
    actions = ("switch_on", "switch_off")

    @admin.display(description=_("watched"), boolean=True)
    def is_watched(self, row: Workspace) -> bool:
        """Whether project channels there are watched for words that mean a pause."""
        return WatchedWorkspace.objects.filter(team_id=row.team_id).exists()

    @admin.action(description=_("Watch project channels for words that mean a pause"), permissions=["view"])
    def switch_on(self, request: HttpRequest, rows: QuerySet[Workspace]) -> None:
        """Switch the watcher on."""
        living = rows.filter(removed_at__isnull=True)
        watch(living.values_list("team_id", flat=True), by=request.user.pk, at=timezone.now())
        messages.success(request, _("Leads of these workspaces are told when a message sounds like a pause."))

    @admin.action(description=_("Stop watching"), permissions=["view"])
    def switch_off(self, request: HttpRequest, rows: QuerySet[Workspace]) -> None:
        """Switch the watcher off."""
        stop_watching(rows.values_list("team_id", flat=True))
        messages.success(request, _("Nothing is read there any more but replies to notices."))


@admin.register(InboundEvent)
class InboundEventAdmin(_ReadOnly):
    """What Slack told us lately, without its words."""

    list_display = ("kind", "team_id", "state", "tries", "received_at", "error")
    list_filter = ("state",)
    fields = ("kind", "team_id", "state", "tries", "received_at", "due_at", "error")
