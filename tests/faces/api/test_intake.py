"""Hours and rosters in bulk, item by item, and files by the API."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from projects.models import Contractor, HoursEntry, HoursImport, Upload
from projects.operations.hours_undo import undo_hours_import
from projects.operations.upload_work import apply_upload, check_upload
from tests.faces.api.world import World

HOURS, ROSTER, FILES = "/api/v1/hours/bulk/", "/api/v1/roster/bulk/", "/api/v1/imports/"


def entry(**other: object) -> dict[str, object]:
    """Eight hours of Ana on CHORDUS."""
    day = timezone.now().date().isoformat()
    facts: dict[str, object] = {
        "id": "e1",
        "contractor": "ana@people.example",
        "project": "CHORDUS",
        "worked_on": day,
    }
    return {**facts, "seconds": 28_800, **other}


def sent(world: World, *entries: dict[str, object], **headers: str) -> Any:
    return world.as_("operations").post(HOURS, {"entries": list(entries)}, **headers)


def statuses(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [result["status"] for result in answer.json()["results"]]


def test_each_entry_has_its_own_result_and_a_wrong_one_stops_no_other(world: World) -> None:
    answer = sent(
        world, entry(), entry(id="e2", seconds=0), entry(id="e3", worked_on="someday"),
        entry(id="e4", project="NOWHERE"), entry(id="e5", contractor="nobody@people.example"),
        entry(seconds=1), {"id": "e6"},
    )  # fmt: skip
    assert statuses(answer) == ["added", "refused", "refused", "waiting", "waiting", "refused", "refused"]
    reasons = [result["reason"] for result in answer.json()["results"]]
    assert "worked_on" in reasons[2]
    assert "no project we know" in reasons[3]
    assert answer.json()["counts"] == {"added": 1, "refused": 4, "waiting": 2}


def test_an_entry_that_comes_again_is_known_or_changed_and_the_change_can_be_undone(world: World) -> None:
    before = HoursEntry.objects.count()
    assert statuses(sent(world, entry())) == ["added"]
    assert statuses(sent(world, entry())) == ["known"]
    assert statuses(sent(world, entry(seconds=3_600))) == ["changed"]
    assert HoursEntry.objects.count() == before + 1
    undo_hours_import(run=HoursImport.objects.latest("pk"), by=None, at=timezone.now())
    assert HoursEntry.objects.get(source="api").seconds == 28_800
    nameless = entry(id="", seconds=60)
    assert statuses(sent(world, nameless)) == ["added"]
    assert statuses(sent(world, nameless)) == ["known"]


def test_the_same_call_under_its_key_acts_once(world: World) -> None:
    first = sent(world, entry(id="once"), HTTP_IDEMPOTENCY_KEY="batch-1")
    again = sent(world, entry(id="once"), HTTP_IDEMPOTENCY_KEY="batch-1")
    assert again.json() == first.json()
    assert HoursImport.objects.count() == 1


def test_ten_thousand_entries_go_in_one_call_and_one_more_does_not(world: World) -> None:
    many = [entry(id=f"m{number}", seconds=60) for number in range(10_000)]
    assert sent(world, *many).json()["counts"] == {"added": 10_000}
    assert sent(world, *many, entry(id="more")).status_code == 422


def test_roster_rows_are_taken_in_whole_or_refused_alone(world: World) -> None:
    row = {"email": "new@people.example", "name": "New", "country": "PH", "project": "CHORDUS",
           "starts_on": "2026-01-05", "rate_basis": "hour", "rate_amount": "20", "currency": "USD"}  # fmt: skip
    client = world.as_("operations")
    rows = [
        row,
        {**row, "email": "x"},
        {**row, "email": "b@people.example", "project": "NOWHERE"},
        {"colour": "red"},
    ]
    answer = client.post(ROSTER, {"rows": rows})
    assert statuses(answer) == ["changed", "refused", "refused", "refused"]
    assert answer.json()["results"][0]["changes"] == ["contractor_added", "engagement_added", "rate_added"]
    assert not Contractor.objects.filter(email="b@people.example").exists()
    assert statuses(client.post(ROSTER, {"rows": [row]})) == ["known"]


def test_only_those_who_may_bring_hours_in_do(world: World) -> None:
    assert world.as_("lead").post(HOURS, {"entries": [entry()]}).status_code == 403
    assert world.as_("lead").post(HOURS, {"entries": [{"id": "e"}]}).status_code == 403
    assert world.as_("lead").post(ROSTER, {"rows": [{"email": "a@b.co"}]}).status_code == 403
    assert world.as_("lead").get(FILES).json()["results"] == []


def test_a_file_that_is_too_large_is_refused_before_or_while_it_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = world.as_("operations")
    body = {"kind": "hours", "file": SimpleUploadedFile("hours.csv", b"x" * 70_000)}
    told = client.post(FILES, body, format="multipart", CONTENT_LENGTH="102000000")
    assert (told.status_code, told["Content-Type"]) == (413, "application/problem+json")

    monkeypatch.setattr("contractorhub.uploading.MAX_BYTES", 1_000)
    body["file"].seek(0)  # type: ignore[attr-defined]
    cut = client.post(FILES, body, format="multipart")
    assert (cut.status_code, cut.json()["detail"]) == (413, "A file has at most 100 MB: split it.")
    assert client.post(FILES, {"kind": "hours"}, format="multipart").status_code == 422
    assert not Upload.objects.exists()


def test_a_file_is_handed_in_answered_applied_and_undone(world: World, tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    client = world.as_("operations")
    row = f"03/04/{timezone.now().year},CHORDUS,8,A,R,ana@people.example"
    text = f"Date,Project,Hours,First Name,Last Name,Email\n{row}\n"
    file = SimpleUploadedFile("hours.csv", text.encode())
    made = client.post(FILES, {"kind": "hours", "file": file}, format="multipart")
    assert (made.status_code, made.json()["state"]) == (202, "checking")
    door, key = f"{FILES}{made.json()['public_id']}/", Upload.objects.get().pk
    check_upload(upload_id=key, at=timezone.now())
    assert client.get(door).json()["question"]["kind"] == "date_order"
    assert client.post(f"{door}answer/", {"options": {"dates": "dmy"}}).status_code == 202
    check_upload(upload_id=key, at=timezone.now())
    assert client.get(door).json()["findings"]["added"] == 1
    assert client.post(f"{door}apply/", {}).status_code == 202
    apply_upload(upload_id=key, at=timezone.now())
    assert HoursEntry.objects.filter(source="harvest").count() == 1
    assert b"Ana," in b"".join(client.get(f"{door}details.csv").streaming_content)  # type: ignore[attr-defined]
    assert client.get(f"{door}rejects.csv").status_code == 404
    assert client.post(f"{door}undo/", {}).json()["state"] == "undone"
    assert client.post(f"{door}undo/", {}).status_code == 409
    assert not HoursEntry.objects.filter(source="harvest").exists()
