"""The desk's second lock: staff come in with a second factor, and prove it again before the gravest acts."""

import json
import time
from collections.abc import Callable
from typing import Any, Final

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, suspend_request
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import ResolverMatch, resolve, reverse
from django.utils.translation import gettext as _

from projects.access import is_staff_of_firm
from projects.models import User

# A single sign-on counts: what it asks for is the firm's own rule.
STRONG: Final = frozenset({"mfa", "socialaccount"})
API: Final = "/api/"
DESKS: Final = ("/admin/", "/finance/", API)
LETS_OUT: Final = frozenset(
    {
        "finance:download",
        "admin:projects_pause_unseen_csv",
        "admin:projects_pause_needing_csv",
        "admin:projects_upload_file",
        "api:report",
        "api:import-file",
    }
)
"""Doors that hand out a file however they are asked: not every one of them looks at the method."""
# What else lets data of people out, lets somebody in, or is the second person's word: by method and route.
GRAVE: Final = frozenset(
    {
        ("POST", "finance:pull"),
        ("POST", "finance:new_schedule"),
        ("POST", "finance:change_schedule"),
        ("POST", "admin:projects_auditevent_export"),
        ("POST", "admin:notifications_endpoint_add"),
        ("POST", "admin:api_tokengrant_add"),
        ("POST", "admin:mfa_authenticator_delete"),
        ("POST", "admin:projects_user_access"),
        ("POST", "admin:projects_erasure_answer"),
        ("POST", "api:schedules"),
        ("POST", "api:tokens"),
        ("POST", "api:webhook-endpoints"),
        ("POST", "api:webhook-rotate-secret"),
        ("POST", "api:approval-approve"),
    }
)
APPROVAL: Final = ("POST", "admin:projects_pause_preview")
"""The page on which a pause is opened, asked for, approved and sent back, by the button that was pressed."""


class SecondFactorMiddleware:
    """Lets staff to their desks only after a second factor; the portal of contractors stays open to a code alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the question is asked once the route is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Send who lacks a second factor to add one; ask again, and go on from there, where it was too long ago."""
        user = request.user
        if not settings.STAFF_SECOND_FACTOR or not request.path.startswith(DESKS):
            return None
        if not isinstance(user, User) or not has_a_desk(user):
            return None
        proofs = _proofs(request, user)
        if not proofs and not is_mfa_enabled(user):
            return _add_one_first(request)
        if proofs and not (_is_grave(request) and _is_stale(proofs[-1])):
            return None
        if request.path.startswith(API):
            return _refusal(_("Prove again on the pages that it is you, then repeat this."))
        answer: HttpResponse = suspend_request(request, reverse("mfa_reauthenticate"))
        return answer


def has_a_desk(user: User) -> bool:
    """Whether somebody needs a second factor."""
    return user.is_staff or is_staff_of_firm(user)


def has_proved_twice(request: HttpRequest) -> bool:
    """Whether whoever is signed in came in with a second factor."""
    return isinstance(request.user, User) and bool(_proofs(request, request.user))


def _proofs(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    return [proof for proof in get_authentication_records(request, user) if proof["method"] in STRONG]


def _is_grave(request: HttpRequest) -> bool:
    match = request.resolver_match
    door = (request.method, match.view_name if match is not None else "")
    return (
        door[1] in LETS_OUT or door in GRAVE or (door == APPROVAL and request.POST.get("intent") == "approve")
    )


def door_that_waits(request: HttpRequest) -> ResolverMatch | None:
    """What was asked for before somebody was asked to prove again that it is them; they are at it now."""
    if request.method != "POST" or not request.path.startswith("/account/"):
        return None
    waiting = request.session.get(STATE_SESSION_KEY, {}).get("request")
    return resolve(json.loads(waiting)["path_info"]) if waiting else None


def was_let_through(request: HttpRequest) -> bool:
    """Whether what waited was done in this very request."""
    return STATE_SESSION_KEY not in request.session


def _is_stale(proof: dict[str, Any]) -> bool:
    if proof["method"] == "socialaccount":  # the provider asks as often as the firm wants
        return False
    return time.time() - float(proof["at"]) > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def _add_one_first(request: HttpRequest) -> HttpResponse:
    words = _(
        "Your desk shows what people are paid. Add a second step to your sign-in first: an app or a passkey."
    )
    if request.path.startswith(API):
        return _refusal(words)
    messages.warning(request, words)
    return redirect("mfa_index")


def _refusal(words: str) -> HttpResponse:
    body = {"type": "about:blank", "title": "Not allowed", "status": 403, "detail": words}
    return JsonResponse(body, status=403, content_type="application/problem+json")
