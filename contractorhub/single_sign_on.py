"""The firm's single sign-on: who comes in with it, and which roles the groups that their provider names give them."""

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils import timezone

from projects.models import User
from projects.models.people import Role
from projects.operations.people import grant_role, make_user, revoke_role


class FirmSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Lets in people whom we know, and new staff whose groups give them a role; everybody else stays outside."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody fills in a form: whoever may come in is known before allauth would ask."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find or make the person, bring their roles up to date, and let allauth sign them in."""
        claims = claims_of(sociallogin)
        roles = roles_of(claims)
        with transaction.atomic():
            user = sociallogin.user if sociallogin.is_existing else _known_or_new(request, claims, roles)
            if not user.is_active:
                _refuse(request)
            _bring_up_to_date(user, roles)
            if not sociallogin.is_existing:
                sociallogin.connect(request, user)


def claims_of(sociallogin: SocialLogin) -> dict[str, Any]:
    """What the provider says of somebody: the signed token, and what its user page adds."""
    told: Mapping[str, Any] = sociallogin.account.extra_data or {}
    parts = [part for part in (told.get("userinfo"), told.get("id_token")) if isinstance(part, Mapping)]
    found: dict[str, Any] = {}
    for part in parts or [told]:
        found |= part
    return found


def roles_of(claims: Mapping[str, Any]) -> frozenset[Role]:
    """The firm-wide roles that somebody's groups give them."""
    groups = claims.get(settings.OIDC_GROUPS_CLAIM)
    told = groups if isinstance(groups, list) else [groups]
    named = {each for each in told if isinstance(each, str)}
    return frozenset(Role(role) for group, role in settings.OIDC_ROLES.items() if group in named)


def _known_or_new(request: HttpRequest, claims: Mapping[str, Any], roles: frozenset[Role]) -> User:
    """The person with this address; where there is none, new staff, if their groups give them a role."""
    email = str(claims.get("email") or "").strip().lower()
    # An address that the provider has not checked may be anybody's.
    if not email or claims.get("email_verified") not in {True, "true"}:
        _refuse(request)
    user = User.objects.filter(email=email).first()
    if user is not None:
        return user
    if not roles:
        _refuse(request)
    name = str(claims.get("name") or "")[:200]
    return make_user(email=email, name=name, is_staff=True, by=None, at=timezone.now())


def _bring_up_to_date(user: User, roles: frozenset[Role]) -> None:
    """Give and take roles so that they are what the groups say; roles that no group stands for are left alone."""
    held = set(user.role_grants.values_list("role", flat=True))
    for role in _managed():
        if role in roles and role not in held:
            grant_role(user=user, role=role, by=None, at=timezone.now())
        elif role in held and role not in roles:
            revoke_role(user=user, role=role, by=None, at=timezone.now())


def _managed() -> Iterator[Role]:
    return (Role(role) for role in sorted(set(settings.OIDC_ROLES.values())))


def _refuse(request: HttpRequest) -> NoReturn:
    raise ImmediateHttpResponse(render(request, "socialaccount/not_known.html", status=403))
