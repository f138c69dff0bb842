"""Closes and opens logins, and brings somebody's firm-wide roles to what operations say, all of it at once."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.models import User
from projects.models.people import Role
from projects.operations.history import record
from projects.operations.people import grant_role, revoke_role


def set_access(
    *, user: User, roles: Collection[str], may_sign_in: bool, by: User | None, at: datetime
) -> None:
    """Give and take roles, and close or open the login; every session and token feels it at its next request.

    Raises NotAllowed, or UnableToEngage for one's own: nobody shuts themselves out, nor raises themselves.
    """
    if by is not None and not access.is_operations(by):
        raise NotAllowed("Only operations may change who may do what.")
    if by is not None and by.pk == user.pk:
        raise UnableToEngage("Somebody else has to change what you yourself may do.")
    held = set(user.role_grants.values_list("role", flat=True))
    with transaction.atomic():
        for role in Role:
            if role in roles and role not in held:
                grant_role(user=user, role=role, by=by, at=at)
            elif role in held and role not in roles:
                revoke_role(user=user, role=role, by=by, at=at)
        changed = User.objects.filter(pk=user.pk, is_active=not may_sign_in).update(is_active=may_sign_in)
        if changed:
            verb = "login.opened" if may_sign_in else "login.closed"
            record(verb=verb, subject_ref=f"user:{user.pk}", before={}, after={}, by=by, at=at)
    user.refresh_from_db()
