"""Who asks during a bench: people of a role, and a time tracker's token."""

from datetime import timedelta

from django.utils import timezone
from knox.models import AuthToken

from contractorhub.api.models import TokenGrant
from projects.models import RoleGrant, User


def with_role(role: str) -> User:
    """A new person at the desk who has this role."""
    user: User = User.objects.create_user(f"{role}@firm.example", name=role, is_staff=True)
    RoleGrant.objects.create(user=user, role=role, granted_at=timezone.now())
    return user


def tracker_token() -> str:
    """A token that may read hours and no more."""
    row, token = AuthToken.objects.create(user=with_role("operations"), expiry=timedelta(days=1))
    TokenGrant.objects.create(token=row, name="bench", scopes=["hours:read"], has_second_factor=True)
    return str(token)
