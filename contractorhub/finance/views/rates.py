"""Exchange rates: up to which day there are some, and finance's own."""

from typing import Final, cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from contractorhub.finance.access import Visit, finance_page
from contractorhub.finance.forms import RatesForm, refuse
from projects.access import may_import
from projects.domain.errors import DomainError
from projects.models import ExchangeRate
from projects.operations.rates import MOST_BYTES, SCALE, upload_rates
from projects.queries.exchange_rates import OWN_LOOK_BACK_DAYS, last_day_of_rates

SHOWN: Final = 200


@require_http_methods(["GET", "HEAD", "POST"])
@finance_page
def rates(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The newest uploaded rates, and the form that takes a file of them."""
    is_post = request.method == "POST"
    form = RatesForm(request.POST, request.FILES) if is_post else RatesForm()
    if is_post and form.is_valid() and _taken_in(request, form, visit):
        return redirect("finance:rates")
    rows = ExchangeRate.objects.filter(origin=ExchangeRate.Origin.UPLOADED).select_related("by")
    context = {
        "form": form,
        "may_upload": may_import(visit.user),
        "rows": [
            (row, f"{row.rate_e10 / SCALE:f}") for row in rows.order_by("-on", "-recorded_at", "-pk")[:SHOWN]
        ],
        "last_day": last_day_of_rates(),
        "days": OWN_LOOK_BACK_DAYS,
    }
    return render(request, "finance/rates.html", context, status=400 if is_post else 200)


def _taken_in(request: HttpRequest, form: RatesForm, visit: Visit) -> bool:
    file = cast("UploadedFile[bytes]", form.cleaned_data["file"])
    try:
        added = upload_rates(
            data=file.read(MOST_BYTES + 1), file_name=file.name or "rates.csv", by=visit.user, at=visit.at
        )
    except DomainError as error:
        refuse(form, error.field, error.message)
        return False
    messages.success(request, f"{added} new rates." if added != 1 else "1 new rate.")
    return True
