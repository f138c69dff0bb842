"""Leads a request to finance's pages: strangers sign in first, and for whoever has no such role there is no page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache

from projects.access import may_pull_reports
from projects.models import User

Rest = ParamSpec("Rest")


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is looking, and the instant at which they look."""

    user: User
    at: datetime


FinanceView = Callable[Concatenate[HttpRequest, Visit, Rest], HttpResponseBase]


def finance_page(view: FinanceView[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]:
    """Give `view` the visit of somebody who may pull reports. Reports speak English, so their pages do."""

    @never_cache
    @login_required
    @wraps(view)
    def page(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or not may_pull_reports(user):
            raise Http404
        with translation.override("en"), timezone.override("UTC"):
            return view(request, Visit(user, timezone.now()), *args, **kwargs)

    return page
