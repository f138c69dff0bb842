"""Who may have an account, and what sign-in says: people the firm knows, in plain words, never a passer-by."""

import time
from datetime import timedelta
from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contractorhub.idling import SEEN
from projects.access import is_staff_of_firm
from projects.models import User

logger = structlog.get_logger(__name__)


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Closes public sign-up; accounts come with the roster."""

    error_messages: dict[str, Any] = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _("This is not the code we sent. Look at the newest email and try again."),
        "rate_limited": _("That was too often. Wait a few minutes, then try again."),
        "too_many_login_attempts": _("That was too often. Wait a few minutes, then ask for a new code."),
        "account_inactive": _("Your firm has closed this login."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, log that it was done, and say when the session ends, however much it is used.

        A desk stays open for a working day at most, and for an hour without anybody.
        """
        super().login(request, user)
        is_staff = user.is_staff or is_staff_of_firm(user)
        lasts = settings.STAFF_SESSION_SECONDS if is_staff else settings.SESSION_COOKIE_AGE
        request.session.set_expiry(timezone.now() + timedelta(seconds=lasts))
        if is_staff:
            request.session[SEEN] = int(time.time())
        logger.info("sign_in.done", user_id=user.pk, staff=is_staff)

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and log it."""
        logger.info("sign_in.left", user_id=request.user.pk)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **_credentials: Any) -> None:
        """Log that somebody was refused; what was typed stays out of it."""
        logger.warning("sign_in.refused")

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is: a prefix in brackets only hides the words on a small screen."""
        return subject
