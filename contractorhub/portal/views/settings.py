"""What a contractor sets for themselves: how they read, how they are told, and how they sign in."""

from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contractorhub.portal.access import Visit, contractor_page, language_of, remember_language
from contractorhub.portal.forms import SettingsForm
from contractorhub.portal.presenters.cards import present_moment
from contractorhub.portal.presenters.reads import present_read
from contractorhub.portal.telling_form import TellingForm
from projects.domain.errors import DomainError
from projects.operations.people_settings import choose_how_to_read, set_preferences
from projects.queries.own_preferences import own_preferences
from projects.queries.pay_reads import reads_of_pay
from projects.queries.personal import has_calendar_link, newest_erasure_request


@require_http_methods(["GET", "HEAD", "POST"])
@contractor_page
def settings(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Language, clock and currency; the answer is already in the language chosen."""
    form = SettingsForm(request.POST or None, initial=_standing(visit))
    if request.method == "POST" and form.is_valid() and _reading_saved(visit, form):
        return _back_in(request, str(form.cleaned_data["locale"]))
    return _page(request, visit, reading=form)


@require_POST
@contractor_page
def telling(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How one is told of things."""
    form = TellingForm(request.POST, standing=own_preferences(visit.contractor))
    if form.is_valid() and _telling_saved(visit, form):
        messages.success(request, _("Saved."))
        return redirect("portal:settings")
    return _page(request, visit, telling_form=form)


@require_safe
@contractor_page
def security(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How to sign in, and where one is signed in."""
    return render(request, "portal/security.html", {"reader": visit.reader, "person": visit.contractor})


@require_safe
@contractor_page
def reads(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Who of the firm was shown what one earns."""
    lines = [present_read(read, visit.reader, visit.at) for read in reads_of_pay(visit.contractor)]
    context = {"reader": visit.reader, "person": visit.contractor, "reads": lines}
    return render(request, "portal/reads.html", context)


def _standing(visit: Visit) -> dict[str, str]:
    return {
        "locale": language_of(visit.contractor),
        "time_zone": visit.contractor.time_zone,
        "display_currency": visit.contractor.display_currency,
    }


def _page(
    request: HttpRequest,
    visit: Visit,
    *,
    reading: SettingsForm | None = None,
    telling_form: TellingForm | None = None,
) -> HttpResponse:
    erasure = newest_erasure_request(visit.contractor)
    context: dict[str, Any] = {
        "form": reading or SettingsForm(initial=_standing(visit)),
        "telling": telling_form or TellingForm(standing=own_preferences(visit.contractor)),
        "reader": visit.reader,
        "person": visit.contractor,
        "has_calendar": has_calendar_link(visit.contractor),
        "erasure": erasure,
        "erasure_asked": present_moment(erasure.asked_at, visit.reader, visit.at) if erasure else None,
    }
    return render(request, "portal/settings.html", context)


def _reading_saved(visit: Visit, form: SettingsForm) -> bool:
    return _did(
        form,
        lambda: choose_how_to_read(
            contractor=visit.contractor,
            **form.cleaned_data,
            offered=[code for code, _name in django_settings.LANGUAGES],
            by=visit.user,
            at=visit.at,
        ),
    )


def _telling_saved(visit: Visit, form: TellingForm) -> bool:
    return _did(
        form,
        lambda: set_preferences(
            contractor=visit.contractor,
            ways=form.ways(),
            quiet_hours=form.quiet_hours(),
            digest_at=form.cleaned_data["digest_at"],
            by=visit.user,
            at=visit.at,
        ),
    )


def _did(form: Form, perform: Any) -> bool:
    try:
        perform()
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


def _back_in(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language):
        messages.success(request, _("Saved."))
    response = redirect("portal:settings")
    remember_language(request, response, language)
    return response
