"""Makes and revokes tokens: the token itself is told once, and kept by knox as a hash with its expiry."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from knox.models import AuthToken

from contractorhub.api.models import TokenGrant
from projects.models import User
from projects.operations.history import record

MOST_TOKENS: Final = 50


class TooManyTokens(Exception):
    """Somebody has as many living tokens as anybody may have."""


@transaction.atomic
def make_token(
    *, user: User, name: str, scopes: Sequence[str], days: int, at: datetime, has_second_factor: bool = False
) -> tuple[TokenGrant, str]:
    """Make a token for its owner; the row and the token, which cannot be read again. Raises TooManyTokens.

    `has_second_factor`: its maker had proved with one that it was them; without it a token opens no desk, even where
    its owner gets one later.
    """
    if AuthToken.objects.filter(user=user, expiry__gt=at).count() >= MOST_TOKENS:
        raise TooManyTokens
    auth_token, token = AuthToken.objects.create(user=user, expiry=timedelta(days=days))
    grant = TokenGrant.objects.create(
        token=auth_token, name=name, scopes=sorted(set(scopes)), has_second_factor=has_second_factor
    )
    after = {"name": name, "scopes": grant.scopes, "expires_at": auth_token.expiry}
    record(verb="token.made", subject_ref=f"user:{user.pk}", before={}, after=after, by=user, at=at)
    return grant, str(token)


@transaction.atomic
def revoke_token(grant: TokenGrant, *, by: User, at: datetime) -> None:
    """Revoke a token: from now on it opens nothing."""
    owner, before = grant.token.user_id, {"name": grant.name, "scopes": grant.scopes}
    grant.token.delete()
    record(verb="token.revoked", subject_ref=f"user:{owner}", before=before, after={}, by=by, at=at)
