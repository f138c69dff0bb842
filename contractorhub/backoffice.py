"""The branded admin site that project leads, finance and operators work in."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any, Final

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects import access
from projects.domain.money import format_money, minor_to_decimal
from projects.models import User
from projects.models.pauses import ReasonCode
from projects.queries.dashboard import AtRisk, dashboard_of, pausable_by

OWN_ROOMS: Final = frozenset({"contractorhub", "projects", "notifications"})


class BackofficeSite(AdminSite):
    """Django's plain admin under our name, opened by roles instead of permission rows."""

    site_header = "ContractorHub"
    site_title = "ContractorHub"
    index_title = _("What stands today")
    site_url = "/"
    enable_nav_sidebar = True

    def register(
        self, model_or_iterable: Any, admin_class: "type[ModelAdmin[Any]] | None" = None, **options: Any
    ) -> None:
        """Take up pages of our own only: those that packages bring along ask permission rows, not the access policy.

        What operations need of a package's rows has a page of ours in `contractorhub.admin`.
        """
        if admin_class is not None and admin_class.__module__.partition(".")[0] in OWN_ROOMS:
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Whoever may open the admin at all: staff; what they find there the access policy says.

        The gate of every page asks this first, so here is where their roles are looked up for the request.
        """
        user = request.user
        if isinstance(user, User) and user.known_roles is None:
            access.remember_roles(user)
        return bool(user.is_active and user.is_staff)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sign in as everywhere else: by emailed code, passkey or the firm's sign-in, under the same limits."""
        answer: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return answer

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """A page of Django's that we do not offer: nobody has a password."""
        raise Http404

    def password_change_done(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """As above."""
        raise Http404

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page: what stands on this person's desk today."""
        return super().index(request, {**_front_page(request), **(extra_context or {})})


def _front_page(request: HttpRequest) -> dict[str, Any]:
    """What the index shows besides the list of rooms; nothing for staff without a project, a client or a role."""
    user = request.user
    if not isinstance(user, User) or not access.is_staff_of_firm(user):
        return {}
    at = timezone.now()
    desk = dashboard_of(user, at=at)
    return {
        "desk": desk,
        "at_risk": _by_currency(desk.at_risk),
        "due_today": [row for row in desk.pauses if row.is_late or row.is_due],
        "missed": [row for row in desk.pauses if row.unreached],
        "choices": pausable_by(user, today=at.date()),
        "reasons": ReasonCode.choices,
        "at": at,
    }


def _by_currency(rows: Iterable[AtRisk]) -> list[tuple[str, list[tuple[AtRisk, str, str]]]]:
    """A chart a currency: each pause with its loss in words and in units of the currency."""
    ordered = sorted(rows, key=lambda row: (row.currency, -row.lost_minor))
    return [
        (
            currency,
            [
                (
                    row,
                    format_money(row.lost_minor, currency),
                    str(minor_to_decimal(row.lost_minor, currency)),
                )
                for row in same
            ],
        )
        for currency, same in groupby(ordered, key=lambda row: row.currency)
    ]
