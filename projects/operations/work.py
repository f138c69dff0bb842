"""Writes work: clients, projects, engagements, and rates from a date."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToEngage
from projects.domain.money import is_currency
from projects.models import Client, Contractor, Engagement, Project, Rate, User
from projects.models.clients import CODE_VALIDATOR
from projects.models.work import PayBasis
from projects.operations.chosen import leave_out_of_chosen_pauses
from projects.operations.history import record
from projects.operations.telling import tell_late_joiner
from projects.queries.reach import is_slack_channel

WEEK_SECONDS: Final = 604_800


@dataclass(frozen=True, slots=True)
class RateFacts:
    """What an engagement pays from a date: amount in millionths of a currency unit, contracted seconds a week, and
    the most seconds a week that may be billed (None: no cap)."""

    starts_on: date
    basis: str
    amount_millionths: int
    currency: str
    contracted_weekly_seconds: int | None = None
    weekday_seconds: Sequence[int] | None = None
    max_weekly_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What may be said of a project besides its code and client."""

    name: str
    time_zone: str = "UTC"
    slack_channel: str = ""
    planned_end_on: date | None = None


def make_client(
    *, code: str, name: str, by: User | None, at: datetime, owners: Sequence[User] = ()
) -> Client:
    """Record a client. Raises NotAllowed, or UnableToEngage for an unfit or known code."""
    _refuse_all_but_operations(by)
    _refuse_unfit_code(code)
    with transaction.atomic():
        if Client.objects.filter(code=code).exists():
            raise UnableToEngage(f"There is already a client {code}.", field="code")
        client = Client.objects.create(code=code, name=name.strip() or code)
        client.owners.set(owners)
        record(
            verb="client.made",
            subject_ref=f"client:{client.pk}",
            before={},
            after={"code": code},
            by=by,
            at=at,
        )
        return client


def change_client(
    *, client: Client, name: str, owners: Sequence[User], by: User | None, at: datetime
) -> Client:
    """Change a client's name and owners. Raises NotAllowed."""
    _refuse_all_but_operations(by)
    with transaction.atomic():
        before = {"name": client.name, "owners": sorted(client.owners.values_list("pk", flat=True))}
        Client.objects.filter(pk=client.pk).update(name=name.strip() or client.code)
        client.owners.set(owners)
        after = {"name": name.strip(), "owners": sorted(owner.pk for owner in owners)}
        record(
            verb="client.changed", subject_ref=f"client:{client.pk}", before=before, after=after, by=by, at=at
        )
    client.refresh_from_db()
    return client


def make_project(
    *,
    client: Client,
    code: str,
    facts: ProjectFacts,
    by: User | None,
    at: datetime,
    leads: Sequence[User] = (),
) -> Project:
    """Record a project. Raises NotAllowed, or UnableToEngage for an unfit code, zone or channel."""
    _refuse_all_but_operations(by)
    _refuse_unfit_code(code)
    _refuse_unfit_project(facts)
    with transaction.atomic():
        if Project.objects.filter(code=code).exists():
            raise UnableToEngage(f"There is already a project {code}.", field="code")
        project = Project.objects.create(client=client, code=code, **asdict(facts))
        project.leads.set(leads)
        leave_out_of_chosen_pauses(project, at=at)
        _let_into_the_admin(leads)
        record(
            verb="project.made",
            subject_ref=f"project:{project.pk}",
            before={},
            after={"code": code, **asdict(facts)},
            by=by,
            at=at,
        )
        return project


def change_project(
    *, project: Project, facts: ProjectFacts, leads: Sequence[User], by: User | None, at: datetime
) -> Project:
    """Change what is said of a project, and who leads it. Raises NotAllowed or UnableToEngage."""
    _refuse_all_but_operations(by)
    _refuse_unfit_project(facts)
    with transaction.atomic():
        before = {name: getattr(project, name) for name in asdict(facts)}
        before["leads"] = sorted(project.leads.values_list("pk", flat=True))
        Project.objects.filter(pk=project.pk).update(**asdict(facts))
        project.leads.set(leads)
        _let_into_the_admin(leads)
        after = {**asdict(facts), "leads": sorted(lead.pk for lead in leads)}
        record(
            verb="project.changed",
            subject_ref=f"project:{project.pk}",
            before=before,
            after=after,
            by=by,
            at=at,
        )
    project.refresh_from_db()
    return project


def engage(
    *,
    contractor: Contractor,
    project: Project,
    starts_on: date,
    ends_on: date | None,
    rate: RateFacts | None,
    by: User | None,
    at: datetime,
) -> Engagement:
    """Engage a contractor on a project for `[starts_on, ends_on)`; a paused project tells them its state, once.

    Raises UnableToEngage, showing both terms, when another term of theirs on the project overlaps.
    """
    if ends_on is not None and ends_on <= starts_on:
        raise UnableToEngage("An engagement cannot end before it starts.", field="ends_on")
    with transaction.atomic():
        _refuse_overlap(contractor, project, starts_on, ends_on)
        engagement = Engagement.objects.create(
            contractor=contractor, project=project, starts_on=starts_on, ends_on=ends_on
        )
        if rate is not None:
            change_rate(engagement=engagement, rate=rate, by=by, at=at)
        tell_late_joiner(engagement=engagement, at=at)
        record(
            verb="engagement.made",
            subject_ref=f"engagement:{engagement.pk}",
            before={},
            after={
                "contractor": contractor.pk,
                "project": project.code,
                "starts_on": starts_on,
                "ends_on": ends_on,
            },
            by=by,
            at=at,
        )
        return engagement


