"""Who is asking: a bearer token kept by knox, or the session of the pages with its CSRF token."""

from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.models import AuthToken
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from contractorhub.api.models import TokenGrant
from projects.models import User

USE_NOTED_EVERY: Final = timedelta(minutes=1)


class BearerToken(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Bearer hub_…`; the grant of the token, with its scopes, becomes `request.auth`."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, TokenGrant]:
        """Find the token's owner and scopes. Raises AuthenticationFailed for anything that is no living token."""
        if not token.isascii() or not token.decode("ascii").isprintable():
            raise AuthenticationFailed("Invalid token.")
        user, auth_token = super().authenticate_credentials(token)
        grant = TokenGrant.objects.filter(token=auth_token).first()
        if grant is None:
            raise AuthenticationFailed("Invalid token.")
        now = timezone.now()
        if grant.last_used_at is None or grant.last_used_at <= now - USE_NOTED_EVERY:
            TokenGrant.objects.filter(pk=grant.pk).update(last_used_at=now)
        return user, grant

    def _cleanup_token(self, auth_token: AuthToken) -> bool:
        """Whether this token is over; an expired one stays listed until its owner deletes it."""
        return auth_token.expiry is not None and auth_token.expiry <= timezone.now()


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Tells the schema about bearer tokens."""

    target_class = "contractorhub.api.authentication.BearerToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """Return the scheme as OpenAPI writes it."""
        return {"type": "http", "scheme": "bearer", "description": "A token made by `POST /api/v1/tokens/`."}


def grant_of(request: Request) -> TokenGrant | None:
    """The grant of the token that asks; None for a session."""
    return request.auth if isinstance(request.auth, TokenGrant) else None
