"""Demo data, always the same: two clients, four projects, a handful of logins, and as many contractors as asked for."""

import hashlib
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from notifications.sealing import seal
from projects.demo_people import DemoContractor, demo_contractor, demo_hours
from projects.models import (
    Client,
    Contractor,
    ContractorSkill,
    Engagement,
    HoursEntry,
    OpenSeat,
    Project,
    Rate,
    RoleGrant,
    User,
)
from projects.models.people import Role
from projects.operations.bulk import insert_rows
from projects.operations.people import ContractorFacts, grant_role, make_contractor
from projects.operations.seats import SeatFacts, open_seat, set_skills
from projects.operations.work import ProjectFacts, RateFacts, engage, make_client, make_project

LEAD: Final = "lead@demo.example"
FINANCE: Final = "finance@demo.example"
AUDITOR: Final = "auditor@demo.example"
OPERATIONS: Final = "operations@demo.example"
ANA: Final = "ana@demo.example"
DEFAULT_CONTRACTORS: Final = 24
DEFAULT_WEEKS: Final = 26
ANA_NUMBER: Final = 0
PEOPLE_AT_ONCE: Final = 2_000
HOURS_AT_ONCE: Final = 100_000
"""What one transaction writes at most: a second or two, so that nobody who works beside it waits for its end."""
Progress = Callable[[Iterable[Any], str, int], Iterable[Any]]


