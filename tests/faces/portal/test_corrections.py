"""Something is wrong: a claim goes to the lead, is answered, changes the record and the estimate, leaves a trail."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.test import Client

from notifications.models import Notice
from projects.domain.papers import LARGEST
from projects.imports.rows import ColumnMapping, ReadOptions
from projects.models import AuditEvent, Correction, Engagement, EstimateRun, HoursEntry, Rate, User
from projects.operations.hours import IntakeOptions, take_in_hours
from projects.queries.impact import people_of, scope_of
from tests.faces.portal.conftest import BACKEND
from tests.faces.portal.test_only_ones_own import stranger  # noqa: F401  # a fixture
from tests.faces.portal.test_the_status_page import text_of
from tests.faces.portal.world import World
from tests.factories import HoursEntryFactory, UserFactory

pytestmark = pytest.mark.django_db
MAPPING = ColumnMapping(
    {"email": "person_email", "project": "project_code", "date": "worked_on", "hours": "hours"}
)
PDF = b"%PDF-1.7 a timesheet"


@pytest.fixture
def lea(world: World) -> Client:
    """A client that is signed in as Ana's lead."""
    User.objects.filter(pk=world.lead.pk).update(is_staff=True)
    client = Client()
    client.force_login(world.lead, backend=BACKEND)
    return client


def claim(ana: Client, world: World, kind: str = "hours", **typed: object) -> Correction | None:
    """Send a claim of Ana's about her work on CHORDUS; None when it was refused."""
    facts: dict[str, object] = {"engagement": world.engagement.pk, "words": "I worked more.", **typed}
    if kind in {"hours", "before_notice"}:
        facts = {"worked_on": _day(world).isoformat(), "hours": "6.5", **facts}
    ana.post(f"/portal/corrections/new/{kind}/?pause={world.pause.public_id}", facts)
    return Correction.objects.first()


def answer(lea: Client, correction: Correction | None, verdict: str = "accept", words: str = "True.") -> str:
    """Answer a claim as the lead does, and give back the page."""
    assert correction is not None
    path = f"/admin/projects/correction/{correction.pk}/answer/"
    return lea.post(path, {"verdict": verdict, "answer": words}, follow=True).content.decode()


def _day(world: World) -> date:
    """The day before the pause began."""
    return world.pause.starts_at.date() - timedelta(days=1)


def _hours(world: World, day: date) -> float:
    total = HoursEntry.objects.filter(engagement=world.engagement, worked_on=day).aggregate(
        all=Sum("seconds")
    )["all"]
    return (total or 0) / 3600


def test_hours_that_were_missing_count_once_the_lead_accepts(ana: Client, lea: Client, world: World) -> None:
    HoursEntryFactory.make(engagement=world.engagement, worked_on=_day(world), seconds=2 * 3600)
    sent = claim(ana, world, papers=SimpleUploadedFile("../my sheet<1>.PDF", PDF))
    page = answer(lea, sent)

    assert "Recorded; the contractor is being told." in page
    assert _hours(world, _day(world)) == 6.5
    assert EstimateRun.objects.filter(pause=world.pause, reason="correction").count() == 1
    assert set(AuditEvent.objects.filter(subject_ref=f"correction:{sent.pk}").values_list("verb", flat=True)) == {  # type: ignore[union-attr]
        "correction.asked", "correction.accepted",
    }  # fmt: skip
    assert set(Notice.objects.values_list("kind", flat=True)) == {"correction.asked", "correction.answered"}


def test_the_trail_tells_what_was_sent_and_who_answered_what(ana: Client, lea: Client, world: World) -> None:
    sent = claim(ana, world, papers=SimpleUploadedFile("sheet.pdf", PDF))
    answer(lea, sent, "decline", "The client counts no hours of that day.")
    assert sent is not None
    page = text_of(ana, f"/portal/corrections/{sent.public_id}/")

    assert "I worked more." in page
    assert "Lea Diaz The client counts no hours of that day." in page
    assert ana.get(f"/portal/corrections/{sent.public_id}/papers/{sent.papers.get().pk}/").content == PDF
    assert "not accepted" in text_of(ana, "/portal/corrections/")


