"""What is a contractor's own to take away: a copy of their data, their calendar, and the wish to be erased."""

import json

from django.conf import settings
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contractorhub.portal.access import Visit, contractor_page, language_of
from contractorhub.portal.presenters.calendar import calendar_of
from contractorhub.portal.presenters.own_csv import zip_of_csv
from projects.operations.personal import (
    ask_for_erasure,
    drop_calendar_link,
    hash_of,
    make_calendar_link,
    withdraw_erasure,
)
from projects.queries.own_data import own_data
from projects.queries.personal import contractor_of_calendar
from projects.queries.portal import contractor_home


@require_safe
@contractor_page
def my_data_json(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything kept about this person that is theirs to read, as one JSON file."""
    body = json.dumps(
        own_data(visit.contractor, visit.at), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1
    )
    return _download(body.encode(), "application/json; charset=utf-8", "contractorhub-my-data.json")


@require_safe
@contractor_page
def my_data_csv(request: HttpRequest, visit: Visit) -> HttpResponse:
    """The same as a ZIP of CSV files, one a kind of row, for a spreadsheet."""
    body = zip_of_csv(own_data(visit.contractor, visit.at))
    return _download(body, "application/zip", "contractorhub-my-data.zip")


@require_POST
@contractor_page
def link_calendar(request: HttpRequest, visit: Visit) -> HttpResponse:
    """A new secret address for a calendar program, shown this once; the one before stops working."""
    token = make_calendar_link(contractor=visit.contractor, by=visit.user, at=visit.at)
    address = settings.BASE_URL + reverse("portal:calendar", args=[token])
    return render(request, "portal/calendar_link.html", {"address": address, "reader": visit.reader})


@require_POST
@contractor_page
def unlink_calendar(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Let the address stop working."""
    drop_calendar_link(contractor=visit.contractor, by=visit.user, at=visit.at)
    messages.success(request, _("The calendar address no longer works."))
    return redirect("portal:settings")


@never_cache
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """One person's dates for their calendar program, which cannot sign in; no amounts are in it."""
    contractor = contractor_of_calendar(hash_of(token))
    if contractor is None:
        raise Http404
    at = timezone.now()
    with translation.override(language_of(contractor)):
        body = calendar_of(contractor_home(contractor, at), at)
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


@require_POST
@contractor_page
def erasure(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Ask to be erased, or take that back while it waits."""
    if request.POST.get("act") == "withdraw":
        withdraw_erasure(contractor=visit.contractor, by=visit.user, at=visit.at)
        messages.success(request, _("Taken back. Nothing is erased."))
    else:
        ask_for_erasure(contractor=visit.contractor, by=visit.user, at=visit.at)
        messages.success(request, _("We have your request. The answer will be on this page."))
    return redirect("portal:settings")


def _download(body: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