def end_engagement(*, engagement: Engagement, ends_on: date, by: User | None, at: datetime) -> Engagement:
    """Set the first day after the term. Raises UnableToEngage when that is not after its start."""
    if ends_on <= engagement.starts_on:
        raise UnableToEngage("An engagement cannot end before it starts.", field="ends_on")
    with transaction.atomic():
        before = {"ends_on": engagement.ends_on}
        Engagement.objects.filter(pk=engagement.pk).update(ends_on=ends_on)
        record(
            verb="engagement.ended",
            subject_ref=f"engagement:{engagement.pk}",
            before=before,
            after={"ends_on": ends_on},
            by=by,
            at=at,
        )
    engagement.ends_on = ends_on
    return engagement


def change_rate(*, engagement: Engagement, rate: RateFacts, by: User | None, at: datetime) -> Rate:
    """Put a rate into force from a day; rates of earlier days stay as they were.

    Raises UnableToEngage for an unfit rate, or when that day already has another one.
    """
    _refuse_unfit_rate(rate)
    facts: dict[str, Any] = asdict(rate)
    with transaction.atomic():
        standing = Rate.objects.filter(engagement=engagement, starts_on=rate.starts_on).first()
        if standing is not None:
            if all(getattr(standing, name) == value for name, value in facts.items()):
                return standing
            raise UnableToEngage(
                f"There is already another rate from {rate.starts_on}; history does not move.",
                field="starts_on",
            )
        new = Rate.objects.create(engagement=engagement, **facts)
        record(
            verb="rate.changed",
            subject_ref=f"engagement:{engagement.pk}",
            before={},
            after=facts,
            by=by,
            at=at,
        )
        return new


def _refuse_all_but_operations(by: User | None) -> None:
    """Without a person it is the system itself: a command or the demo."""
    if by is not None and not access.is_operations(by):
        raise NotAllowed("Only operations may change clients and projects.")


def _refuse_unfit_code(code: str) -> None:
    try:
        CODE_VALIDATOR(code)
    except ValidationError as error:
        raise UnableToEngage(str(error.message), field="code") from error


def _refuse_unfit_project(facts: ProjectFacts) -> None:
    if not facts.name.strip():
        raise UnableToEngage("A project needs a name.", field="name")
    if facts.time_zone not in available_timezones():
        raise UnableToEngage(
            f"“{facts.time_zone}” is not a time zone, such as Asia/Manila.", field="time_zone"
        )
    if facts.slack_channel and not is_slack_channel(facts.slack_channel):
        raise UnableToEngage(
            f"“{facts.slack_channel}” is not a Slack channel id; it starts with C or G and is seen in the channel's "
            "details.",
            field="slack_channel",
        )


def _refuse_unfit_rate(rate: RateFacts) -> None:
    if rate.basis not in PayBasis.values:
        allowed = ", ".join(PayBasis.values)
        raise UnableToEngage(f"“{rate.basis}” is not a pay basis; choose one of {allowed}.", field="basis")
    if rate.amount_millionths < 0:
        raise UnableToEngage("A rate cannot be negative.", field="amount_millionths")
    if not is_currency(rate.currency):
        raise UnableToEngage(f"“{rate.currency}” is not a currency, such as USD.", field="currency")
    most = rate.max_weekly_seconds
    if most is not None and not 0 < most <= WEEK_SECONDS:
        raise UnableToEngage(
            "A cap on billed hours is more than 0 and at most 168 a week.", field="max_weekly_seconds"
        )
    if most is not None and (rate.contracted_weekly_seconds or 0) > most:
        raise UnableToEngage("More hours are agreed a week than may be billed.", field="max_weekly_seconds")


def _refuse_overlap(contractor: Contractor, project: Project, starts_on: date, ends_on: date | None) -> None:
    other = (
        Engagement.objects.filter(contractor=contractor, project=project)
        .overlapping(starts_on, ends_on)
        .first()
    )
    if other is not None:
        raise UnableToEngage(
            f"{contractor.name} is already engaged on {project.code} from {other.starts_on} to "
            f"{other.ends_on or 'no end'}; the new term from {starts_on} to {ends_on or 'no end'} overlaps it.",
            field="starts_on",
        )


def _let_into_the_admin(leads: Sequence[User]) -> None:
    User.objects.filter(pk__in=[lead.pk for lead in leads], is_staff=False).update(is_staff=True)
