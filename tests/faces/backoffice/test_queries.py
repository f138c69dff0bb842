"""No page of the desk asks the database more often for many people than for few."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from hashlib import sha256

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse
from django.utils import timezone

from projects.models import (
    Acknowledgement,
    Candidacy,
    Contractor,
    ContractorSkill,
    Correction,
    Engagement,
    HoursEntry,
    OpenSeat,
    Pause,
    Project,
    Rate,
    User,
)
from projects.models.people import Role
from projects.operations.drafts import save_draft
from projects.operations.estimates import compute_now
from projects.operations.pause_changes import update_pause
from projects.operations.pauses import PauseTerms
from projects.operations.scope import start_reassessment
from tests.faces.backoffice.world import Desk, answers, pause_of, with_role

SignIn = Callable[[User], Client]
MOST = 40
OF_A_LEAD = (
    "/admin/",
    "/admin/projects/project/",
    "/admin/projects/engagement/",
    "/admin/projects/contractor/",
    "/admin/projects/pause/",
    "/admin/projects/pause/add/?project={project}",
    "/admin/projects/pause/{draft}/preview/",
    "/admin/projects/pause/{pause}/change/",
    "/admin/projects/pause/{pause}/unseen/",
    "/admin/projects/project/{project}/change/",
    "/admin/projects/project/{project}/timeline/",
    "/admin/projects/pause/{pause}/versions/",
    "/admin/projects/pause/bulk/nothing-new/?id={pause}",
    "/admin/projects/openseat/{seat}/change/",
    "/admin/projects/scopereassessment/{scope}/decide/",
)


def crowd(desk: Desk, count: int) -> None:
    """Engage `count` more people on CHORDUS at once, with rates, hours, skills, wishes and corrections."""
    first = Contractor.objects.count()
    people = Contractor.objects.bulk_create(
        Contractor(name=f"Crowd {n}", email=f"crowd{n}@people.example", country="PH", time_zone="Asia/Manila")
        for n in range(first, first + count)
    )
    terms = Engagement.objects.bulk_create(
        Engagement(contractor=person, project=desk.chordus, starts_on="2026-01-01") for person in people
    )
    Rate.objects.bulk_create(
        Rate(
            engagement=term, starts_on="2026-01-01", basis="hour", amount_millionths=9_000_000, currency="USD"
        )
        for term in terms
    )
    HoursEntry.objects.bulk_create(
        HoursEntry(
            engagement=term,
            worked_on=timezone.now().date() - timedelta(days=3),
            seconds=28_800,
            source="manual",
            content_hash=sha256(f"crowd {term.pk}".encode()).hexdigest(),
            recorded_at=timezone.now(),
        )
        for term in terms
    )
    ContractorSkill.objects.bulk_create(ContractorSkill(contractor=person, name="audio") for person in people)
    seat = desk.chordus.open_seats.get()
    Candidacy.objects.bulk_create(
        Candidacy(seat=seat, contractor=person, state="interested", interested_at=timezone.now())
        for person in people
    )
    Correction.objects.bulk_create(
        Correction(
            contractor=person, engagement=term, kind="hours", words="Eight.", asked_at=timezone.now(),
            worked_on="2026-01-05", seconds=28_800,
        )
        for person, term in zip(people, terms, strict=True)
    )  # fmt: skip


def told(pause: Pause, desk: Desk) -> None:
    """Tell everybody there is, and note that they opened it."""
    at = timezone.now()
    update_pause(pause=pause, text="A word.", next_update_by=at + timedelta(days=2), by=desk.lead, at=at)
    people = Contractor.objects.filter(engagements__project=desk.chordus)
    seen = (Acknowledgement(pause=pause, contractor=person, opened_at=at) for person in people)
    Acknowledgement.objects.bulk_create(seen, ignore_conflicts=True)


def places_of(desk: Desk) -> dict[str, int]:
    """Rows that addresses name, made for the purpose."""
    at = timezone.now()
    terms = PauseTerms(reason_code="budget")
    draft = save_draft(answers=answers(), terms=terms, project=desk.chordus, by=desk.lead, at=at)
    scope = start_reassessment(
        project=desk.chordus,
        what_it_means="Work goes on.",
        next_update_by=at + timedelta(days=2),
        by=desk.lead,
        at=at,
    )
    return {
        "project": desk.chordus.pk,
        "draft": draft.pk,
        "pause": pause_of(desk).pk,
        "seat": desk.chordus.open_seats.get().pk,
        "scope": scope.pk,
        "contractor": desk.people[0].pk,
    }


def asked(reader: Client, address: str) -> int | None:
    """How many queries a page makes, nothing kept from before; None where the address is no page."""
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = reader.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    return len(queries) if answer.status_code == 200 and body else None


def all_asked(reader: Client, addresses: list[str]) -> dict[str, int]:
    """How many queries each of these pages makes; a first look warms what a process keeps for good."""
    reader.get("/admin/")
    counts = {address: asked(reader, address) for address in addresses}
    return {address: count for address, count in counts.items() if count is not None}


def every_page(places: Mapping[str, int]) -> Iterator[str]:
    """Every list, row and further page of every room of the desk, from the addresses that the rooms declare."""
    firsts: dict[type[Model], int] = {Pause: places["pause"], Project: places["project"]}
    firsts |= {Contractor: places["contractor"], OpenSeat: places["seat"]}
    for model, room in admin.site._registry.items():
        if model._meta.app_label not in {"projects", "notifications"}:
            continue
        first = (
            firsts.get(model) or model._default_manager.order_by("pk").values_list("pk", flat=True).first()
        )
        names = [pattern for pattern in room.get_urls() if isinstance(pattern, URLPattern) and pattern.name]
        for pattern in names:
            yield from _filled(pattern, first, places)
    yield from (f"/admin/projects/pause/{places['draft']}/{name}/" for name in ("compose", "preview"))


def _filled(pattern: URLPattern, first: object, places: Mapping[str, int]) -> Iterator[str]:
    """An address with its places filled in; one for each name where it takes a name."""
    wanted = pattern.pattern.converters  # type: ignore[attr-defined]
    known = {"pk": first, "object_id": first, **places}
    names = ("update", "nothing-new", "extend", "resume", "void") if "name" in wanted else ("",)
    for name in names:
        kwargs = {place: name if place == "name" else known.get(place) for place in wanted}
        if all(value is not None for value in kwargs.values()):
            yield reverse(f"admin:{pattern.name}", kwargs=kwargs)


def more_often(few: Mapping[str, int], many: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Pages that ask more often for many people, with both counts."""
    return {page: (few[page], many[page]) for page in few if many[page] > few[page]}


