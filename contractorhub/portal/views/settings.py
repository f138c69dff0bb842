"""What a contractor sets for themselves, how they sign in, and a copy of their own data."""

import json

from django.conf import settings as django_settings
from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from contractorhub.portal.access import Visit, contractor_page, language_of, remember_language
from contractorhub.portal.forms import SettingsForm
from projects.domain.errors import DomainError
from projects.operations.people_settings import choose_language_and_clock
from projects.queries.own_data import own_data


@require_http_methods(["GET", "HEAD", "POST"])
@contractor_page
def settings(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Language and time zone; the answer is already in the language chosen."""
    chosen = {"locale": language_of(visit.contractor), "time_zone": visit.contractor.time_zone}
    form = SettingsForm(request.POST or None, initial=chosen)
    if request.method == "POST" and form.is_valid() and _saved(request, visit, form):
        return _back_in(request, str(form.cleaned_data["locale"]))
    return render(
        request, "portal/settings.html", {"form": form, "reader": visit.reader, "person": visit.contractor}
    )


@require_safe
@contractor_page
def security(request: HttpRequest, visit: Visit) -> HttpResponse:
    """How to sign in, and where one is signed in."""
    return render(request, "portal/security.html", {"reader": visit.reader, "person": visit.contractor})


@require_safe
@contractor_page
def my_data(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Everything kept about this person that is theirs to read, as one JSON file."""
    body = json.dumps(
        own_data(visit.contractor, visit.at), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1
    )
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="contractorhub-my-data.json"'
    return response


def _saved(request: HttpRequest, visit: Visit, form: SettingsForm) -> bool:
    try:
        choose_language_and_clock(
            contractor=visit.contractor,
            locale=form.cleaned_data["locale"],
            time_zone=form.cleaned_data["time_zone"],
            offered=[code for code, _name in django_settings.LANGUAGES],
            by=visit.user,
            at=visit.at,
        )
    except DomainError as error:
        form.add_error(error.field, error.message)
        return False
    return True


def _back_in(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language):
        messages.success(request, _("Saved."))
    response = redirect("portal:settings")
    remember_language(request, response, language)
    return response
