"""Leads a request to its own contractor, in that person's language and time zone; whatever is another's is 404."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from contractorhub.portal.presenters.reader import Reader
from projects.access import own_contractor
from projects.models import Contractor, User

Rest = ParamSpec("Rest")


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is looking, how they read, and the instant at which they look."""

    user: User
    contractor: Contractor
    reader: Reader
    at: datetime


PortalView = Callable[Concatenate[HttpRequest, Visit, Rest], HttpResponse]


def language_of(contractor: Contractor) -> str:
    """The language the portal speaks to this person; English where theirs is not offered yet."""
    try:
        return translation.get_supported_language_variant(contractor.locale.replace("_", "-").lower())
    except LookupError:
        return settings.LANGUAGE_CODE


def contractor_page(view: PortalView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Give `view` the visit of a signed-in contractor; send strangers to sign in and come back."""

    def page(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        user = request.user
        contractor = own_contractor(user)
        if contractor is None or not isinstance(user, User):
            return render(request, "portal/not_a_contractor.html", status=403)
        language = language_of(contractor)
        at = timezone.now()
        reader = Reader.of(contractor, language, at)
        with translation.override(language), timezone.override(reader.zone):
            response = view(request, Visit(user, contractor, reader, at), *args, **kwargs)
        response.headers.setdefault("Content-Language", language)
        remember_language(request, response, language)
        return response

    update_wrapper(page, view)
    return never_cache(login_required(page))


def remember_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """Keep the language in a cookie, so that the sign-in page speaks it on this phone next time."""
    if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
