"""Clients on the desk: who they are, who looks after them, and pausing all of their work at once."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.admin.permissions import DeskAdmin, ReadOnlyRows, signed_in
from projects.admin.words import composer_address
from projects.models import Client, Pause, Project, User


class ProjectRows(ReadOnlyRows):
    """The client's projects that the reader may see."""

    model = Project
    fields = ("code", "name", "time_zone", "planned_end_on", "ended_on")
    readonly_fields = fields
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        """Only projects the reader may see."""
        return (
            super().get_queryset(request).filter(pk__in=access.projects_visible_to(request.user).values("pk"))
        )


@admin.register(Client)
class ClientAdmin(DeskAdmin[Client]):
    """Clients, with a way to pause all of a client's projects."""

    visible = staticmethod(access.clients_visible_to)
    list_display = ("code", "name", "projects_counted", "owners_named", "is_paused")
    search_fields = ("code", "name")
    fields = ("code", "name", "owners_named", "created_at")
    readonly_fields = ("owners_named",)
    inlines = (ProjectRows,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        """Each client with what its row shows, in a fixed number of queries."""
        paused = Pause.objects.filter(client=OuterRef("pk"), state="in_effect", chosen_codes="")
        return (
            super()
            .get_queryset(request)
            .annotate(projects_total=Count("projects", distinct=True), has_pause=Exists(paused))
            .prefetch_related(Prefetch("owners", User.objects.order_by("name", "email")))
        )

    @admin.display(description=_("projects"), ordering="projects_total")
    def projects_counted(self, client: Client) -> int:
        """How many projects it has, ended ones too."""
        return int(getattr(client, "projects_total", 0))

    @admin.display(description=_("client owners"))
    def owners_named(self, client: Client) -> str:
        """Who looks after it."""
        return ", ".join(str(owner) for owner in client.owners.all()) or "–"

    @admin.display(description=_("paused"), boolean=True)
    def is_paused(self, client: Client) -> bool:
        """Whether the whole client is paused now."""
        return bool(getattr(client, "has_pause", False))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The client's page, with a button to pause it for those who may."""
        client = self.get_object(request, object_id)
        tools = client is not None and access.may_pause(signed_in(request), client=client)
        told = {
            "pause_address": composer_address(client) if client and tools else "",
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, told)
