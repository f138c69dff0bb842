"""The pause composer: from a target to a confirmed pause, with a draft that keeps what was typed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import access
from projects.admin.composer_form import (
    FIELD_OF,
    ComposerForm,
    initial_for_new,
    initial_of,
    is_older,
    standby_a_day,
    version_of,
    words_of,
)
from projects.admin.fields import numbers_in
from projects.admin.permissions import signed_in
from projects.admin.words import clock_of, far_off, zone_of
from projects.domain.errors import DomainError
from projects.models import Client, Pause, Project, User
from projects.models.pauses import PauseState, ReasonCode
from projects.operations.drafts import discard_draft, note_hand, save_draft
from projects.operations.pauses import PauseTerms, refuse_unfit_terms
from projects.queries.dashboard import pausable_by
from projects.queries.reasons import UsualAnswers, newest_template, usual_answers_for, usual_next_word
from projects.wording import project_names


@dataclass(frozen=True, slots=True)
class Sheet:
    """One composer page: who composes what, on whose clock, and the draft it is kept in, if there is one yet."""

    user: User
    target: Project | Client
    draft: Pause | None
    zone: str
    at: datetime
    only: tuple[Project, ...] = ()

    @property
    def project(self) -> Project | None:
        """The project that is to be paused, unless it is a whole client."""
        return self.target if isinstance(self.target, Project) else None

    @property
    def client(self) -> Client | None:
        """The client whose work is to be paused, all of it or only some projects, unless it is one project."""
        return self.target if isinstance(self.target, Client) else None

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the chosen projects; none where a client is paused as a whole, or one project."""
        return tuple(project.code for project in self.only)

    def form(self, *data: Any, **options: Any) -> ComposerForm:
        """The form of this sheet, blank or filled."""
        return ComposerForm(
            *data, target=self.target, only=self.codes, user=self.user, zone=self.zone, **options
        )


def compose_new(request: HttpRequest) -> HttpResponse:
    """Compose a pause of `?project=ID`, of several given so, or of `?client=ID`; without one, choose."""
    chosen = _asked_projects(request)
    target = chosen[0].client if chosen else _asked_target(request)
    if target is None:
        return _choose(request)
    return _compose(request, _sheet(request, target, draft=None, only=chosen))


def compose_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a draft."""
    draft = draft_of(request, pk)
    target = draft.project or draft.client
    if target is None or draft.state != PauseState.DRAFT:
        return HttpResponseRedirect(reverse("admin:projects_pause_change", args=[pk]))
    chosen = tuple(draft.named_projects()) if draft.chosen else ()
    return _compose(request, _sheet(request, target, draft=draft, only=chosen))


def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a draft away, at the press of its button."""
    draft = draft_of(request, pk)
    if request.method == "POST":
        try:
            discard_draft(draft=draft, by=signed_in(request), at=timezone.now())
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, _("The draft is gone. Nobody was told anything."))
    return HttpResponseRedirect(reverse("admin:projects_pause_changelist"))


def hands(request: HttpRequest, pk: int) -> HttpResponse:
    """Who else has this draft open, for a page that asks again every few seconds."""
    draft = draft_of(request, pk)
    return TemplateResponse(request, "admin/projects/pause/_hands.html", _hands(draft, signed_in(request)))


def _hands(draft: Pause | None, user: User) -> dict[str, Any]:
    """Note the reader's hand on the draft, and name the others."""
    if draft is None or draft.state != PauseState.DRAFT:
        return {"others": ()}
    return {"draft": draft, "others": note_hand(draft=draft, by=user, at=timezone.now())}


def draft_of(request: HttpRequest, pk: int) -> Pause:
    """A pause that the reader may change; any other is not found."""
    pauses = Pause.objects.select_related("project__client", "client", "opened_by")
    pause: Pause = get_object_or_404(pauses, pk=pk)
    if not access.may_change_pause(request.user, pause):
        raise Http404
    return pause


