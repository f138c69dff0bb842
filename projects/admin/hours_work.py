"""Work lists about hours on the desk: rows that wait to be understood, and hours that were logged inside a pause."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects import access
from projects.admin.permissions import Desk, DeskAdmin, signed_in
from projects.domain.errors import DomainError, UnableToImport
from projects.domain.periods import newest_day
from projects.models import (
    Alias,
    Contractor,
    HoursDecision,
    Pause,
    Project,
    SavedMapping,
    UnmatchedHours,
    User,
)
from projects.operations.paused_hours import decide_paused_hours
from projects.operations.unmatched import drop_unmatched, match_again, remember_alias
from projects.queries.hours_work import ids_in, rows_waiting_for, waiting_words
from projects.queries.paused_hours import PausedHours, paused_hours, stopping_fully

SHOWN = 300


class DecisionForm(forms.Form):
    """What becomes of the chosen hours."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("What becomes of the chosen hours?"), choices=HoursDecision.Verdict.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    moved_to = forms.DateField(
        label=gettext_lazy("The day they were worked, to move them there"), required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Why, in words the contractor may read?"), max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


@admin.register(UnmatchedHours)
class UnmatchedHoursAdmin(DeskAdmin[UnmatchedHours]):
    """Words of files that nothing matches, with the rows that wait for them."""

    visible = staticmethod(lambda _user: UnmatchedHours.objects.all())

    def desk_may_view(self, desk: Desk) -> bool:
        """Firm-wide roles: a file may hold anybody's hours."""
        return desk.sees_everything

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list; at the press of a button, what a line means."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            try:
                messages.success(request, _understood(request, by=signed_in(request)))
            except DomainError as error:
                messages.error(request, error.message)
            return HttpResponseRedirect(reverse("admin:projects_unmatchedhours_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Hours that nothing matches"),
            "opts": UnmatchedHours._meta,
            "lines": waiting_words(),
            "may_act": access.may_import(request.user),
        }
        return TemplateResponse(request, "admin/projects/hours/unmatched.html", context)


def _understood(request: HttpRequest, *, by: User) -> str:
    """Do what the button says; what came of it, in words. Raises DomainError."""
    said, at = request.POST, timezone.now()
    person, project = said.get("person", ""), said.get("project", "")
    if said.get("act") == "again":
        found = match_again(UnmatchedHours.objects.all(), by=by, at=at)
    elif said.get("act") == "drop":
        dropped = drop_unmatched(
            rows_waiting_for(person=person, project=project), reason=said.get("reason", ""), by=by, at=at
        )
        return ngettext("%(n)d row is put aside.", "%(n)d rows are put aside.", dropped) % {"n": dropped}
    elif said.get("act") == "person":
        contractor = Contractor.objects.with_email(said.get("means", "")).first()
        if contractor is None:
            raise UnableToImport(
                _("There is no contractor with the address “%s”.") % said.get("means", "")[:100]
            )
        found = remember_alias(words=person, contractor=contractor, by=by, at=at)
    else:
        meant = Project.objects.filter(code=said.get("means", "").strip().upper()[:30]).first()
        if meant is None:
            raise UnableToImport(_("There is no project “%s”.") % said.get("means", "")[:100])
        found = remember_alias(words=project, project=meant, by=by, at=at)
    words = _("%(added)d rows are hours now; %(waiting)d of those that were tried wait on.")
    return words % {"added": found.added, "waiting": found.still_waiting}


@admin.register(HoursDecision)
class HoursDecisionAdmin(DeskAdmin[HoursDecision]):
    """Hours inside a pause: which wait for a decision, and what was decided."""

    visible = staticmethod(
        lambda user: HoursDecision.objects.filter(
            entry__engagement__project__in=access.projects_visible_to(user).values("pk")
        )
    )
    fields = ("entry", "pause", "finding", "verdict", "dated_on", "reason", "decided_at", "decided_by")

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The hours inside one pause, with the form that decides on the chosen ones."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        pauses = stopping_fully(access.pauses_visible_to(request.user)).order_by("-starts_at")
        number = request.GET.get("pause", "")
        pause = pauses.filter(pk=number).first() if number.isdecimal() and len(number) < 19 else None
        form = DecisionForm(request.POST or None)
        sent = request.method == "POST" and pause is not None and form.is_valid()
        if sent and pause is not None and self._decided(request, pause, form):
            return HttpResponseRedirect(f"{request.path}?pause={pause.pk}")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Hours inside a pause"),
            "opts": HoursDecision._meta,
            "pauses": list(pauses.select_related("project", "client")[:100]),
            "chosen": pause,
            "lines": _lines(request, pause),
            "form": form,
            "may_decide": pause is not None and _may_decide(request, pause),
        }
        return TemplateResponse(request, "admin/projects/hours/inside_a_pause.html", context)

    def _decided(self, request: HttpRequest, pause: Pause, form: DecisionForm) -> bool:
        typed = form.cleaned_data
        entries = ids_in(request.POST.getlist("entry"))
        said = {"verdict": typed["verdict"], "moved_to": typed["moved_to"], "reason": typed["reason"]}
        try:
            number = decide_paused_hours(
                pause=pause, entry_ids=entries, **said, by=signed_in(request), at=timezone.now()
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            return False
        messages.success(
            request, ngettext("%(n)d entry is decided.", "%(n)d entries are decided.", number) % {"n": number}
        )
        return True


def _lines(request: HttpRequest, pause: Pause | None) -> list[tuple[PausedHours, str, str, str]]:
    """The hours inside a pause on the reader's projects, undecided ones first, each with its words."""
    if pause is None:
        return []
    mine = access.projects_visible_to(request.user)
    found = paused_hours(Pause.objects.filter(pk=pause.pk), as_of=newest_day(timezone.now()), projects=mine)
    rows = sorted(found, key=lambda row: (bool(row.verdict), row.project, row.contractor, row.dated_on))
    return [
        (
            row,
            f"{row.seconds / 3600:,.2f}",
            str(HoursDecision.Finding(row.finding).label),
            str(HoursDecision.Verdict(row.verdict).label) if row.verdict else "",
        )
        for row in rows[:SHOWN]
    ]


def _may_decide(request: HttpRequest, pause: Pause) -> bool:
    user = signed_in(request)
    return bool(access.is_operations(user) or access.is_lead(user)) and not access.is_auditor(user)


@admin.register(Alias)
class AliasAdmin(DeskAdmin[Alias]):
    """Words of files that are remembered, and whom or what they mean."""

    visible = staticmethod(lambda _user: Alias.objects.all())
    list_display = ("words", "contractor", "project", "made_at", "made_by")
    list_select_related = ("contractor", "project", "made_by")
    search_fields = ("words", "contractor__name", "project__code")

    def desk_may_view(self, desk: Desk) -> bool:
        """Firm-wide roles."""
        return desk.sees_everything


@admin.register(SavedMapping)
class SavedMappingAdmin(DeskAdmin[SavedMapping]):
    """Which column of which kind of file means what."""

    visible = staticmethod(lambda _user: SavedMapping.objects.all())
    list_display = ("name", "made_at", "made_by")

    def desk_may_view(self, desk: Desk) -> bool:
        """Firm-wide roles."""
        return desk.sees_everything
