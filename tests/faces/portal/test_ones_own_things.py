"""What one sets and takes away: how one is told, amounts in another currency, the calendar, copies, erasure."""

from csv import DictReader
from datetime import time, timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.test import Client
from icalendar import Calendar

from notifications.wishes import wishes_of_one
from projects.models import CalendarLink, Contractor, ErasureRequest, Pause, RoleGrant
from projects.models.people import Role
from projects.queries.exchange_rates import last_day_of_rates
from tests.faces.portal.conftest import BACKEND
from tests.faces.portal.test_the_status_page import text_of
from tests.faces.portal.world import World
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
TELLING = {"update_email": "always", "quiet_from": "", "quiet_until": "", "digest_at": ""}


def key_of(world: World) -> str:
    return f"contractor:{world.ana.pk}"


def test_other_news_can_be_kept_for_one_message_a_day_outside_quiet_hours(ana: Client, world: World) -> None:
    typed = {**TELLING, "quiet_from": "21:00", "quiet_until": "07:00", "digest_at": "18:30"}
    ana.post("/portal/settings/telling/", typed)

    wishes = wishes_of_one(key_of(world))
    page = ana.get("/portal/settings/").content.decode()
    assert wishes.quiet_hours is not None
    assert (wishes.quiet_hours.starts_at, wishes.digest_at) == (time(21), time(18, 30))
    assert 'value="21:00"' in page


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"quiet_from": "21:00"}, "Give both times, or neither."),
        (
            {"quiet_from": "21:00", "quiet_until": "21:00"},
            "Quiet hours need a beginning and a different end.",
        ),
        ({"digest_at": "late"}, "Enter a valid time."),
        ({"update_email": "sometimes"}, "Select a valid choice."),
    ],
)
def test_wishes_that_cannot_be_get_one_clear_error(
    typed: dict[str, str], error: str, ana: Client, world: World
) -> None:
    page = ana.post("/portal/settings/telling/", {**TELLING, **typed}).content.decode()

    assert error in page
    assert page.count('role="alert"') == 1
    assert wishes_of_one(key_of(world)).digest_at is None


def test_amounts_are_shown_in_another_currency_with_the_day_of_the_rate(ana: Client, world: World) -> None:
    ana.post("/portal/settings/", {"locale": "en", "time_zone": "Asia/Manila", "display_currency": "PHP"})

    assert Contractor.objects.get(pk=world.ana.pk).display_currency == "PHP"
    for path in ("", f"pauses/{world.pause.public_id}/estimate/"):
        page = text_of(ana, f"/portal/{path}")
        assert "About ₱" in page
        assert f"at the exchange rate of {last_day_of_rates():%b} {last_day_of_rates().day}" in page


def test_a_calendar_program_reads_the_dates_until_the_address_is_stopped(ana: Client, world: World) -> None:
    page = ana.post("/portal/settings/calendar/").content.decode()
    path = "/portal/calendar/" + page.split("/portal/calendar/")[1].split(".ics")[0] + ".ics"
    answer = Client().get(path)
    events = {str(event["summary"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert events["Next word on CHORDUS is due"].decoded("dtstart") == world.pause.next_update_by.replace(
        microsecond=0
    )  # type: ignore[union-attr]
    resume = events["Work on CHORDUS may go on"]
    assert resume.decoded("dtend") == world.pause.expected_resume_until + timedelta(days=1)  # type: ignore[operator]
    assert "$" not in answer.content.decode()
    assert not CalendarLink.objects.filter(token_hash__contains=path.split("/")[-1][:10]).exists()

    ana.post("/portal/settings/calendar/remove/")
    assert Client().get(path).status_code == 404


def test_a_date_that_moves_keeps_its_event(ana: Client, world: World) -> None:
    def names() -> set[str]:
        page = ana.post("/portal/settings/calendar/").content.decode()
        token = page.split("/portal/calendar/")[1].split(".ics")[0]
        body = Client().get(f"/portal/calendar/{token}.ics").content
        return {str(event["uid"]) for event in Calendar.from_ical(body).walk("VEVENT")}

    before = names()
    Pause.objects.filter(pk=world.pause.pk).update(next_update_by=world.at + timedelta(days=9))

    assert names() == before


def test_a_copy_as_tables_holds_one_file_a_kind_and_no_formula(ana: Client, world: World) -> None:
    Contractor.objects.filter(pk=world.ana.pk).update(name="=HYPERLINK(1)")
    with ZipFile(BytesIO(ana.get("/portal/my-data.zip").content)) as archive:
        person = next(DictReader(StringIO(archive.read("contractor.csv").decode("utf-8-sig"))))
        rates = list(DictReader(StringIO(archive.read("rates.csv").decode("utf-8-sig"))))

    assert person["name"] == "'=HYPERLINK(1)"
    assert [rate["amount_millionths"] for rate in rates] == ["12500000"]


def test_a_wish_to_be_erased_waits_for_operations_and_shows_their_answer(ana: Client, world: World) -> None:
    ana.post("/portal/settings/erasure/", {"act": "ask"})
    ana.post("/portal/settings/erasure/", {"act": "ask"})
    request = ErasureRequest.objects.get()
    operator = UserFactory.make(is_staff=True)
    RoleGrant.objects.create(user=operator, role=Role.OPERATIONS, granted_at=world.at)
    desk = Client()
    desk.force_login(operator, backend=BACKEND)

    assert "Somebody at your firm will answer here." in text_of(ana, "/portal/settings/")
    assert "Answer…" in desk.get(f"/admin/projects/erasurerequest/{request.pk}/change/").content.decode()
    desk.post(f"/admin/projects/erasurerequest/{request.pk}/answer/", {"answer": "Your papers are gone."})
    assert "Your papers are gone." in text_of(ana, "/portal/settings/")


def test_a_wish_to_be_erased_can_be_taken_back_and_is_no_leads_business(ana: Client, world: World) -> None:
    ana.post("/portal/settings/erasure/", {"act": "ask"})
    request = ErasureRequest.objects.get()
    lead = Client()
    world.lead.is_staff = True
    world.lead.save()
    lead.force_login(world.lead, backend=BACKEND)

    assert lead.get(f"/admin/projects/erasurerequest/{request.pk}/answer/").status_code == 404
    ana.post("/portal/settings/erasure/", {"act": "withdraw"})
    assert not ErasureRequest.objects.exists()
