"""Addresses of sign-in: allauth's, without the pages by which a login would part from its contractor."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path


def closed(request: HttpRequest, **_kwargs: str) -> HttpResponse:
    """A page that we do not offer: the address of a login follows the roster, and contractors have no password."""
    raise Http404


urlpatterns = [
    path("email/", closed),
    path("password/change/", closed),
    path("password/set/", closed),
    path("password/reset/", closed),
    path("confirm-email/", closed),
    path("confirm-email/<str:key>/", closed),
    path("3rdparty/", closed),
    path("3rdparty/signup/", closed),
    path("", include("allauth.urls")),
]
