"""Linking a Slack account: somebody who is signed in confirms that it is theirs."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from contractorhub.slack.linking import link_account
from contractorhub.slack.models import SlackAccount
from contractorhub.slack.people import read_link_token
from notifications.models import Workspace
from projects.models import User


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """Ask whether this is yours; at the press of the button, link it. Looking changes nothing."""
    token = request.POST.get("who", "") or request.GET.get("who", "")
    who, user = read_link_token(token), request.user
    if who is None or not isinstance(user, User):
        return render(request, "slack/link_too_old.html", status=400)
    workspace = Workspace.objects.filter(team_id=who.team_id).first()
    standing = SlackAccount.objects.filter(team_id=who.team_id, slack_user_id=who.user_id).exclude(user=user)
    is_done = request.method == "POST"
    if is_done:
        link_account(who=who, by=user, at=timezone.now())
    context = {
        "who": who,
        "token": token,
        "workspace": workspace.name if workspace else who.team_id,
        "is_of_somebody_else": standing.exists() and not is_done,
        "is_done": is_done,
        "base_url": settings.BASE_URL,
    }
    return render(request, "slack/link_page.html", context)
