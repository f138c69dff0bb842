"""What is done at the desk for people the news missed: another channel, told by hand, a nudge, one project resumed."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects import access
from projects.admin.composer import draft_of
from projects.admin.fields import numbers_in
from projects.admin.permissions import signed_in
from projects.domain.errors import DomainError
from projects.models import Pause
from projects.operations.desk import mark_told, nudge, tell_on_other_channel
from projects.operations.releases import resume_project


def tell_elsewhere(request: HttpRequest, pk: int) -> HttpResponse:
    """Try the people of the chosen deliveries on the channel that has not failed."""
    pause = draft_of(request, pk)
    chosen = numbers_in(request.POST.getlist("delivery"))
    try:
        tried = tell_on_other_channel(
            pause=pause, delivery_ids=chosen, by=signed_in(request), at=timezone.now()
        )
    except DomainError as error:
        return _back(request, pk, error=error.message)
    words = ngettext(
        "%(n)d person is told on another channel.", "%(n)d people are told on another channel.", tried
    )
    return _back(request, pk, done=words % {"n": tried})


def told_by_hand(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the chosen people were told by telephone, with what was said."""
    pause = draft_of(request, pk)
    try:
        number = mark_told(
            pause=pause,
            contractor_ids=numbers_in(request.POST.getlist("contractor")),
            note=request.POST.get("note", ""),
            by=signed_in(request),
            at=timezone.now(),
        )
    except DomainError as error:
        return _back(request, pk, error=error.message, page="unseen")
    words = ngettext("%(n)d person is marked as told.", "%(n)d people are marked as told.", number)
    return _back(request, pk, done=words % {"n": number}, page="unseen")


def nudge_people(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind everybody who has not opened or not acknowledged the news."""
    pause, lack = draft_of(request, pk), request.POST.get("lack", "opened")
    try:
        number = nudge(pause=pause, lack=lack, by=signed_in(request), at=timezone.now())
    except DomainError as error:
        return _back(request, pk, error=error.message, page="unseen", lack=lack)
    words = ngettext("%(n)d person is being nudged.", "%(n)d people are being nudged.", number)
    return _back(request, pk, done=words % {"n": number}, page="unseen", lack=lack)


def release(request: HttpRequest, pk: int, project: int) -> HttpResponse:
    """Resume one project of a paused client, after saying whom that tells."""
    pause = draft_of(request, pk)
    rows = access.projects_visible_to(request.user).filter(client=pause.client_id)
    chosen = get_object_or_404(rows.select_related("client"), pk=project)
    error = ""
    if request.method == "POST":
        text = request.POST.get("text", "")[:3_000]
        try:
            resume_project(pause=pause, project=chosen, by=signed_in(request), at=timezone.now(), text=text)
        except DomainError as refused:
            error = refused.message
        else:
            done = _("Work on %(project)s goes on; its people are being told.")
            return _back(request, pk, done=done % {"project": chosen.code})
    context = {
        **admin.site.each_context(request),
        "title": _("Resume %(project)s alone") % {"project": chosen.code},
        "pause": pause,
        "project": chosen,
        "error": error,
        "typed": request.POST.get("text", ""),
        "opts": Pause._meta,
    }
    return TemplateResponse(request, "admin/projects/pause/release.html", context)


def _back(
    request: HttpRequest, pk: int, *, done: str = "", error: str = "", page: str = "change", lack: str = ""
) -> HttpResponse:
    if error:
        messages.error(request, error)
    elif done:
        messages.success(request, done)
    chosen = lack or request.POST.get("lack", "")
    address = reverse(f"admin:projects_pause_{page}", args=[pk])
    return HttpResponseRedirect(f"{address}?lack={chosen}" if page == "unseen" and chosen else address)
