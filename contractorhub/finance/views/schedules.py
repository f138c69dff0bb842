"""Saved reports that are sent by the clock: the list, making and changing one, its history, pause and resume."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contractorhub.finance.access import Visit, finance_page
from contractorhub.finance.forms import ScheduleForm, refuse
from contractorhub.finance.presenters.addresses import asked_of
from contractorhub.finance.presenters.schedules import times_in_words, what_is_asked
from contractorhub.finance.views.reports import asked_in, report_or_404
from projects.access import may_close_periods
from projects.domain.errors import DomainError
from projects.models import ReportSchedule
from projects.operations.report_schedules import pause_schedule, resume_schedule, save_schedule
from projects.reports.catalogue import ask_for

HISTORY = 100


@require_safe
@finance_page
def schedules(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every schedule with its next time and the latest that became of it."""
    found = ReportSchedule.objects.select_related("owner").prefetch_related("sendings")
    rows = [(row, times_in_words(row), next(iter(row.sendings.all()), None)) for row in found]
    return render(request, "finance/schedules.html", {"schedules": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@finance_page
def new_schedule(request: HttpRequest, visit: Visit, name: str) -> HttpResponse:
    """Put the report of a page on a schedule, with the filters that stand in the address."""
    report = report_or_404(name, visit)
    if not may_close_periods(visit.user):
        raise Http404
    try:
        ask = ask_for(report, asked_in(request.GET), as_of=None, by=visit.user, at=visit.at)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("finance:report", name=name)
    is_post = request.method == "POST"
    form = ScheduleForm(
        request.POST if is_post else None,
        initial={"title": report.title, "every": "week", "weekday": 0, "recipients": [visit.user.pk]},
    )
    if is_post and form.is_valid():
        made = _saved(form, visit, report=report.name, values=ask.values)
        if made is not None:
            return redirect("finance:schedule", public_id=made.public_id)
    context = {"form": form, "report": report, "words": what_is_asked(asked_of(ask.values))}
    return render(request, "finance/schedule_form.html", context, status=400 if is_post else 200)


@require_safe
@finance_page
def schedule(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """One schedule: what, when, to whom, and what became of each time."""
    found = _schedule_or_404(public_id)
    context = {
        "schedule": found,
        "when": times_in_words(found),
        "words": what_is_asked(asked_of(found.parameters)),
        "people": found.recipients.order_by("name", "email"),
        "sendings": found.sendings.select_related("run")[:HISTORY],
        "may_change": may_close_periods(visit.user),
    }
    return render(request, "finance/schedule.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@finance_page
def change_schedule(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """Change when a schedule is sent and to whom; what is sent stays, or the history would mean something else."""
    found = _schedule_or_404(public_id)
    if not may_close_periods(visit.user):
        raise Http404
    is_post = request.method == "POST"
    initial: dict[str, Any] = {
        name: getattr(found, name) for name in ("title", "every", "weekday", "day", "hour")
    }
    form = ScheduleForm(
        request.POST if is_post else None, initial={**initial, "recipients": found.recipients.all()}
    )
    if is_post and form.is_valid():
        made = _saved(form, visit, report=found.report, values=found.parameters, schedule=found)
        if made is not None:
            return redirect("finance:schedule", public_id=public_id)
    context = {"form": form, "schedule": found, "words": what_is_asked(asked_of(found.parameters))}
    return render(request, "finance/schedule_form.html", context, status=400 if is_post else 200)


@require_POST
@finance_page
def toggle_schedule(request: HttpRequest, visit: Visit, public_id: uuid.UUID) -> HttpResponse:
    """Pause a schedule, or let it go on."""
    found = _schedule_or_404(public_id)
    act = pause_schedule if found.paused_at is None else resume_schedule
    try:
        act(schedule=found, by=visit.user, at=visit.at)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("finance:schedule", public_id=public_id)


def _saved(form: ScheduleForm, visit: Visit, **what: Any) -> ReportSchedule | None:
    try:
        return save_schedule(
            title=form.cleaned_data["title"],
            times=form.times(),
            recipients=list(form.cleaned_data["recipients"]),
            by=visit.user,
            at=visit.at,
            **what,
        )
    except DomainError as error:
        refuse(form, error.field, error.message)
        return None


def _schedule_or_404(public_id: uuid.UUID) -> ReportSchedule:
    found = ReportSchedule.objects.select_related("owner").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
