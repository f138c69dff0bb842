"""What was agreed with clients about stopping their work, which notice pay is reckoned from."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from contractorhub.finance.access import Visit, finance_page
from projects.access import may_close_periods
from projects.domain.errors import DomainError, UnableToEngage
from projects.models import Client
from projects.operations.terms import MOST_DAYS, agree_notice


@require_http_methods(["GET", "HEAD", "POST"])
@finance_page
def terms(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Every client with its days of notice, and changing them."""
    if request.method == "POST":
        client = Client.objects.filter(code=request.POST.get("client", "")).first()
        if client is None:
            raise Http404
        try:
            days = _days(request.POST.get("days", ""))
            agree_notice(client=client, days=days, by=visit.user, at=visit.at)
            messages.success(request, f"{client.code}: {days} days of notice.")
        except DomainError as error:
            messages.error(request, error.message)
        return redirect("finance:terms")
    context = {
        "clients": Client.objects.order_by("code"),
        "may_change": may_close_periods(visit.user),
        "most": MOST_DAYS,
    }
    return render(request, "finance/terms.html", context)


def _days(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) < 5):
        raise UnableToEngage(f"Days of notice lie from 0 to {MOST_DAYS}.", field="days")
    return int(typed)
