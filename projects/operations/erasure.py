"""Erases who a contractor is and keeps what they earned: every figure stands, and nothing says whose it was."""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils.module_loading import import_string

from notifications.forgetting import forget_reader
from projects import access
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.domain.periods import local_day
from projects.models import (
    Acknowledgement,
    Alias,
    CalendarLink,
    Candidacy,
    Contractor,
    ContractorSkill,
    Correction,
    CorrectionPaper,
    Engagement,
    PauseExclusion,
    PayRead,
    Statement,
    ToldByHand,
    UnmatchedHours,
    User,
)
from projects.operations.history import record

NOBODY: Final = "erased.invalid"
"""The domain of addresses that reach nobody (RFC 2606); nightly, what packages keep of such logins is deleted."""


def erase_contractor(*, contractor: Contractor, by: User, at: datetime) -> None:
    """Replace name, addresses and ids by nothing, close the login, and delete what the person wrote and held.

    Terms, rates, hours, estimates, closed periods and the audit trail (which holds keys, never names) stay, so that
    no sum moves. It cannot be undone. Raises NotAllowed, or UnableToEngage while a term still runs.
    """
    if not access.is_operations(by):
        raise NotAllowed("Only operations erase people.")
    today = local_day(at, contractor.time_zone)
    running = Engagement.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today), contractor=contractor)
    first = running.select_related("project").first()
    if first is not None:
        raise UnableToEngage(f"{contractor} is still engaged on {first.project.code}: end that term first.")
    with transaction.atomic():
        held = Contractor.objects.select_for_update().get(pk=contractor.pk)
        _delete_what_they_held(held)
        forget_reader(f"contractor:{held.pk}")
        for path in settings.ERASED_TOO:
            import_string(path)(held)
        _close_login(held)
        Contractor.objects.filter(pk=held.pk).update(
            name=f"Erased person {held.pk}", email=f"person-{held.pk}@{NOBODY}", external_id="", slack_user_id="",
            region="", display_currency="", locale="en", time_zone="UTC",
        )  # fmt: skip
        record(
            verb="contractor.erased", subject_ref=f"contractor:{held.pk}", before={}, after={}, by=by, at=at
        )
    contractor.refresh_from_db()


def _delete_what_they_held(contractor: Contractor) -> None:
    own = {"contractor": contractor}
    for model in (CalendarLink, ContractorSkill, Alias, Statement, PayRead):
        model._default_manager.filter(**own).delete()
    CorrectionPaper.objects.filter(correction__contractor=contractor).delete()
    Correction.objects.filter(**own).update(words="", answer="")
    Candidacy.objects.filter(**own).update(words="")
    ToldByHand.objects.filter(**own).update(note="")
    PauseExclusion.objects.filter(**own).update(reason="")
    Acknowledgement.objects.filter(**own).update(via="")
    UnmatchedHours.objects.filter(person_email__iexact=contractor.email).delete()


def _close_login(contractor: Contractor) -> None:
    """The login goes with the person, unless somebody of the firm uses it too."""
    user = contractor.user
    if user is None or user.is_staff:
        Contractor.objects.filter(pk=contractor.pk).update(user=None)
        return
    User.objects.filter(pk=user.pk).update(
        email=f"login-{user.pk}@{NOBODY}",
        name="",
        is_active=False,
        password=make_password(None),
        last_login=None,
    )