def seed(*, contractors: int, weeks: int, at: datetime, progress: Progress) -> dict[str, int]:
    """Bring the demo up to `contractors` people on CHORDUS with `weeks` weeks of hours; a second run adds nothing.

    Writes in chunks as they are made up, so that memory does not grow with either number. Returns how many contractors
    and hours entries were added.
    """
    today = at.date()
    projects = _clients_and_projects(at=at)
    _logins(projects, at=at)
    _ana(projects, today=today, weeks=weeks, at=at)
    _seats(projects, today=today, at=at)
    added, entries = 0, 0
    numbers = range(1, contractors)  # Ana is the first of them
    size = max(1, min(PEOPLE_AT_ONCE, HOURS_AT_ONCE // max(1, 5 * weeks)))
    for chunk in progress(
        _chunks(numbers, size), "Contractors with their hours", -(-max(0, contractors - 1) // size)
    ):
        people, rows = _crowd(list(chunk), project=projects["CHORDUS"], today=today, weeks=weeks)
        added, entries = added + people, entries + rows
    return {"contractors": added, "hours_entries": entries}


def _clients_and_projects(*, at: datetime) -> dict[str, Project]:
    plan = {"ORION": ("Orion Labs", ("CHORDUS", "MUSEN", "NOVA")), "LYRA": ("Lyra Systems", ("HARP",))}
    channels = {"CHORDUS": "C0CHORDUS", "MUSEN": "C0MUSEN", "NOVA": "C0NOVA", "HARP": "C0HARP"}
    for client_code, (client_name, codes) in plan.items():
        client = Client.objects.filter(code=client_code).first() or make_client(
            code=client_code, name=client_name, by=None, at=at
        )
        for code in codes:
            if not Project.objects.filter(code=code).exists():
                facts = ProjectFacts(
                    name=code.title(),
                    slack_channel=channels[code],
                    planned_end_on=date(at.year + 1, 6, 30),
                )
                make_project(client=client, code=code, facts=facts, by=None, at=at)
    return {project.code: project for project in Project.objects.filter(code__in=channels)}


def _logins(projects: dict[str, Project], *, at: datetime) -> None:
    lead = _user(LEAD, "Lea Moreno")
    for code in ("CHORDUS", "MUSEN", "NOVA"):
        projects[code].leads.add(lead)
    Client.objects.get(code="ORION").owners.add(lead)
    projects["HARP"].leads.add(_user("harp-lead@demo.example", "Tom Adeyemi"))
    for email, name, role in (
        (FINANCE, "Fiona Weber", Role.FINANCE),
        (AUDITOR, "Aziz Rahman", Role.AUDITOR),
        (OPERATIONS, "Olga Petrova", Role.OPERATIONS),
    ):
        user = _user(email, name)
        if not RoleGrant.objects.filter(user=user, role=role).exists():
            grant_role(user=user, role=role, by=None, at=at)


def _user(email: str, name: str) -> User:
    return User.objects.filter(email=email).first() or User.objects.create_user(
        email, name=name, is_staff=True
    )


def _ana(projects: dict[str, Project], *, today: date, weeks: int, at: datetime) -> None:
    """Ana works on two of Orion's projects, so that a client's pause reaches her once and her loss is shared out."""
    if Contractor.objects.filter(email=ANA).exists():
        return
    facts = ContractorFacts(email=ANA, name="Ana Reyes", country="PH", locale="en", time_zone="Asia/Manila")
    ana = make_contractor(facts=facts, by=None, at=at)
    set_skills(contractor=ana, skills=["annotation"], by=None, at=at)
    person = demo_contractor(ANA_NUMBER)
    started = date(2020, 1, 1)  # long ago, so that years of her exported hours can be taken in
    for code, rate, share in (("CHORDUS", 21_000_000, 0.7), ("MUSEN", 18_500_000, 0.3)):
        terms = RateFacts(
            starts_on=started,
            basis="hour",
            amount_millionths=rate,
            currency="USD",
            contracted_weekly_seconds=int(40 * 3600 * share),
        )
        engagement = engage(
            contractor=ana,
            project=projects[code],
            starts_on=started,
            ends_on=None,
            rate=terms,
            by=None,
            at=at,
        )
        worked = [
            (day, int(seconds * share)) for day, seconds in demo_hours(person, until=today, weeks=weeks)
        ]
        _write_hours([(engagement.pk, day, seconds) for day, seconds in worked], at=at)


def _seats(projects: dict[str, Project], *, today: date, at: datetime) -> None:
    if OpenSeat.objects.filter(project=projects["HARP"]).exists():
        return
    for code, title, rate in (("HARP", "Audio annotator", 19_000_000), ("NOVA", "Reviewer", 16_000_000)):
        facts = SeatFacts(
            title=title,
            seats=40,
            basis="hour",
            amount_millionths=rate,
            currency="USD",
            weekly_seconds=30 * 3600,
            countries=[],
            skills=["annotation"],
            opened_on=today,
        )
        open_seat(project=projects[code], facts=facts, by=None, at=at)


def _crowd(numbers: list[int], *, project: Project, today: date, weeks: int) -> tuple[int, int]:
    """Add the contractors with these numbers who are not there yet, in one transaction; (people, hours entries)."""
    people = {person.email: person for person in map(demo_contractor, numbers)}
    known = set(Contractor.objects.filter(email__in=people).values_list("email", flat=True))
    missing = [person for email, person in people.items() if email not in known]
    if not missing:
        return 0, 0
    at = datetime.combine(today, datetime.min.time()).astimezone()
    started = _started_on(today, weeks)
    with transaction.atomic():
        _write_people(missing, at=at)
        ids = dict(Contractor.objects.filter(email__in=[p.email for p in missing]).values_list("email", "pk"))
        insert_rows(
            Engagement,
            ("public_id", "contractor", "project", "starts_on", "ends_on", "created_at"),
            ((uuid.uuid4().hex, ids[p.email], project.pk, started, None, at) for p in missing),
        )
        engagements = dict(
            Engagement.objects.filter(contractor__in=ids.values(), project=project).values_list(
                "contractor", "pk"
            )
        )
        by_email = {email: engagements[pk] for email, pk in ids.items()}
        insert_rows(
            Rate,
            (
                "engagement",
                "starts_on",
                "basis",
                "amount_millionths",
                "currency",
                "contracted_weekly_seconds",
            ),
            (
                (
                    by_email[p.email],
                    started,
                    "hour",
                    p.rate_millionths,
                    p.place.currency,
                    p.weekly_hours * 3600,
                )
                for p in missing
            ),
        )
        insert_rows(
            ContractorSkill,
            ("contractor", "name"),
            ((ids[p.email], "annotation") for p in missing if p.number % 2),
        )
        hours = (
            (by_email[p.email], day, seconds)
            for p in missing
            for day, seconds in demo_hours(p, until=today, weeks=weeks)
        )
        return len(missing), _write_hours(hours, at=at)


def _write_people(people: list[DemoContractor], *, at: datetime) -> None:
    unusable = make_password(None)
    insert_rows(
        User,
        ("email", "name", "password", "is_staff", "is_superuser", "is_active", "created_at"),
        ((p.email, p.name, unusable, False, False, True, at) for p in people),
    )
    logins = dict(User.objects.filter(email__in=[p.email for p in people]).values_list("email", "pk"))
    insert_rows(
        Contractor,
        (
            "public_id",
            "user",
            "name",
            "email",
            "external_id",
            "slack_user_id",
            "country",
            "region",
            "locale",
            "time_zone",
            "created_at",
        ),
        (
            (
                uuid.uuid4().hex,
                logins[p.email],
                p.name,
                p.email,
                f"D{p.number:07}",
                seal(f"U0DEMO{p.number:07}"),
                p.place.country,
                "",
                p.place.locale,
                p.place.time_zone,
                at,
            )
            for p in people
        ),
    )


def _write_hours(rows: Iterable[tuple[int, date, int]], *, at: datetime) -> int:
    return insert_rows(
        HoursEntry,
        ("engagement", "worked_on", "seconds", "source", "content_hash", "recorded_at"),
        (
            (
                engagement,
                day,
                seconds,
                "demo",
                hashlib.sha256(f"demo {engagement} {day}".encode()).hexdigest(),
                at,
            )
            for engagement, day, seconds in rows
        ),
    )


def _started_on(today: date, weeks: int) -> date:
    return today - timedelta(days=today.weekday(), weeks=weeks)


def _chunks(numbers: range, size: int) -> Iterator[range]:
    for first in range(0, len(numbers), size):
        yield numbers[first : first + size]
