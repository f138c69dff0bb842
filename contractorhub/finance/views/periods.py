"""Closed periods: the list, what the next one would book, and closing it."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from contractorhub.finance.access import Visit, finance_page
from contractorhub.finance.forms import CloseForm, refuse
from contractorhub.finance.presenters.periods import foretold
from projects.access import may_close_periods
from projects.domain.errors import DomainError
from projects.domain.periods import monday_of
from projects.models import AccountingPeriod
from projects.operations.periods import close_period
from projects.queries.periods import last_period


@require_http_methods(["GET", "HEAD", "POST"])
@finance_page
def periods(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every closed period, and the form that closes the next."""
    last = last_period()
    is_post = request.method == "POST"
    first, until = _next_weeks(last, visit.at.date())
    form = CloseForm(
        request.POST if is_post else None,
        is_first=last is None,
        initial={"first_day": first, "last_day": until},
    )
    if is_post and form.is_valid() and _closed(request, form, visit):
        return redirect("finance:periods")
    context = {
        "form": form,
        "may_close": may_close_periods(visit.user),
        "periods": AccountingPeriod.objects.select_related("by"),
        "last": last,
        "first": first,
        "until": until,
        "foretold": foretold(first, until, as_of=visit.at.date()) if last and until >= first else (),
    }
    return render(request, "finance/periods.html", context, status=400 if is_post else 200)


def _closed(request: HttpRequest, form: CloseForm, visit: Visit) -> bool:
    typed = form.cleaned_data
    try:
        period = close_period(
            last_day=typed["last_day"], first_day=typed.get("first_day"), by=visit.user, at=visit.at
        )
    except DomainError as error:
        refuse(form, error.field, error.message)
        return False
    messages.success(request, f"The weeks from {period.first_week} to {period.last_week} are closed.")
    return True


def _next_weeks(last: AccountingPeriod | None, today: date) -> tuple[date, date]:
    """The Monday the next period begins with, and the last day that can be closed."""
    newest = monday_of(today) - timedelta(days=1)
    return (last.last_week + timedelta(weeks=1) if last else newest - timedelta(days=27)), newest
