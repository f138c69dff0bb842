"""From a request's body to one operation that makes a record, as the asker, now."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone
from rest_framework import serializers

from contractorhub.api import sets
from contractorhub.api.errors import unknown
from contractorhub.api.serializers import making as asked_for
from projects import access
from projects.domain.errors import NotAllowed
from projects.models import Client, Contractor, Engagement, Project, Rate, ScopeReassessment, User
from projects.operations.people import ContractorFacts, make_contractor
from projects.operations.scope import ScopeTerms, decide_reassessment, start_reassessment
from projects.operations.work import (
    ProjectFacts,
    RateFacts,
    change_rate,
    end_engagement,
    engage,
    make_client,
    make_project,
)

Row = TypeVar("Row", bound=Model)


def client_by(user: User, body: Any) -> Client:
    """Record a client."""
    asked = read(asked_for.ClientIn, body)
    owners = _users(user, asked["owners"], field="owners")
    return make_client(code=asked["code"], name=asked["name"], owners=owners, by=user, at=timezone.now())


def project_by(user: User, body: Any) -> Project:
    """Record a project."""
    asked = read(asked_for.NewProjectIn, body)
    client = found(access.clients_visible_to(user).filter(code=asked["client"]), field="client")
    leads = _users(user, asked["leads"], field="leads")
    facts = ProjectFacts(**only(ProjectFacts, asked))
    made = make_project(
        client=client, code=asked["code"], facts=facts, leads=leads, by=user, at=timezone.now()
    )
    return sets.projects(user).get(pk=made.pk)


def contractor_by(user: User, body: Any) -> Contractor:
    """Record a contractor."""
    _refuse_all_but_operations(user)
    asked = read(asked_for.ContractorIn, body)
    return make_contractor(facts=ContractorFacts(**asked), by=user, at=timezone.now())


def engagement_by(user: User, body: Any) -> Engagement:
    """Engage a contractor."""
    _refuse_all_but_operations(user)
    asked = read(asked_for.EngagementIn, body)
    people = access.contractors_visible_to(user).filter(public_id=asked["contractor"])
    made = engage(
        contractor=found(people, field="contractor"),
        project=project_named(user, asked),
        starts_on=asked["starts_on"],
        ends_on=asked["ends_on"],
        rate=_rate(asked["rate"]) if asked["rate"] else None,
        by=user,
        at=timezone.now(),
    )
    return sets.engagements(user).get(pk=made.pk)


def rate_by(user: User, engagement: Engagement, body: Any) -> Rate:
    """Say what an engagement pays from a day on."""
    _refuse_all_but_operations(user)
    rate = _rate(read(asked_for.RateIn, body))
    return change_rate(engagement=engagement, rate=rate, by=user, at=timezone.now())


def end_by(user: User, engagement: Engagement, body: Any) -> Engagement:
    """End an engagement."""
    _refuse_all_but_operations(user)
    day: date = read(asked_for.EndEngagementIn, body)["ends_on"]
    end_engagement(engagement=engagement, ends_on=day, by=user, at=timezone.now())
    return sets.engagements(user).get(pk=engagement.pk)


def reassessment_by(user: User, body: Any) -> ScopeReassessment:
    """Start a reassessment."""
    asked = read(asked_for.ReassessmentIn, body)
    return start_reassessment(
        project=project_named(user, asked),
        what_it_means=asked["what_it_means"],
        next_update_by=asked["next_update_by"],
        confidential_note=asked["confidential_note"],
        by=user,
        at=timezone.now(),
    )


def decision_by(user: User, reassessment: ScopeReassessment, body: Any) -> ScopeReassessment:
    """Decide a reassessment."""
    asked = read(asked_for.DecideReassessmentIn, body)
    rate = asked["new_rate"]
    terms = ScopeTerms(
        **only(ScopeTerms, asked), new_rate_millionths=millionths(rate) if rate is not None else None
    )
    return decide_reassessment(
        reassessment=reassessment,
        outcome=asked["outcome"],
        what_it_means=asked["what_it_means"],
        terms=terms,
        by=user,
        at=timezone.now(),
    )


def read(form: type[serializers.Serializer[Any]], body: Any) -> dict[str, Any]:
    """The body as the form reads it. Raises ValidationError with every field that is missing or wrong."""
    filled = form(data=body)
    filled.is_valid(raise_exception=True)
    return dict(filled.validated_data)


def only(facts: type[Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the answers that these facts are made of."""
    return {field.name: asked[field.name] for field in fields(facts) if field.name in asked}


def _rate(asked: dict[str, Any]) -> RateFacts:
    return RateFacts(**only(RateFacts, asked), amount_millionths=millionths(asked["amount"]))


def millionths(amount: Decimal) -> int:
    """An amount as it is kept."""
    return int(amount * 1_000_000)


def project_named(user: User, asked: Mapping[str, Any]) -> Project:
    """The project that is asked for, among those the asker sees. Raises ValidationError."""
    return found(access.projects_visible_to(user).filter(code=asked["project"]), field="project")


def found(rows: QuerySet[Row], *, field: str) -> Row:
    """The one row. Raises ValidationError that names the field where there is none."""
    row = rows.first()
    if row is None:
        raise unknown(field, f"There is no such {field} that you may see.")
    return row


def _users(user: User, emails: Sequence[str], *, field: str) -> list[User]:
    """The people with these addresses; only operations may learn who has an account."""
    _refuse_all_but_operations(user)
    wanted = {email.lower() for email in emails}
    found = list(User.objects.filter(email__in=wanted, is_active=True))
    if len(found) < len(wanted):
        raise unknown(field, "Somebody named here has no account.")
    return found


def _refuse_all_but_operations(user: User) -> None:
    if not access.is_operations(user):
        raise NotAllowed("Only operations may record this.")
