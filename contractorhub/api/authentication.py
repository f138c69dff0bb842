"""Who is asking: a bearer token kept by knox, or the session of the pages with its CSRF token."""

from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import CharField
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from contractorhub.api.models import TokenGrant
from contractorhub.second_factor import has_a_desk
from projects.models import User
from projects.prepared import Prepared, Slot

USE_NOTED_EVERY: Final = timedelta(minutes=1)
_GRANT: Final = [field.attname for field in TokenGrant._meta.concrete_fields]
_USER: Final = [field.attname for field in User._meta.concrete_fields]
# The whole token is looked for by its hash, as knox keeps it: one look-up, and a token revoked a moment ago is none.
_FOUND: Final = Prepared(
    lambda: (
        TokenGrant.objects.filter(token=Slot("digest", CharField()))
        .order_by()
        .values_list(*_GRANT, *(f"token__user__{name}" for name in _USER), "token__expiry")
    )
)


class BearerToken(TokenAuthentication):  # type: ignore[misc]
    """`Authorization: Bearer hub_…`; the grant of the token, with its scopes, becomes `request.auth`."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, TokenGrant]:
        """Find the token's owner and scopes. Raises AuthenticationFailed for anything that is no living token."""
        now = timezone.now()
        try:
            rows = _FOUND.rows(digest=hash_token(token.decode("ascii")))
        except UnicodeDecodeError:
            rows = []
        if not rows:
            raise AuthenticationFailed("Invalid token.")
        row = rows[0]
        grant = TokenGrant.from_db(DEFAULT_DB_ALIAS, _GRANT, row[: len(_GRANT)])
        user = User.from_db(DEFAULT_DB_ALIAS, _USER, row[len(_GRANT) : -1])
        # An expired one stays listed until its owner deletes it.
        if row[-1] is not None and row[-1] <= now:
            raise AuthenticationFailed("Invalid token.")
        if not user.is_active:
            raise AuthenticationFailed("User inactive or deleted.")
        if settings.STAFF_SECOND_FACTOR and not grant.has_second_factor and has_a_desk(user):
            raise AuthenticationFailed("This token was made without a second factor; make a new one.")
        if grant.last_used_at is None or grant.last_used_at <= now - USE_NOTED_EVERY:
            TokenGrant.objects.filter(pk=grant.pk).update(last_used_at=now)
        return user, grant


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
