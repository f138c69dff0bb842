"""What a lead does with an open pause: say something new or nothing new, extend, resume, void; one small page each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.admin.act_forms import ActForm, ExtendForm, NothingNewForm, ResumeForm, UpdateForm, VoidForm
from projects.admin.composer import draft_of
from projects.admin.permissions import signed_in
from projects.admin.words import zone_of
from projects.domain.errors import DomainError
from projects.models import Pause, User
from projects.operations.pause_changes import extend_pause, resume_pause, update_pause, void_pause
from projects.queries.reasons import next_word_like_the_last, nothing_new_words

Perform = Callable[[Pause, Any, User, datetime], object]


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do with a pause: its form, what it is called, what it leads to, and the operation behind it."""

    form: type[ActForm]
    title: Promise
    consequence: Promise
    button: Promise
    done: Promise
    perform: Perform
    is_grave: bool = False


def _update(pause: Pause, form: Any, by: User, at: datetime) -> object:
    return update_pause(pause=pause, by=by, at=at, **form.cleaned_data)


def _nothing_new(pause: Pause, form: Any, by: User, at: datetime) -> object:
    next_word = form.cleaned_data["next_update_by"]
    return update_pause(pause=pause, text=nothing_new_words(pause), next_update_by=next_word, by=by, at=at)


def _extend(pause: Pause, form: Any, by: User, at: datetime) -> object:
    typed = form.cleaned_data
    return extend_pause(
        pause=pause,
        text=typed["text"],
        next_update_by=typed["next_update_by"],
        expected_resume=typed["expected_resume"],
        by=by,
        at=at,
        **form.days(),
    )


def _resume(pause: Pause, form: Any, by: User, at: datetime) -> object:
    return resume_pause(pause=pause, by=by, at=at, **form.cleaned_data)


def _void(pause: Pause, form: Any, by: User, at: datetime) -> object:
    return void_pause(pause=pause, reason=form.cleaned_data["reason"], by=by, at=at)


ACTS = {
    "update": Act(
        UpdateForm,
        gettext_lazy("Send an update"),
        gettext_lazy("Everybody the pause stops is told, on every channel that reaches them."),
        gettext_lazy("Send the update"),
        gettext_lazy("The update is on its way."),
        _update,
    ),
    "nothing-new": Act(
        NothingNewForm,
        gettext_lazy("Still nothing new"),
        gettext_lazy(
            "Everybody is told that there is no news yet, and when the next word comes. It keeps the promise."
        ),
        gettext_lazy("Send “still nothing new”"),
        gettext_lazy("“Still nothing new” is on its way, with the time of the next word."),
        _nothing_new,
    ),
    "extend": Act(
        ExtendForm,
        gettext_lazy("New expected dates"),
        gettext_lazy("Everybody is told the new dates, and the estimates are made anew."),
        gettext_lazy("Send the new dates"),
        gettext_lazy("The new dates are on their way."),
        _extend,
    ),
    "resume": Act(
        ResumeForm,
        gettext_lazy("Resume work"),
        gettext_lazy(
            "The pause ends now and everybody is told that work goes on. Pause notices still queued are not sent."
        ),
        gettext_lazy("Resume work now"),
        gettext_lazy("Work goes on; everybody is being told."),
        _resume,
    ),
    "void": Act(
        VoidForm,
        gettext_lazy("Opened by mistake"),
        gettext_lazy(
            "The pause is declared void as if it had never been: no loss is counted, and those who were told hear "
            "that it was a mistake."
        ),
        gettext_lazy("Declare it void"),
        gettext_lazy("The pause is void; those who were told of it hear so."),
        _void,
        is_grave=True,
    ),
}


def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Show an act's form; when it is sent, do it, or say in one sentence why not, with everything that was typed."""
    pause, chosen = draft_of(request, pk), ACTS.get(name)
    if chosen is None:
        raise Http404
    page = reverse("admin:projects_pause_change", args=[pk])
    if not pause.is_open:
        told = _("This pause is %(state)s; there is nothing left to change.")
        messages.error(request, told % {"state": pause.get_state_display().lower()})
        return HttpResponseRedirect(page)
    form = _form(request, pause, chosen)
    if request.method == "POST" and form.is_valid() and _is_done(request, pause, chosen, form):
        messages.success(request, str(chosen.done))
        return HttpResponseRedirect(page)
    context = {
        **admin.site.each_context(request),
        "title": chosen.title,
        "act": chosen,
        "pause": pause,
        "form": form,
    }
    context |= {
        "zone": zone_of(pause),
        "opts": Pause._meta,
        "name": name,
        "promised": nothing_new_words(pause),
    }
    return TemplateResponse(request, "admin/projects/pause/act.html", context)


def _form(request: HttpRequest, pause: Pause, chosen: Act) -> ActForm:
    if request.method == "POST":
        return chosen.form(request.POST, zone=zone_of(pause))
    initial = {
        "next_update_by": proposed_next_word(pause, at=timezone.now()),
        "expected_resume": pause.expected_resume,
        "expected_resume_from": pause.expected_resume_from,
        "expected_resume_until": pause.expected_resume_until,
    }
    return chosen.form(initial=initial, zone=zone_of(pause))


def _is_done(request: HttpRequest, pause: Pause, chosen: Act, form: ActForm) -> bool:
    try:
        chosen.perform(pause, form, signed_in(request), timezone.now())
    except DomainError as error:
        form.refuse(error.message, error.field)
        return False
    return True


def proposed_next_word(pause: Pause, *, at: datetime) -> datetime:
    """A next word as far off as the last promise was."""
    return next_word_like_the_last(pause, at=at, time_zone=zone_of(pause))
