"""The consequence preview and the confirmation that follows it: a stale one is shown again with what changed."""

from typing import Any

from csp.constants import NONE, UNSAFE_INLINE
from csp.decorators import csp
from django.contrib import admin, messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects.admin.composer import draft_of
from projects.admin.finish import earliest_finish_of
from projects.admin.lengths import usual_lengths
from projects.admin.notice_preview import email_page, notices_for
from projects.admin.permissions import signed_in
from projects.admin.preview_words import changes_in_words, leaks_of, loss_lines, usual_pay
from projects.admin.second_person import approve, ask, second_person, send_back
from projects.admin.words import zone_of
from projects.domain.errors import DomainError, UnableToPause
from projects.models import Pause
from projects.models.pauses import PauseState
from projects.operations.drafts import answers_of, terms_of
from projects.operations.pauses import open_pause
from projects.queries.cascades import cascade_of
from projects.queries.open_work import open_work_for
from projects.queries.previews import PausePreview, begins_at, preview_pause, recipient_choices
from projects.queries.recipients import contractors_reached

_SALT = "pause-preview"
_GOOD_FOR_SECONDS = 24 * 3600
_CHOICES = 8


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what the draft would do; at the press of “Pause now”, do it, unless what was seen no longer holds."""
    draft = draft_of(request, pk)
    if draft.state != PauseState.DRAFT:
        return HttpResponseRedirect(reverse("admin:projects_pause_change", args=[pk]))
    seen = preview_pause(pause=draft, at=timezone.now())
    if request.method != "POST":
        return _show(request, draft, seen)
    if request.POST.get("intent") == "refuse":
        return _answered(request, draft, seen)
    changes = changes_in_words(_facts_seen(request), seen.facts)
    if changes:
        return _show(request, draft, seen, changes=changes)
    if leaks_of(draft) and not request.POST.get("leak_is_fine"):
        told = _(
            "Words of the confidential note would be read by contractors. Change them, or say that this is meant."
        )
        return _show(request, draft, seen, error=told)
    return _answered(request, draft, seen)


def _answered(request: HttpRequest, draft: Pause, seen: PausePreview) -> HttpResponse:
    """Do what the pressed button says: open, ask a second person, give their word or send it back."""
    try:
        pause, told = _did(request, draft)
    except DomainError as error:
        return _show(request, draft_of(request, draft.pk), seen, error=error.message)
    messages.success(request, told)
    page = "projects_pause_change" if pause.state != PauseState.DRAFT else "projects_pause_preview"
    return HttpResponseRedirect(reverse(f"admin:{page}", args=[pause.pk]))


def _did(request: HttpRequest, draft: Pause) -> tuple[Pause, str]:
    by, at, intent = signed_in(request), timezone.now(), request.POST.get("intent", "")
    opened = _("%(pause)s is confirmed; its notices are on their way.")
    if intent == "ask":
        return draft, ask(draft, by=by, at=at)
    if intent in {"approve", "refuse"}:
        approval = draft.approvals.filter(decided_at__isnull=True).select_related("asked_by").first()
        if approval is None:
            raise UnableToPause(_("This request is gone: it was answered, or the words were changed since."))
        if intent == "refuse":
            return draft, send_back(approval, words=request.POST.get("words", ""), by=by, at=at)
        pause = approve(approval, by=by, at=at)
        return pause, opened % {"pause": pause}
    pause = open_pause(
        project=draft.project,
        client=draft.client,
        answers=answers_of(draft),
        terms=terms_of(draft),
        draft=draft,
        by=by,
        at=at,
    )
    return pause, opened % {"pause": pause}


def _show(
    request: HttpRequest, draft: Pause, seen: PausePreview, *, changes: tuple[str, ...] = (), error: str = ""
) -> HttpResponse:
    words = request.GET.get("recipient", "").strip()
    usual, at = usual_pay(seen), timezone.now()
    context = {
        **admin.site.each_context(request),
        "title": _("What the pause of %(target)s will do") % {"target": draft.target_code},
        "draft": draft,
        "preview": seen,
        "zone": zone_of(draft),
        "usual": usual,
        "loss": loss_lines(draft, usual),
        "lengths": usual_lengths(draft, at=at),
        "leaks": leaks_of(draft),
        "finish": earliest_finish_of(seen, at=at),
        "second": second_person(draft, seen, usual, user=signed_in(request), at=at),
        "cascade": cascade_of(draft, seen),
        "open_work": open_work_for(seen.pause, at=at),
        "changes": changes,
        "error": error,
        "facts": signing.dumps(dict(seen.facts), salt=_SALT, compress=True),
        "opts": Pause._meta,
        **_notice_context(seen, words),
    }
    template = "_notices.html" if request.headers.get("HX-Request") else "preview.html"
    return TemplateResponse(request, f"admin/projects/pause/{template}", context)


def _notice_context(seen: PausePreview, words: str) -> dict[str, Any]:
    choices = list(recipient_choices(seen.pause, words=words)[:_CHOICES])
    person = choices[0] if choices else None
    notices = notices_for(seen.pause, person, at=timezone.now())
    return {"person": person, "choices": choices[1:], "recipient_words": words, "notices": notices}


def _facts_seen(request: HttpRequest) -> dict[str, str]:
    """The facts of the preview that was on the screen; none when it is too old or was tampered with."""
    try:
        facts: dict[str, str] = signing.loads(
            request.POST.get("facts", ""), salt=_SALT, max_age=_GOOD_FOR_SECONDS
        )
    except signing.BadSignature:
        return {}
    return facts


@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "sandbox": True})  # type: ignore[arg-type]
def email_as_html(request: HttpRequest, pk: int, contractor: int) -> HttpResponse:
    """The email to one person as their mail program will get it: no script, nothing loaded, in a sandbox."""
    draft = draft_of(request, pk)
    draft.starts_at = begins_at(draft, at=timezone.now())
    person = get_object_or_404(contractors_reached(draft), pk=contractor)
    return HttpResponse(email_page(draft, person, at=timezone.now()))
