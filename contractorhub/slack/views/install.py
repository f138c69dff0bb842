"""Installing the app in a workspace: for operations only, with a state that is this browser's and good once."""

import secrets
import time

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from contractorhub.slack.installing import STATE_SECONDS, UnableToInstall, consent_address, exchange
from notifications.workspaces import Installation, take_in
from projects import access
from projects.models import User
from projects.operations.history import record

_STATE = "slack_install"


@never_cache
@login_required
@require_GET
def install(request: HttpRequest) -> HttpResponse:
    """Say what will be asked for, with the way to Slack; the state belongs to this browser's session."""
    _refuse_strangers(request)
    state = secrets.token_urlsafe(32)
    request.session[_STATE] = [state, time.time() + STATE_SECONDS]
    is_ready = bool(
        settings.SLACK_CLIENT_ID and settings.SLACK_CLIENT_SECRET and settings.SLACK_SIGNING_SECRET
    )
    address = consent_address(state) if is_ready else ""
    return render(request, "slack/desk/install_page.html", {"address": address, "is_ready": is_ready})


@never_cache
@login_required
@require_GET
def installed(request: HttpRequest) -> HttpResponse:
    """Slack sends the browser back here with a code; it is exchanged where the state is the one we gave."""
    user = _refuse_strangers(request)
    if not _is_our_state(request):
        return _failed(request, _("This did not begin here, or it is too long ago. Begin again."))
    if request.GET.get("error") or not request.GET.get("code"):
        return _failed(request, _("Nobody consented, so nothing was installed."))
    try:
        given = exchange(request.GET["code"])
    except UnableToInstall as error:
        return _failed(request, str(error))
    _keep(given, by=user)
    messages.success(request, _("ContractorHub is installed in %(name)s.") % {"name": given.name})
    return redirect("admin:notifications_workspace_changelist")


def _keep(given: Installation, *, by: User) -> None:
    at = timezone.now()
    with transaction.atomic():
        take_in(given, at=at)
        record(
            verb="slack.workspace_installed",
            subject_ref=f"slack:{given.team_id}",
            before={},
            after={"name": given.name, "scopes": given.scopes},
            by=by,
            at=at,
        )


def _is_our_state(request: HttpRequest) -> bool:
    """Whether the state is the one this session holds; it is taken out, so that it is good once."""
    held, until = request.session.pop(_STATE, ["", 0])
    given = request.GET.get("state", "")
    return bool(held) and constant_time_compare(held, given) and time.time() < until


def _refuse_strangers(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not access.is_operations(user):
        raise PermissionDenied
    return user


def _failed(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "slack/desk/install_failed.html", {"why": why}, status=400)
