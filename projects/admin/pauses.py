"""Pauses on the desk: the list, and every page of the composer and of a pause under one address."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from projects import access
from projects.admin import (
    acts,
    bulk_acts,
    composer,
    confirming,
    desk_acts,
    desk_lists,
    histories,
    pause_page,
)
from projects.admin.permissions import DeskAdmin, desk_of, leads_or_runs, signed_in
from projects.admin.words import far_off
from projects.models import Pause
from projects.models.pauses import PauseState


@admin.register(Pause)
class PauseAdmin(DeskAdmin[Pause]):
    """Pauses, drafts among them for those who may confirm them."""

    visible = staticmethod(access.pauses_visible_to)
    list_display = ("target", "state_shown", "reason_code", "starts_at", "next_word", "opened_by")
    list_filter = ("state", "reason_code", ("project", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("project", "client", "opened_by")
    search_fields = ("project__code", "project__name", "client__code", "client__name")

    actions = ("say_nothing_new", "resume_selected")

    def has_bulk_permission(self, request: HttpRequest) -> bool:
        """Whether acting on pauses is anything for this person; each pause is asked about again."""
        return self.has_add_permission(request)

    @admin.action(description=_("Still nothing new, for the selected pauses…"), permissions=["bulk"])
    def say_nothing_new(self, request: HttpRequest, pauses: QuerySet[Pause]) -> HttpResponse:
        """Show what that would tell whom, before it is done."""
        return bulk_acts.chosen(pauses, "nothing-new")

    @admin.action(description=_("Resume work, for the selected pauses…"), permissions=["bulk"])
    def resume_selected(self, request: HttpRequest, pauses: QuerySet[Pause]) -> HttpResponse:
        """Show what that would tell whom, before it is done."""
        return bulk_acts.chosen(pauses, "resume")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pause]:
        """Pauses the reader may see; drafts only of what they may pause, for a draft is nobody else's news."""
        rows = super().get_queryset(request)
        if desk_of(request).is_operations:
            return rows
        user = signed_in(request)
        mine = Q(project__leads=user) | Q(project__client__owners=user) | Q(client__owners=user)
        drafts = Pause.objects.filter(mine, state=PauseState.DRAFT)
        return rows.filter(~Q(state=PauseState.DRAFT) | Q(pk__in=drafts.values("pk")))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether composing a pause is anything for this person; the composer asks for the one target."""
        return leads_or_runs(request)

    def get_urls(self) -> list[URLPattern]:
        """The composer, the preview, the acts and the lists of a pause, all behind the admin's gate."""
        guarded = self.admin_site.admin_view
        return [
            path("<int:pk>/compose/", guarded(composer.compose_draft), name="projects_pause_compose"),
            path("<int:pk>/discard/", guarded(composer.discard), name="projects_pause_discard"),
            path("<int:pk>/preview/", guarded(confirming.preview), name="projects_pause_preview"),
            path(
                "<int:pk>/email/<int:contractor>/",
                guarded(confirming.email_as_html),
                name="projects_pause_email",
            ),
            path("<int:pk>/deliveries/", guarded(pause_page.drain), name="projects_pause_drain"),
            path("<int:pk>/unseen/", guarded(pause_page.unseen), name="projects_pause_unseen"),
            path("<int:pk>/unseen.csv", guarded(desk_lists.unseen_csv), name="projects_pause_unseen_csv"),
            path("<int:pk>/requeue/", guarded(pause_page.requeue), name="projects_pause_requeue"),
            path("<int:pk>/needing.csv", guarded(desk_lists.needing_csv), name="projects_pause_needing_csv"),
            path(
                "<int:pk>/elsewhere/",
                guarded(require_POST(desk_acts.tell_elsewhere)),
                name="projects_pause_elsewhere",
            ),
            path("<int:pk>/told/", guarded(require_POST(desk_acts.told_by_hand)), name="projects_pause_told"),
            path(
                "<int:pk>/nudge/", guarded(require_POST(desk_acts.nudge_people)), name="projects_pause_nudge"
            ),
            path(
                "<int:pk>/release/<int:project>/", guarded(desk_acts.release), name="projects_pause_release"
            ),
            path("<int:pk>/versions/", guarded(histories.versions), name="projects_pause_versions"),
            path("<int:pk>/hands/", guarded(composer.hands), name="projects_pause_hands"),
            path("bulk/<slug:name>/", guarded(bulk_acts.bulk), name="projects_pause_bulk"),
            path("<int:pk>/act/<slug:name>/", guarded(acts.act), name="projects_pause_act"),
            *super().get_urls(),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The composer."""
        if not self.has_add_permission(request):
            raise Http404
        return composer.compose_new(request)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The pause's page; a draft opens in the composer."""
        pause = self.get_object(request, object_id)
        if pause is None:
            raise Http404
        if pause.state == PauseState.DRAFT:
            return HttpResponseRedirect(reverse("admin:projects_pause_compose", args=[pause.pk]))
        return pause_page.show(request, pause_page.visible_pause(request, pause.pk))

    @admin.display(description=_("what is paused"))
    def target(self, pause: Pause) -> str:
        """The project, the projects, or the whole client."""
        return pause.target_words

    @admin.display(description=_("state"), ordering="state")
    def state_shown(self, pause: Pause) -> SafeString:
        """The state as a badge."""
        return format_html('<span class="badge {}">{}</span>', pause.state, pause.get_state_display())

    @admin.display(description=_("next word"), ordering="next_update_by")
    def next_word(self, pause: Pause) -> str:
        """How far off the promised word is."""
        if not pause.is_open or pause.next_update_by is None:
            return "–"
        return far_off(pause.next_update_by, at=timezone.now())