def _compose(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if request.method != "POST":
        return _show(request, sheet, _blank_form(request, sheet))
    form = sheet.form(request.POST)
    sheet = _with_posted_draft(request, sheet)
    if request.POST.get("intent") == "fill":
        return _show(request, sheet, _filled(form, sheet))
    if form.is_valid() and request.POST.get("intent") == "preview":
        _refuse_unfit(form, sheet)
    saved = _save(request, form, sheet)
    if saved.draft is None or form.errors or request.POST.get("intent") == "autosave":
        return _show(request, saved, form)
    if request.POST.get("intent") == "preview":
        return HttpResponseRedirect(reverse("admin:projects_pause_preview", args=[saved.draft.pk]))
    messages.success(request, _("The draft is kept. Nobody has been told anything."))
    return HttpResponseRedirect(reverse("admin:projects_pause_compose", args=[saved.draft.pk]))


def _sheet(
    request: HttpRequest, target: Project | Client, *, draft: Pause | None, only: tuple[Project, ...]
) -> Sheet:
    zone = clock_of(only) if only else zone_of(target)
    return Sheet(signed_in(request), target, draft, zone, timezone.now(), only)


def _asked_projects(request: HttpRequest) -> tuple[Project, ...]:
    """Several projects in the address, of one client and all of them the reader's to pause; else not found."""
    numbers = set(numbers_in(request.GET.getlist("project")))
    if len(numbers) < 2:
        return ()
    rows = access.projects_visible_to(request.user).filter(pk__in=numbers).select_related("client")
    chosen = tuple(rows.order_by("code"))
    codes = [project.code for project in chosen]
    is_one_client = len({project.client_id for project in chosen}) == 1
    if len(chosen) != len(numbers) or not is_one_client:
        raise Http404
    if not access.may_pause(request.user, client=chosen[0].client, only=codes):
        raise Http404
    return chosen


def _asked_target(request: HttpRequest) -> Project | Client | None:
    """The target in the address, if the reader may pause it; one that they may not is not found."""
    kinds: tuple[tuple[str, QuerySet[Any]], ...] = (
        ("project", access.projects_visible_to(request.user).select_related("client")),
        ("client", access.clients_visible_to(request.user).prefetch_related("projects")),
    )
    asked = request.GET.get("target", "").partition(":")
    for kind, visible in kinds:
        number = request.GET.get(kind) or (asked[2] if asked[0] == kind else "")
        if number:
            target = get_object_or_404(visible, pk=number if number.isdecimal() else 0)
            if not access.may_pause(request.user, **{kind: target}):
                raise Http404
            return target  # type: ignore[no-any-return]
    return None


def _choose(request: HttpRequest) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Pause work"),
        "choices": pausable_by(signed_in(request), today=timezone.now().date()),
        "reasons": ReasonCode.choices,
        "opts": Pause._meta,
    }
    return TemplateResponse(request, "admin/projects/pause/choose.html", context)


def _blank_form(request: HttpRequest, sheet: Sheet) -> ComposerForm:
    if sheet.draft is not None:
        initial = initial_of(sheet.draft)
    else:
        asked = request.GET.get("reason", "")
        reason = asked if asked in ReasonCode.values else ReasonCode.SCOPE_REASSESSMENT
        initial = initial_for_new(reason, usual_answers(sheet, reason))
    return sheet.form(initial=initial)


def _filled(form: ComposerForm, sheet: Sheet) -> ComposerForm:
    """Everything that was typed, with the four answers and a missing next word as the reason usually has them."""
    form.is_valid()
    terms = form.terms()
    usual = usual_answers(
        sheet,
        terms.reason_code,
        remaining_bp=terms.remaining_share_bp,
        standby=terms,
        locale=form.cleaned_data.get("language") or "en",
    )
    typed = form.typed() | words_of(usual)
    if not typed["next_update_by"]:
        typed["next_update_by"] = usual.next_update_by
    return sheet.form(initial=typed)


