"""Undoes a roster as a whole, as long as nothing has come to rest on what it brought."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import ProtectedError

from projects.domain.errors import UnableToImport
from projects.models import Contractor, Engagement, HoursEntry, Rate, User
from projects.operations.history import record
from projects.operations.people import ContractorFacts, change_contractor


def undo_roster(*, changes: Sequence[dict[str, Any]], ref: str, by: User | None, at: datetime) -> None:
    """Take the changes back, latest first, inside the caller's transaction.

    Raises UnableToImport, naming what is in the way, when hours, notices or later changes rest on one of them.
    """
    for change in changes:
        if "made" in change:
            _unmake(change["made"], change["pk"])
        elif "changed" in change:
            _change_back(change, by=by, at=at)
        else:
            _reopen(change)
    facts = {"changes": len(changes)}
    record(verb="roster.undone", subject_ref=ref, before={}, after=facts, by=by, at=at)


def _unmake(kind: str, pk: int) -> None:
    if kind == "rate":
        if HoursEntry.objects.filter(rate=pk).exists():
            raise UnableToImport("It cannot be undone: hours were taken in at a rate that it brought.")
        Rate.objects.filter(pk=pk).delete()
        return
    if kind == "engagement":
        if HoursEntry.objects.filter(engagement=pk).exists():
            raise UnableToImport("It cannot be undone: hours were taken in on an engagement that it brought.")
        Engagement.objects.filter(pk=pk).delete()
        return
    person = Contractor.objects.filter(pk=pk).select_related("user").first()
    if person is None:
        return
    login = person.user
    if login is not None and login.last_login is not None:
        raise UnableToImport(f"It cannot be undone: {person.name} has signed in since.")
    try:
        person.delete()
        if login is not None and not login.is_staff:
            login.delete()
    except ProtectedError as error:
        raise UnableToImport(f"It cannot be undone: {person.name} has work or news by now.") from error


def _change_back(change: dict[str, Any], *, by: User | None, at: datetime) -> None:
    person = Contractor.objects.get(pk=change["changed"])
    after = change["after"]
    if any(getattr(person, name) != value for name, value in after.items()):
        raise UnableToImport(f"It cannot be undone: {person.name} was changed again since.")
    change_contractor(contractor=person, facts=ContractorFacts(**change["before"]), by=by, at=at)


def _reopen(change: dict[str, Any]) -> None:
    ends_on = date.fromisoformat(change["before"]) if change["before"] else None
    standing = Engagement.objects.filter(pk=change["ended"], ends_on=date.fromisoformat(change["after"]))
    if not standing.update(ends_on=ends_on):
        raise UnableToImport("It cannot be undone: a term that it ended was changed again since.")
