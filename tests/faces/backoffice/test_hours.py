"""Hours on the desk: a file is handed in and undone, waiting rows are understood, hours in a pause are decided on."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from projects.models import CalendarDay, HoursDecision, HoursEntry, Pause, Upload, User, WorkingWeek
from projects.models.people import Role
from projects.operations.upload_work import apply_upload, check_upload
from tests.faces.backoffice.world import Desk, pause_of, with_role
from tests.factories import HoursEntryFactory

pytestmark = pytest.mark.django_db
HEAD = "Date,Client,Project,Hours,First Name,Last Name,Email\n"


@pytest.fixture(autouse=True)
def _kept_here(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def finance(desk: Desk, signed_in: Callable[[User], Client]) -> Client:
    """A client signed in as finance."""
    return signed_in(with_role(Role.FINANCE))


def hand_in(client: Client, text: str, **said: str) -> Upload:
    """Hand a file in on the page and let the worker read it."""
    file = SimpleUploadedFile("hours.csv", text.encode())
    answer = client.post("/admin/projects/upload/add/", {"kind": "hours", "file": file, **said})
    assert answer.status_code == 302, answer.content
    upload = Upload.objects.latest("pk")
    check_upload(upload_id=upload.pk, at=timezone.now())
    return upload


def page(client: Client, upload: Upload) -> str:
    return client.get(f"/admin/projects/upload/{upload.pk}/change/").content.decode()


def test_a_file_is_handed_in_looked_at_taken_in_and_undone(desk: Desk, finance: Client) -> None:
    before = HoursEntry.objects.count()
    row = "2026-02-02,,CHORDUS,{},P,0,person0@people.example\n"
    upload = hand_in(finance, HEAD + row.format(8) + row.format(-1))
    seen = page(finance, upload)
    assert "Person 0000" in seen
    assert "Take it in" in seen
    rejects = finance.get(f"/admin/projects/upload/{upload.pk}/rejects.csv")
    assert b"".join(rejects.streaming_content).decode().count("\n") == 2  # type: ignore[attr-defined]
    finance.post(f"/admin/projects/upload/{upload.pk}/act/apply/")
    assert "hx-get" in page(finance, upload)
    apply_upload(upload_id=upload.pk, at=timezone.now())
    assert HoursEntry.objects.count() == before + 1
    assert "Undo all of it" in page(finance, upload)
    finance.post(f"/admin/projects/upload/{upload.pk}/act/undo/")
    assert HoursEntry.objects.count() == before


def test_an_open_question_is_answered_on_the_page_and_a_mapping_is_saved(desk: Desk, finance: Client) -> None:
    upload = hand_in(finance, HEAD + "03/04/2026,,CHORDUS,8,P,0,person0@people.example\n")
    assert "day first" in page(finance, upload)
    finance.post(f"/admin/projects/upload/{upload.pk}/answer/", {"dates": "dmy"})
    check_upload(upload_id=upload.pk, at=timezone.now())
    assert "Take it in" in page(finance, upload)
    other = hand_in(finance, "When,Who,Job,Spent\n2026-02-02,person0@people.example,CHORDUS,8:00\n")
    said = {
        "column0": "worked_on",
        "column1": "person_email",
        "column2": "project_code",
        "column3": "duration",
    }
    finance.post(f"/admin/projects/upload/{other.pk}/answer/", {**said, "name": "Ours"})
    check_upload(upload_id=other.pk, at=timezone.now())
    other.refresh_from_db()
    assert other.findings["added"] == 1
    assert "Ours" in finance.get("/admin/projects/savedmapping/").content.decode()


def test_a_lead_brings_no_files_and_a_bad_file_says_why(desk: Desk, lea: Client, finance: Client) -> None:
    assert lea.get("/admin/projects/upload/add/").status_code == 403
    assert lea.get("/admin/projects/upload/").status_code == 403
    answer = finance.post("/admin/projects/upload/add/", {"kind": "hours"})
    assert "at most 100 MB" in answer.content.decode()


def test_waiting_rows_are_understood_once_and_put_aside_with_a_reason(desk: Desk, finance: Client) -> None:
    rows = "2026-02-02,,CHORDUS,8,Old,Name,old@people.example\n2026-02-02,,CHORDUS,8,Else,X,else@people.example\n"
    upload = hand_in(finance, HEAD + rows)
    finance.post(f"/admin/projects/upload/{upload.pk}/act/apply/")
    apply_upload(upload_id=upload.pk, at=timezone.now())
    door = "/admin/projects/unmatchedhours/"
    assert "old@people.example" in finance.get(door).content.decode()
    said = {"act": "person", "person": "old@people.example", "means": "person1@people.example"}
    assert "1 rows are hours now" in finance.post(door, said, follow=True).content.decode()
    lost = {"act": "person", "person": "else@people.example", "means": "nobody@people.example"}
    assert "There is no contractor" in finance.post(door, lost, follow=True).content.decode()
    aside = {"act": "drop", "person": "else@people.example", "project": "CHORDUS", "reason": "Not ours."}
    assert "1 row is put aside" in finance.post(door, aside, follow=True).content.decode()


def test_a_lead_decides_on_hours_inside_a_pause(
    desk: Desk, lea: Client, signed_in: Callable[[User], Client]
) -> None:
    pause = pause_of(desk, at=timezone.now() - timedelta(days=5))
    day = timezone.now().date() - timedelta(days=2)
    Pause.objects.filter(pk=pause.pk).update(notice_sent_at=timezone.now() - timedelta(days=5))
    engagement = desk.people[0].engagements.get()
    engagement.hours.filter(worked_on__gte=day - timedelta(days=2)).delete()
    entry = HoursEntryFactory.make(engagement=engagement, worked_on=day, recorded_at=timezone.now())
    door = f"/admin/projects/hoursdecision/?pause={pause.pk}"
    assert "Worked after the notice" in lea.get(door).content.decode()
    lea.post(door, {"entry": [entry.pk], "verdict": "payable"})
    assert not HoursDecision.objects.exists()
    lea.post(door, {"entry": [entry.pk], "verdict": "payable", "reason": "Asked to finish."})
    assert HoursDecision.objects.get().decided_by == desk.lead
    stranger = signed_in(desk.stranger)
    assert "Person 0000" not in stranger.get(door).content.decode()


def test_operations_edit_calendars_and_working_weeks(desk: Desk, signed_in: Callable[[User], Client]) -> None:
    operations = signed_in(with_role(Role.OPERATIONS))
    said = {"country": "ph", "region": "", "day": "2026-08-21", "is_holiday": "on", "name": "Ninoy"}
    operations.post("/admin/projects/calendarday/add/", said)
    day = CalendarDay.objects.get()
    assert (day.country, day.is_holiday) == ("PH", True)
    operations.post(f"/admin/projects/calendarday/{day.pk}/delete/", {"post": "yes"})
    assert not CalendarDay.objects.exists()
    hours = {f"hours{number}": "0" if number in {4, 5} else "8" for number in range(7)}
    operations.post(
        "/admin/projects/workingweek/add/",
        {"country": "AE", "region": "", "starts_on": "2026-01-01", **hours},
    )
    assert WorkingWeek.objects.get().weekday_seconds == [28_800] * 4 + [0, 0, 28_800]
    assert operations.get("/admin/projects/workingweek/").status_code == 200