def usual_answers(
    sheet: Sheet, reason: str, *, remaining_bp: int = 0, standby: PauseTerms | None = None, locale: str = "en"
) -> UsualAnswers:
    """The usual answers for this target and reason."""
    client = sheet.target.client if isinstance(sheet.target, Project) else sheet.target
    everything = _("all projects of %(client)s") % {"client": client.name}
    everything = project_names(sheet.only, locale) if sheet.only else everything
    return usual_answers_for(
        reason,
        target_name=sheet.target.name if sheet.project else everything,
        client_name=client.name,
        next_update_by=usual_next_word(at=sheet.at, time_zone=sheet.zone),
        locale=locale,
        remaining_share_bp=remaining_bp,
        standby_share_bp=standby.standby_share_bp if standby else 0,
        standby_a_day=standby_a_day(standby, locale) if standby else "",
    )


def _with_posted_draft(request: HttpRequest, sheet: Sheet) -> Sheet:
    """The draft that autosaving has begun since the page was opened."""
    number = request.POST.get("draft", "")
    if sheet.draft is not None or not number.isdecimal():
        return sheet
    draft = draft_of(request, int(number))
    is_same = (draft.project or draft.client) == sheet.target and draft.chosen == sheet.codes
    return replace(sheet, draft=draft) if is_same and draft.state == PauseState.DRAFT else sheet


def _refuse_unfit(form: ComposerForm, sheet: Sheet) -> None:
    """Say at the field that is wrong why a pause could not open with this, if it could not."""
    try:
        refuse_unfit_terms(answers=form.answers(), terms=form.terms(), at=sheet.at)
    except DomainError as error:
        field = FIELD_OF.get(error.field or "", error.field)
        form.add_error(field if field in form.fields else None, ValidationError(error.message))


def _save(request: HttpRequest, form: ComposerForm, sheet: Sheet) -> Sheet:
    """Keep what was typed, unless somebody else has kept something newer: then both are told."""
    draft, seen = sheet.draft, request.POST.get("seen", "")
    if draft is not None and is_older(seen, draft) and draft.opened_by_id != sheet.user.pk:
        told = _(
            "%(who)s saved this draft %(when)s, after you opened it. Save again to replace those words with yours."
        )
        told %= {"who": draft.opened_by, "when": far_off(draft.opened_at, at=sheet.at)}
        form.add_error(None, ValidationError(told, code="two_hands"))
        return sheet
    try:
        kept = save_draft(
            draft=draft,
            project=sheet.project,
            client=sheet.client,
            answers=form.answers(),
            terms=form.terms(),
            by=sheet.user,
            at=sheet.at,
        )
    except DomainError as error:
        form.add_error(None, ValidationError(error.message))
        return sheet
    return replace(sheet, draft=kept)


def _show(request: HttpRequest, sheet: Sheet, form: ComposerForm) -> HttpResponse:
    others = Pause.objects.filter(
        state=PauseState.DRAFT,
        project=sheet.project,
        client=sheet.client,
        chosen_codes=" ".join(sheet.codes),
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Pause %(target)s") % {"target": ", ".join(sheet.codes) or sheet.target},
        "form": form,
        "sheet": sheet,
        "version": version_of(sheet.draft),
        "drafts": list(others.select_related("opened_by").order_by("-opened_at")[:5])
        if not sheet.draft
        else [],
        "opts": Pause._meta,
        "is_open_resume": _says_something(form, "expected_resume_from", "expected_resume_until", "ends_at"),
        "is_open_exclusions": _says_something(form, "exclusions"),
        "template": newest_template(form["reason_code"].value() or "", form["language"].value() or "en"),
        **_hands(sheet.draft, sheet.user),
    }
    is_autosave = request.method == "POST" and request.POST.get("intent") == "autosave"
    template = "_kept.html" if is_autosave else "compose.html"
    return TemplateResponse(request, f"admin/projects/pause/{template}", context)


def _says_something(form: ComposerForm, *names: str) -> bool:
    """Whether a folded part of the form holds something typed or something wrong, and so must be open."""
    return any(form[name].value() or form[name].errors for name in names)
