"""Which doors a token opens: scopes narrow what its owner may do, never widen it."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from contractorhub.api.authentication import grant_of
from contractorhub.api.models import Scope

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class HasScope(BasePermission):
    """A session may do what its user may; a token only what its scopes name.

    A view says `read_scope` and `write_scope`; without them they are `read` and `pauses:write`.
    """

    message = "This token lacks the scope that this needs."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether the scopes of the token that asks hold the one this method needs."""
        grant = grant_of(request)
        if grant is None:
            return True
        needed = (
            getattr(view, "read_scope", Scope.READ)
            if request.method in _READING
            else getattr(view, "write_scope", Scope.PAUSES_WRITE)
        )
        return needed in grant.scopes


class IsSession(BasePermission):
    """Only somebody who signed in by the pages; a token can neither make nor revoke tokens."""

    message = "Tokens are made and revoked by a signed-in person, not by a token."

    def has_permission(self, request: Request, view: Any) -> bool:
        """Whether no token is asking."""
        return grant_of(request) is None
