"""No page of the desk asks the database more often for many people than for few."""

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from projects.models import Contractor, Engagement
from projects.operations.drafts import save_draft
from projects.operations.pauses import PauseTerms
from tests.faces.backoffice.world import Desk, answers, pause_of

PAGES = (
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
)


def crowd(desk: Desk, count: int) -> None:
    """Engage `count` more people on CHORDUS at once."""
    people = Contractor.objects.bulk_create(
        [
            Contractor(
                name=f"Crowd {n}", email=f"crowd{n}@people.example", country="PH", time_zone="Asia/Manila"
            )
            for n in range(count)
        ]
    )
    Engagement.objects.bulk_create(
        [Engagement(contractor=person, project=desk.chordus, starts_on="2026-01-01") for person in people]
    )


def asked(lea: Client, address: str) -> int:
    """How many queries a page makes, nothing kept from before."""
    lea.get(address)
    cache.clear()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert lea.get(address).status_code == 200
    return len(queries)


def test_no_page_asks_more_often_for_three_thousand_people_than_for_six(lea: Client, desk: Desk) -> None:
    pause = pause_of(desk)
    terms = PauseTerms(reason_code="budget")
    draft = save_draft(answers=answers(), terms=terms, project=desk.chordus, by=desk.lead, at=timezone.now())
    seat = desk.chordus.open_seats.get()
    places = {"project": desk.chordus.pk, "draft": draft.pk, "pause": pause.pk, "seat": seat.pk}
    few = {page: asked(lea, page.format(**places)) for page in PAGES}
    crowd(desk, 3_000)
    many = {page: asked(lea, page.format(**places)) for page in PAGES}
    assert {page: many[page] for page in PAGES if many[page] > few[page]} == {}
    assert max(few.values()) < 90