@pytest.mark.once
def test_no_page_of_a_lead_asks_more_often_for_a_hundred_people_than_for_thirty(
    lea: Client, desk: Desk
) -> None:
    places = places_of(desk)
    pause = Pause.objects.get(pk=places["pause"])
    addresses = [page.format(**places) for page in OF_A_LEAD]
    crowd(desk, 24)
    told(pause, desk)
    few = all_asked(lea, addresses)
    crowd(desk, 70)
    told(pause, desk)
    many = all_asked(lea, addresses)
    assert set(few) == set(addresses)
    assert more_often(few, many) == {}
    assert max(few.values()) <= MOST


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_page_at_all_asks_more_often_for_thirty_thousand_people_than_for_thirty(
    lea: Client, desk: Desk, signed_in: SignIn
) -> None:
    places = places_of(desk)
    pause = Pause.objects.get(pk=places["pause"])
    readers = {"lead": lea} | {str(role): signed_in(with_role(role)) for role in Role}
    crowd(desk, 24)
    told(pause, desk)
    compute_now(pause=pause, at=timezone.now(), as_of=timezone.now().date())
    addresses = list(every_page(places))
    few = {who: all_asked(reader, addresses) for who, reader in readers.items()}
    crowd(desk, 29_970)
    told(pause, desk)
    compute_now(pause=pause, at=timezone.now(), as_of=timezone.now().date())
    many = {who: all_asked(reader, addresses) for who, reader in readers.items()}
    assert {who: more_often(few[who], many[who]) for who in readers} == {who: {} for who in readers}
    assert max(max(counts.values()) for counts in many.values()) <= MOST
    assert len(few["operations"]) > 60
