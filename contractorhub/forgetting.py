"""What the roof keeps of people and lets go of every night: sessions, tokens, erased people's logins, reads of pay."""

from datetime import datetime, timedelta
from typing import Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Model
from knox.models import AuthToken

from contractorhub.api.idempotency import KEPT_FOR
from contractorhub.api.models import StoredAnswer
from contractorhub.member_seals import seal_what_is_plain
from contractorhub.slack.models import SlackAccount
from notifications.forgetting import forget_readers_before
from projects.models import PayRead
from projects.operations.erasure import NOBODY

A_MONTH: Final = timedelta(days=30.4375)
TOKENS_KEPT: Final = timedelta(days=90)
"""An expired token stays listed so long: its owner sees what it was for and when it was last used."""
OF_A_LOGIN: Final[tuple[type[Model], ...]] = (
    EmailAddress, Authenticator, SocialAccount, UserSession, AuthToken, SlackAccount, LogEntry,
)  # fmt: skip


def forget_old(*, at: datetime) -> dict[str, int]:
    """Delete what is past its time; how many rows of each kind."""
    sessions_until = at - timedelta(seconds=settings.SESSION_COOKIE_AGE)
    found: dict[str, int] = {}
    for name, rows in (
        ("sessions", Session.objects.filter(expire_date__lt=at)),
        ("signed-in browsers", UserSession.objects.filter(last_seen_at__lt=sessions_until)),
        ("tokens", AuthToken.objects.filter(expiry__lt=at - TOKENS_KEPT)),
        ("stored answers", StoredAnswer.objects.filter(at__lt=at - KEPT_FOR)),
    ):
        found[name] = rows.delete()[0]
    for model in OF_A_LOGIN:
        rows = model._default_manager.filter(user__email__endswith=f"@{NOBODY}")
        found["logins of erased people"] = found.get("logins of erased people", 0) + rows.delete()[0]
    if settings.PAY_READ_MONTHS:
        old = PayRead.objects.filter(last_at__lt=at - settings.PAY_READ_MONTHS * A_MONTH)
        found["reads of pay"] = old.delete()[0]
    if settings.NOTICE_READER_MONTHS:
        found["readers of notices"] = forget_readers_before(at - settings.NOTICE_READER_MONTHS * A_MONTH)
    found["ids of Slack's members sealed"] = seal_what_is_plain()
    return found
