"""Writes people: contractors with their logins, users, and firm-wide roles."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.models import Contractor, Leave, RoleGrant, User
from projects.models.people import Role
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.history import record


@dataclass(frozen=True, slots=True)
class ContractorFacts:
    """Who a contractor is: country as ISO 3166, region as the part after the dash, locale such as `fil`."""

    email: str
    name: str
    country: str
    region: str = ""
    locale: str = "en"
    time_zone: str = "UTC"
    slack_user_id: str = ""
    external_id: str = ""


def make_contractor(*, facts: ContractorFacts, by: User | None, at: datetime) -> Contractor:
    """Record a contractor and the login that goes with the address; no password, codes only.

    Raises UnableToEngage for an unfit or known address, or an unknown time zone.
    """
    email = facts.email.strip().lower()
    _refuse_unfit(facts, email)
    with transaction.atomic():
        if Contractor.objects.filter(email=email).exists():
            raise UnableToEngage(f"There is already a contractor with the address {email}.", field="email")
        contractor = Contractor.objects.create(
            user=_login_of(email, facts.name), **{**_columns(facts), "email": email}
        )
        record(
            verb="contractor.made",
            subject_ref=f"contractor:{contractor.pk}",
            before={},
            after={"country": facts.country, "locale": facts.locale},
            by=by,
            at=at,
        )
        return contractor


def change_contractor(
    *, contractor: Contractor, facts: ContractorFacts, by: User | None, at: datetime
) -> Contractor:
    """Change who a contractor is; the login follows the address.

    Raises UnableToEngage as `make_contractor` does.
    """
    email = facts.email.strip().lower()
    _refuse_unfit(facts, email)
    with transaction.atomic():
        fresh = Contractor.objects.select_related("user").get(pk=contractor.pk)
        if Contractor.objects.filter(email=email).exclude(pk=fresh.pk).exists():
            raise UnableToEngage(f"There is already a contractor with the address {email}.", field="email")
        before = {name: getattr(fresh, name) for name in _columns(facts)}
        for name, value in {**_columns(facts), "email": email}.items():
            setattr(fresh, name, value)
        if fresh.user is None:
            fresh.user = _login_of(email, facts.name)
        elif fresh.user.email != email:
            User.objects.filter(pk=fresh.user.pk).update(email=email)
        fresh.save()
        changed = sorted(name for name, value in before.items() if getattr(fresh, name) != value)
        record(
            verb="contractor.changed",
            subject_ref=f"contractor:{fresh.pk}",
            before={},
            after={"changed": changed},
            by=by,
            at=at,
        )
        return fresh


def add_leave(
    *, contractor: Contractor, kind: str, starts_on: date, ends_on: date, by: User | None, at: datetime
) -> Leave:
    """Record days somebody is away, `[starts_on, ends_on)`, so that they never count as a usual week."""
    if ends_on <= starts_on:
        raise UnableToEngage("Leave cannot end before it starts.", field="ends_on")
    with transaction.atomic():
        leave, _made = Leave.objects.update_or_create(
            contractor=contractor, starts_on=starts_on, kind=kind, defaults={"ends_on": ends_on}
        )
        ask_for_estimates_of(contractor_ids=[contractor.pk], reason="leave", at=at)
        record(
            verb="leave.added",
            subject_ref=f"contractor:{contractor.pk}",
            before={},
            after={"kind": kind, "starts_on": starts_on, "ends_on": ends_on},
            by=by,
            at=at,
        )
        return leave


def make_user(
    *, email: str, name: str, is_staff: bool, by: User | None, at: datetime, is_superuser: bool = False
) -> User:
    """Make somebody who may sign in.

    Raises NotAllowed, or UnableToEngage for an unfit or known address.
    """
    _refuse_strangers(by)
    address = email.strip().lower()
    _refuse_unfit_email(address)
    with transaction.atomic():
        if User.objects.filter(email=address).exists():
            raise UnableToEngage(f"There is already a user with the address {address}.", field="email")
        user = User.objects.create_user(
            address, name=name.strip(), is_staff=is_staff, is_superuser=is_superuser
        )
        record(
            verb="user.made",
            subject_ref=f"user:{user.pk}",
            before={},
            after={"is_staff": is_staff} | ({"is_superuser": True} if is_superuser else {}),
            by=by,
            at=at,
        )
        return user


def name_manager(*, user: User, manager: User | None, by: User | None, at: datetime) -> None:
    """Say whose manager somebody is, or that they have none. Raises NotAllowed, or UnableToEngage for a circle."""
    _refuse_strangers(by)
    above, seen = manager.pk if manager else None, {user.pk}
    while above is not None:
        if above in seen:
            raise UnableToEngage("Nobody can stand above themselves.", field="manager")
        seen.add(above)
        above = User.objects.values_list("manager", flat=True).get(pk=above)
    with transaction.atomic():
        before = {"manager": user.manager_id}
        User.objects.filter(pk=user.pk).update(manager=manager)
        after = {"manager": manager.pk if manager else None}
        if before != after:
            record(
                verb="manager.named", subject_ref=f"user:{user.pk}", before=before, after=after, by=by, at=at
            )


def grant_role(*, user: User, role: Role, by: User | None, at: datetime) -> RoleGrant:
    """Give a firm-wide role; giving it again changes nothing. Raises NotAllowed."""
    _refuse_strangers(by)
    with transaction.atomic():
        grant, is_new = RoleGrant.objects.get_or_create(
            user=user, role=role, defaults={"granted_at": at, "granted_by": by}
        )
        if not user.is_staff:
            User.objects.filter(pk=user.pk).update(is_staff=True)
        if is_new:
            record(
                verb="role.granted",
                subject_ref=f"user:{user.pk}",
                before={},
                after={"role": role},
                by=by,
                at=at,
            )
        return grant


def revoke_role(*, user: User, role: Role, by: User | None, at: datetime) -> None:
    """Take a firm-wide role away, at once. Raises NotAllowed."""
    _refuse_strangers(by)
    with transaction.atomic():
        deleted, _rows = RoleGrant.objects.filter(user=user, role=role).delete()
        if deleted:
            record(
                verb="role.revoked",
                subject_ref=f"user:{user.pk}",
                before={"role": role},
                after={},
                by=by,
                at=at,
            )


def _refuse_strangers(by: User | None) -> None:
    """Without a person it is the system itself: a command or the demo."""
    if by is not None and not access.is_operations(by):
        raise NotAllowed("Only operations may change who may do what.")


def _refuse_unfit(facts: ContractorFacts, email: str) -> None:
    _refuse_unfit_email(email)
    if not facts.name.strip():
        raise UnableToEngage("A contractor needs a name.", field="name")
    if facts.time_zone not in available_timezones():
        raise UnableToEngage(
            f"“{facts.time_zone}” is not a time zone, such as Asia/Manila.", field="time_zone"
        )


def _refuse_unfit_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise UnableToEngage(f"“{email}” is not an email address.", field="email") from error


def _login_of(email: str, name: str) -> User:
    """The user with this address, made without a password where there is none."""
    user = User.objects.filter(email=email).first()
    return user or User.objects.create_user(email, name=name.strip())


def _columns(facts: ContractorFacts) -> dict[str, Any]:
    return {
        "name": facts.name.strip(),
        "country": facts.country.upper(),
        "region": facts.region.upper(),
        "locale": facts.locale,
        "time_zone": facts.time_zone,
        "slack_user_id": facts.slack_user_id,
        "external_id": facts.external_id,
    }
