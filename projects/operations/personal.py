"""Gives a contractor a secret calendar link and takes it away, and takes up and answers requests for erasure."""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.models import CalendarLink, Contractor, ErasureRequest, User
from projects.operations.erasure import erase_contractor
from projects.operations.history import record

TOKEN_BYTES: Final = 24


def make_calendar_link(*, contractor: Contractor, by: User, at: datetime) -> str:
    """A new secret for the contractor's calendar, shown once; the one before stops working."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        CalendarLink.objects.update_or_create(
            contractor=contractor, defaults={"token_hash": hash_of(token), "made_at": at}
        )
        _record("calendar.linked", contractor, by=by, at=at)
    return token


def drop_calendar_link(*, contractor: Contractor, by: User, at: datetime) -> None:
    """Let the link stop working; without one nothing happens."""
    with transaction.atomic():
        dropped, _rows = CalendarLink.objects.filter(contractor=contractor).delete()
        if dropped:
            _record("calendar.unlinked", contractor, by=by, at=at)


def hash_of(token: str) -> str:
    """What is kept of a secret: it has so many random bits that a plain SHA-256 cannot be turned around."""
    return sha256(token.encode()).hexdigest()


def ask_for_erasure(*, contractor: Contractor, by: User, at: datetime) -> ErasureRequest:
    """Keep the wish; one that waits already is returned instead of a second one."""
    with transaction.atomic():
        Contractor.objects.select_for_update().get(pk=contractor.pk)
        waiting = ErasureRequest.objects.filter(contractor=contractor, closed_at__isnull=True).first()
        if waiting is not None:
            return waiting
        request = ErasureRequest.objects.create(contractor=contractor, asked_at=at)
        record(verb="erasure.asked", subject_ref=request.ref, before={}, after={}, by=by, at=at)
        return request


def withdraw_erasure(*, contractor: Contractor, by: User, at: datetime) -> None:
    """Take the wish back while it waits; otherwise nothing happens."""
    with transaction.atomic():
        for request in ErasureRequest.objects.filter(contractor=contractor, closed_at__isnull=True):
            record(verb="erasure.withdrawn", subject_ref=request.ref, before={}, after={}, by=by, at=at)
            request.delete()


def answer_erasure(
    *, request: ErasureRequest, answer: str, by: User, at: datetime, erase: bool = False
) -> ErasureRequest:
    """Say what was erased and what has to stay; with `erase`, erase the person in the same transaction.

    Raises NotAllowed for all but operations, UnableToEngage without an answer, when it was answered before, or where
    the person still works.
    """
    if not access.is_operations(by):
        raise NotAllowed("Only operations answer requests for erasure.")
    if not answer.strip():
        raise UnableToEngage("Say what was erased and what has to stay, and why.", field="answer")
    with transaction.atomic():
        changed = ErasureRequest.objects.filter(pk=request.pk, closed_at__isnull=True).update(
            closed_at=at, closed_by=by, answer=answer.strip()
        )
        if not changed:
            raise UnableToEngage("This request has been answered already, or taken back.")
        record(
            verb="erasure.answered",
            subject_ref=request.ref,
            before={},
            after={"erased": erase},
            by=by,
            at=at,
        )
        if erase:
            erase_contractor(contractor=request.contractor, by=by, at=at)
    request.refresh_from_db()
    return request


def _record(verb: str, contractor: Contractor, *, by: User, at: datetime) -> None:
    record(verb=verb, subject_ref=f"contractor:{contractor.pk}", before={}, after={}, by=by, at=at)
