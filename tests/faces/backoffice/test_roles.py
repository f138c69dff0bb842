"""Each role on every page of the desk: nobody meets what is not theirs, and readers change nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from projects.models import AuditEvent, Engagement, Pause, User
from projects.models.people import Role
from projects.operations.estimates import compute_now
from projects.operations.pauses import PauseTerms, open_pause
from tests.faces.backoffice.test_queries import every_page, places_of
from tests.faces.backoffice.world import Desk, answers, pause_of, with_role
from tests.factories import OpenSeatFactory, RateFactory, UserFactory, work_weeks

SignIn = Callable[[User], Client]
# Words that stand only on rows of HARP, which Lea does not lead and Olu's client does not own.
FOREIGN = ("HARP", "Stranger of Harp", "77.77", "Hush-hush reviewer", "Nobody else may read this.")


# What somebody may write without a say over work: minimum pay and files are finance's too, integrations everybody's.
# Taking the trail along is an auditor's right, and is itself on the trail.
MAY_WRITE = {
    Role.AUDITOR: ("/endpoint/", "/auditevent/export/"),
    Role.FINANCE: ("/endpoint/", "/minimumpay/", "/upload/"),
}


@pytest.fixture
def foreign(desk: Desk) -> dict[str, int]:
    """HARP with a rate, a seat, a pause and an estimate, as the places of its pages."""
    term = Engagement.objects.get(project=desk.harp)
    RateFactory.make(engagement=term, amount_millionths=77_770_000)
    work_weeks(term, until=timezone.now().date())
    seat = OpenSeatFactory.make(project=desk.harp, title="Hush-hush reviewer", amount_millionths=77_770_000)
    at = timezone.now() - timedelta(hours=1)
    pause = open_pause(
        project=desk.harp,
        answers=answers(why="Nobody else may read this."),
        terms=PauseTerms(reason_code="budget"),
        by=desk.stranger,
        at=at,
    )
    compute_now(pause=pause, at=timezone.now(), as_of=timezone.now().date())
    return {
        "project": desk.harp.pk,
        "draft": pause.pk,
        "pause": pause.pk,
        "seat": seat.pk,
        "contractor": term.contractor_id,
    }


def page_of(reader: Client, address: str) -> tuple[int, str]:
    """Status and text of a page."""
    answer = reader.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    return answer.status_code, body.decode(errors="replace")


def seen_of_others(reader: Client, addresses: set[str]) -> tuple[dict[str, list[str]], int]:
    """Words of others' rows by page where there are any, and how many pages opened at all."""
    texts = {address: page_of(reader, address) for address in sorted(addresses)}
    opened = {address: text for address, (status, text) in texts.items() if status == 200}
    found = {address: [words for words in FOREIGN if words in text] for address, text in opened.items()}
    return {address: words for address, words in found.items() if words}, len(opened)


def test_no_list_of_a_lead_holds_anything_of_a_project_that_is_not_theirs(
    lea: Client, foreign: dict[str, int]
) -> None:
    lists = {address for address in every_page(foreign) if address.endswith("/") and address.count("/") == 4}
    found, opened = seen_of_others(lea, {*lists, "/admin/"})
    assert found == {}
    assert opened > 12


@pytest.mark.slow
def test_leads_and_owners_meet_nothing_of_others_on_any_page(
    desk: Desk, foreign: dict[str, int], signed_in: SignIn
) -> None:
    owner = UserFactory.make(is_staff=True)
    desk.orion.owners.add(owner)
    addresses = {*every_page(places_of(desk)), *every_page(foreign), "/admin/"}
    for person in (desk.lead, owner):
        found, opened = seen_of_others(signed_in(person), addresses)
        assert found == {}
        assert opened > 40


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR])
def test_readers_see_all_projects_and_change_none_whatever_they_send(
    role: Role, desk: Desk, foreign: dict[str, int], signed_in: SignIn
) -> None:
    pause_of(desk)
    reader = signed_in(with_role(role))
    places = {"project": desk.chordus.pk, "pause": Pause.objects.latest("pk").pk, "draft": 0, "scope": 0}
    places |= {"seat": desk.chordus.open_seats.get().pk, "contractor": desk.people[0].pk}
    known = AuditEvent.objects.count()
    for address in every_page(places):
        if not any(own in address for own in MAY_WRITE[role]):
            answer = reader.post(address, {"note": "x", "text": "x", "reason": "x"})
            assert answer.status_code < 500, address
    assert AuditEvent.objects.count() == known
    status, text = page_of(reader, f"/admin/projects/pause/{foreign['pause']}/change/")
    assert (status, "Nobody else may read this." in text) == (200, True)