def test_fewer_hours_shrink_the_day_and_the_same_file_adds_nothing_again(
    ana: Client, lea: Client, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "hours.csv"
    file.write_text(f"email,project,date,hours\nana@people.example,CHORDUS,{_day(world)},8\n")
    take_in_hours(file=file, options=IntakeOptions(ReadOptions(mapping=MAPPING)), by=None, at=world.at)
    answer(lea, claim(ana, world, hours="5"))

    again = take_in_hours(
        file=file, options=IntakeOptions(ReadOptions(mapping=MAPPING)), by=None, at=world.at
    )

    assert again.added == 0
    assert _hours(world, _day(world)) == 5


def test_work_done_before_the_notice_came_is_earned_once_accepted(
    ana: Client, lea: Client, world: World
) -> None:
    day = world.reader_today()
    HoursEntryFactory.make(engagement=world.engagement, worked_on=day, seconds=3 * 3600)

    def is_paid() -> set[bool | None]:
        scope = scope_of(world.pause, as_of=world.at.date() + timedelta(days=1))
        people = people_of(scope, first_id=world.ana.pk, last_id=world.ana.pk)
        entries = [entry for one in people[0].engagements for entry in one.earned if entry.day == day]
        return {entry.is_payable for entry in entries}

    assert is_paid() == {None}
    answer(lea, claim(ana, world, "before_notice", worked_on=day.isoformat(), hours="3"))
    assert is_paid() == {True}


def test_a_rate_and_a_term_are_corrected_as_claimed(ana: Client, lea: Client, world: World) -> None:
    first = world.engagement.starts_on - timedelta(days=10)
    rate = {"amount": "15.5", "currency": "usd", "basis": "hour", "starts_on": _day(world).isoformat()}
    answer(lea, claim(ana, world, "rate", **rate))
    answer(lea, claim(ana, world, "dates", starts_on=first.isoformat(), last_day=""))

    newest = Rate.objects.filter(engagement=world.engagement).latest("starts_on")
    assert (newest.starts_on, newest.amount_millionths, newest.currency) == (_day(world), 15_500_000, "USD")
    assert Engagement.objects.get(pk=world.engagement.pk).starts_on == first
    assert Rate.objects.filter(engagement=world.engagement).earliest("starts_on").starts_on == first


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"papers": ("sheet.pdf", b"<script>alert(1)</script>")}, "Send a PDF, a PNG or a JPEG picture."),
        ({"papers": ("sheet.pdf", PDF + b" " * LARGEST)}, "A file may have 5 MB at most."),
        ({"worked_on": "2999-01-01"}, "This day is still to come."),
        ({"worked_on": "2001-01-01"}, "On this day you were not on this project."),
        ({"hours": "25"}, "Ensure this value is less than or equal to 24."),
        ({"words": " "}, "This field is required."),
        ({"engagement": 999_999}, "Select a valid choice."),
    ],
)
def test_a_claim_that_cannot_be_gets_one_clear_error(
    typed: dict[str, object], error: str, ana: Client, world: World
) -> None:
    if "papers" in typed:
        name, content = typed["papers"]  # type: ignore[misc]
        typed = {"papers": SimpleUploadedFile(name, content)}
    facts = {
        "engagement": world.engagement.pk,
        "worked_on": _day(world).isoformat(),
        "hours": "6",
        "words": "It is so.",
    }
    page = ana.post("/portal/corrections/new/hours/", {**facts, **typed}).content.decode()

    assert error in page
    assert page.count('role="alert"') == 1
    assert not Correction.objects.exists()


def test_the_same_claim_waits_once_and_can_be_taken_back(ana: Client, lea: Client, world: World) -> None:
    sent = claim(ana, world)
    claim(ana, world)
    assert sent is not None
    assert Correction.objects.count() == 1

    ana.post(f"/portal/corrections/{sent.public_id}/withdraw/")

    assert "not open any more: Taken back" in answer(lea, sent)
    assert _hours(world, _day(world)) == 0


def test_declining_needs_a_reason(ana: Client, lea: Client, world: World) -> None:
    page = answer(lea, claim(ana, world), "decline", " ")

    assert "Say why it stays as it is" in page
    assert Correction.objects.get().state == "open"


def test_nobody_else_reads_or_answers_it(stranger: Client, world: World) -> None:  # noqa: F811
    ana = Client()
    ana.force_login(world.user, backend=BACKEND)
    sent = claim(ana, world, papers=SimpleUploadedFile("sheet.pdf", PDF))
    assert sent is not None
    paper = sent.papers.get().pk
    other = Client()
    other.force_login(UserFactory.make(is_staff=True), backend=BACKEND)

    assert stranger.get(f"/portal/corrections/{sent.public_id}/").status_code == 404
    assert stranger.get(f"/portal/corrections/{sent.public_id}/papers/{paper}/").status_code == 404
    assert other.get(f"/admin/projects/correction/{sent.pk}/answer/").status_code == 404
    assert other.get(f"/admin/projects/correction/{sent.pk}/papers/{paper}/").status_code == 404


def test_the_desk_lists_what_waits(ana: Client, lea: Client, world: World) -> None:
    sent = claim(ana, world)
    assert sent is not None

    assert "Ana Reyes" in lea.get("/admin/projects/correction/").content.decode()
    assert "Answer…" in lea.get(f"/admin/projects/correction/{sent.pk}/change/").content.decode()
