"""The page of one pause: its facts, its timeline, how far it has been told, and who has not seen it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications import outbox, states
from notifications.models import DeliveryState
from notifications.status import DeliveryStatus, delivery_status, earliest_finish
from projects import access
from projects.admin.act_forms import NothingNewForm
from projects.admin.acts import proposed_next_word
from projects.admin.composer import draft_of
from projects.admin.fields import numbers_in
from projects.admin.finish import channel_label
from projects.admin.lengths import lengths_of
from projects.admin.permissions import signed_in
from projects.admin.words import far_off, zone_of
from projects.domain.money import format_money
from projects.models import Pause
from projects.operations.history import record
from projects.queries.cascades import cascade_now
from projects.queries.estimates import progress_of, totals_of
from projects.queries.pause_status import status_of_pause
from projects.queries.unseen import LACKS, deliveries_that_need_a_person, people_lacking

SHOWN = 50
_ON_THE_WAY = (*states.WAITING, states.SENDING)


@dataclass(frozen=True, slots=True)
class Meter:
    """How far one channel has drained: messages in all, done, by state in words, and when it will be through."""

    label: str
    total: int
    done: int
    by_state: tuple[tuple[str, str, int], ...]
    finish_at: datetime | None


def visible_pause(request: HttpRequest, pk: int) -> Pause:
    """A pause that the reader may look at; any other is not found."""
    rows = access.pauses_visible_to(request.user).select_related("project__client", "client", "opened_by")
    return get_object_or_404(rows, pk=pk)


def show(request: HttpRequest, pause: Pause) -> HttpResponse:
    """The pause page, with as much as the reader may see."""
    at, user = timezone.now(), signed_in(request)
    may_see, may_change = access.may_see_deliveries(user, pause), access.may_change_pause(user, pause)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Pause of %(target)s") % {"target": pause.target_words},
        "pause": pause,
        "is_pause_page": True,
        "opts": Pause._meta,
        "zone": zone_of(pause),
        "next_word": _next_word(pause, at=at),
        "updates": list(pause.updates.select_related("by").order_by("-at", "-pk")),
        "may_see": may_see,
        "may_change": may_change and pause.is_open,
        "may_see_history": access.may_see_audit(user) or may_change,
    }
    if may_see:
        context |= _told_context(pause, at=at) | _loss_context(pause)
        if pause.is_open and context["loss"]:
            context["lengths"] = lengths_of(pause, at=at)
        context["cascade"] = cascade_now(pause, at=at)
        context["by_hand"] = list(
            pause.told_by_hand.select_related("contractor", "by").order_by("-at")[:SHOWN]
        )
    if context["may_change"]:
        proposed = {"next_update_by": proposed_next_word(pause, at=at)}
        context["nothing_new"] = NothingNewForm(initial=proposed, zone=zone_of(pause))
    return TemplateResponse(request, "admin/projects/pause/page.html", context)


def drain(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the pause has been told, alone, for a page that asks again every few seconds."""
    pause = seen_pause(request, pk)
    context = {"pause": pause, "zone": zone_of(pause), **_drain_context(pause, at=timezone.now())}
    return TemplateResponse(request, "admin/projects/pause/_drain.html", context)


def unseen(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was not told, did not open, did not acknowledge: `?lack=` says which."""
    pause, lack = seen_pause(request, pk), lack_of(request)
    page = Paginator(people_lacking(pause, lack), SHOWN).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Who has not seen it"),
        "pause": pause,
        "opts": Pause._meta,
        "lack": lack,
        "page": page,
        "may_change": access.may_change_pause(request.user, pause) and pause.is_open,
    }
    return TemplateResponse(request, "admin/projects/pause/unseen.html", context)


def requeue(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the chosen deliveries back into the queue."""
    pause = draft_of(request, pk)
    if request.method == "POST":
        chosen = numbers_in(request.POST.getlist("delivery"))
        done = _requeue(request, pause, chosen)
        words = ngettext("%(n)d message is queued again.", "%(n)d messages are queued again.", done)
        nothing = _("Nothing was chosen that can be sent again.")
        (messages.success if done else messages.error)(request, words % {"n": done} if done else nothing)
    return HttpResponseRedirect(reverse("admin:projects_pause_change", args=[pk]))


def _requeue(request: HttpRequest, pause: Pause, chosen: list[int]) -> int:
    at, by = timezone.now(), signed_in(request)
    with transaction.atomic():
        ours = list(deliveries_that_need_a_person(pause).filter(pk__in=chosen).values_list("pk", flat=True))
        done = outbox.requeue(delivery_ids=ours, by_ref=f"user:{by.pk}", at=at)
        if done:
            told = {"deliveries": ours}
            record(verb="deliveries.requeued", subject_ref=pause.ref, before={}, after=told, by=by, at=at)
            outbox.ring_after_commit()
    return done


def seen_pause(request: HttpRequest, pk: int) -> Pause:
    """A pause whose deliveries the reader may see; any other is not found."""
    pause = visible_pause(request, pk)
    if not access.may_see_deliveries(request.user, pause):
        raise Http404
    return pause


def lack_of(request: HttpRequest) -> str:
    """Which list is asked for; those who have not opened it where nothing is said."""
    lack = request.GET.get("lack", "opened")
    return lack if lack in LACKS else "opened"


def _next_word(pause: Pause, *, at: datetime) -> dict[str, Any]:
    if not pause.is_open or pause.next_update_by is None:
        return {}
    return {"is_late": pause.next_update_by <= at, "far": far_off(pause.next_update_by, at=at)}


def _told_context(pause: Pause, *, at: datetime) -> dict[str, Any]:
    status = status_of_pause(pause, at=at)
    needing = list(deliveries_that_need_a_person(pause)[:SHOWN])
    return {
        "status": status,
        "needing": [(row, channel_label(row.channel), DeliveryState(row.state).label) for row in needing],
        **_drain_context(pause, at=at),
    }


def _drain_context(pause: Pause, *, at: datetime) -> dict[str, Any]:
    told = delivery_status(pause.ref)
    return {"meters": _meters(told, at=at), "told": told, "unknown": told.in_states(states.UNKNOWN)}


def _meters(told: DeliveryStatus, *, at: datetime) -> tuple[Meter, ...]:
    waiting = {
        channel: sum(counts.get(state, 0) for state in _ON_THE_WAY) for channel, counts in told.counts.items()
    }
    ends = earliest_finish(waiting, at=at)
    return tuple(
        Meter(
            label=channel_label(channel),
            total=sum(counts.values()),
            done=sum(counts.values()) - waiting[channel],
            by_state=tuple((state, str(DeliveryState(state).label), n) for state, n in counts.items()),
            finish_at=ends[channel] if waiting[channel] else None,
        )
        for channel, counts in told.counts.items()
    )


def _loss_context(pause: Pause) -> dict[str, Any]:
    lines = [
        {
            "currency": total.currency,
            "people": total.people,
            "lost": format_money(total.amounts.lost_minor, total.currency),
            "low": format_money(total.lost.low80, total.currency),
            "high": format_money(total.lost.high80, total.currency),
        }
        for total in totals_of(pause)
    ]
    return {"loss": lines, "progress": progress_of(pause)}
