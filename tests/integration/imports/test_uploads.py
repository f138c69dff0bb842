"""A file is handed in, looked at, answered for, applied and undone; nothing is written before it is applied."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from projects.domain.errors import NotAllowed, UnableToImport
from projects.imports.limits import MAX_BYTES
from projects.models import Contractor, Engagement, HoursEntry, Upload, User
from projects.models.people import Role
from projects.operations.upload_work import apply_upload, check_upload
from projects.operations.uploads import (
    answer_upload,
    ask_to_apply,
    discard_upload,
    receive_upload,
    sweep_uploads,
    undo_upload,
)
from tests.factories import (
    ContractorFactory,
    EngagementFactory,
    ProjectFactory,
    RoleGrantFactory,
    UserFactory,
)
from tests.factories.base import NOW

pytestmark = pytest.mark.django_db
HARVEST = "Date,Client,Project,Hours,First Name,Last Name,Email\n"


@pytest.fixture(autouse=True)
def _kept_here(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def engagement() -> Engagement:
    ana = ContractorFactory.make(name="Ana Reyes", email="ana@people.example")
    return EngagementFactory.make(contractor=ana, project=ProjectFactory.make(code="CHORDUS"))  # type: ignore[no-any-return]


def row(day: str = "2026-02-02", hours: str = "8", who: str = "ana@people.example") -> str:
    return f"{day},,CHORDUS,{hours},Ana,Reyes,{who}\n"


def handed_in(text: str, *, kind: str = "hours", by: User | None = None, **options: object) -> Upload:
    """A file that was handed in and read."""
    file = SimpleUploadedFile("hours.csv", text.encode())
    upload = receive_upload(kind=kind, file=file, name="C:\\Data\\hours.csv", options=options, by=by, at=NOW)
    return checked(upload)


def checked(upload: Upload) -> Upload:
    check_upload(upload_id=upload.pk, at=NOW)
    upload.refresh_from_db()
    return upload


def applied(upload: Upload) -> Upload:
    ask_to_apply(upload=upload, by=None, at=NOW)
    apply_upload(upload_id=upload.pk, at=NOW)
    upload.refresh_from_db()
    return upload


def kept_text(file: Any) -> str:
    with file.open("rb") as held:
        return str(held.read().decode())


def test_a_file_is_looked_at_applied_and_undone_as_a_whole(engagement: Engagement) -> None:
    upload = handed_in(
        HARVEST + row() + row("2026-02-03", "4") + row(hours="-1") + row(who="x@people.example")
    )
    assert (upload.state, upload.file_name, HoursEntry.objects.count()) == ("checked", "hours.csv", 0)
    found = upload.findings
    assert (found["added"], found["rejected"], found["unmatched"]) == (2, 2, 1)
    assert kept_text(upload.details).splitlines()[1:] == [
        "Ana Reyes,ana@people.example,CHORDUS,2026-02-02,12.0000,0.0000,0.0000,12.0000"
    ]
    bad = kept_text(upload.rejects).splitlines()
    assert bad[0].endswith(",Email,What is wrong")
    assert [line.split(",")[3] for line in bad[1:]] == ["-1", "8"]

    assert applied(upload).state == "applied"
    assert (HoursEntry.objects.count(), upload.file.name) == (2, "")
    assert undo_upload(upload=upload, by=None, at=NOW).state == "undone"
    assert not HoursEntry.objects.exists()
    with pytest.raises(UnableToImport, match="stands at “Undone”"):
        undo_upload(upload=upload, by=None, at=NOW)


def test_bad_rows_are_put_right_in_their_own_file_and_brought_again(engagement: Engagement) -> None:
    upload = applied(handed_in(HARVEST + row() + row("2026-02-03", "-4")))
    again = applied(handed_in(kept_text(upload.rejects).replace("-4", "4")))
    assert again.findings["added"] == 1
    assert HoursEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "kind", "answer"),
    [
        (HARVEST + row("03/04/2026"), "date_order", {"dates": "dmy"}),
        (
            "When,Who,Job,Time spent on it\n2026-02-02,ana@people.example,CHORDUS,8:00\n",
            "mapping",
            {
                "mapping": '{"columns": {"When": "worked_on", "Who": "person_email", "Job": "project_code", '
                '"Time spent on it": "duration"}}'
            },
        ),
        (
            "Organization,Time Zone,Member,Email,Project,Time zone,Mon 3/23,Total worked\n"
            "F,UTC,Ana,ana@people.example,CHORDUS,UTC,8:00:00,8:00:00\n",
            "year",
            {"year": 2026},
        ),
    ],
    ids=["day or month first", "which column means what", "which year"],
)
def test_what_a_file_leaves_open_is_asked_and_never_guessed(
    engagement: Engagement, text: str, kind: str, answer: dict[str, Any]
) -> None:
    upload = handed_in(text, **({"project": "CHORDUS"} if kind == "year" else {}))
    assert (upload.state, upload.question.get("kind")) == ("asking", kind)
    with pytest.raises(UnableToImport):
        ask_to_apply(upload=upload, by=None, at=NOW)
    answered = checked(answer_upload(upload=upload, answers=answer, by=None, at=NOW))
    assert (answered.state, answered.findings.get("added")) == ("checked", 1)


def test_a_file_that_cannot_be_read_is_refused_in_one_sentence() -> None:
    upload = handed_in("\0\1\2" * 100)
    assert (upload.state, upload.refusal.count("\n")) == ("refused", 0)
    assert "binary" in upload.refusal


def test_a_file_that_was_taken_in_before_says_so(engagement: Engagement) -> None:
    first = applied(handed_in(HARVEST + row()))
    again = handed_in(HARVEST + row())
    assert again.findings["same_file"]["import_id"] == first.hours_import_id
    assert (again.findings["added"], again.findings["known"]) == (0, 1)


def test_files_are_refused_by_size_option_and_whoever_brings_them() -> None:
    huge = SimpleNamespace(size=MAX_BYTES + 1, chunks=lambda: iter(()))
    with pytest.raises(UnableToImport, match="at most 100 MB"):
        receive_upload(kind="hours", file=huge, name="x.csv", options={}, by=None, at=NOW)
    for options in ({"colour": "red"}, {"dates": "sideways"}, {"year": "MMXXVI"}, {"leavers_on": "soon"}):
        with pytest.raises(UnableToImport):
            handed_in(HARVEST, **options)
    with pytest.raises(UnableToImport, match="neither hours nor a roster"):
        handed_in(HARVEST, kind="poems")
    with pytest.raises(NotAllowed):
        handed_in(HARVEST, by=UserFactory.make())
    finance = UserFactory.make()
    RoleGrantFactory.make(user=finance, role=Role.FINANCE)
    assert handed_in(HARVEST, by=finance).state == "checked"


def test_a_roster_shows_its_differences_is_applied_and_undone() -> None:
    ProjectFactory.make(code="CHORDUS")
    text = (
        "email,name,country,project,starts_on,rate_basis,rate_amount,currency\n"
        "ana@people.example,Ana,PH,CHORDUS,2026-01-05,hour,20,USD\n"
    )
    upload = handed_in(text, kind="roster")
    assert [change["kind"] for change in upload.findings["changes"]] == [
        "contractor_added", "engagement_added", "rate_added",
    ]  # fmt: skip
    assert "ana@people.example" in kept_text(upload.details)
    applied(upload)
    assert Engagement.objects.count() == 1
    undo_upload(upload=upload, by=None, at=NOW)
    assert (Engagement.objects.count(), Contractor.objects.count(), User.objects.count()) == (0, 0, 0)


def test_a_roster_is_not_undone_once_hours_rest_on_it() -> None:
    ProjectFactory.make(code="CHORDUS")
    head = "email,name,country,project,starts_on\n"
    upload = applied(handed_in(head + "ana@people.example,Ana,PH,CHORDUS,2026-01-05\n", kind="roster"))
    applied(handed_in(HARVEST + row()))
    with pytest.raises(UnableToImport, match="hours were taken in on an engagement"):
        undo_upload(upload=upload, by=None, at=NOW)
    upload.refresh_from_db()
    assert upload.state == "applied"


def test_what_a_lost_message_left_waiting_is_rung_again_and_old_files_go(engagement: Engagement) -> None:
    file = SimpleUploadedFile("hours.csv", (HARVEST + row()).encode())
    waiting = receive_upload(kind="hours", file=file, name="hours.csv", options={}, by=None, at=NOW)
    sweep_uploads(at=NOW + timedelta(minutes=6))
    waiting.refresh_from_db()
    assert waiting.asked_at == NOW + timedelta(minutes=6)
    checked(waiting)
    sweep_uploads(at=NOW + timedelta(days=31))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.file.name, waiting.details.name) == ("discarded", "", "")


def test_a_file_that_is_not_wanted_leaves_no_bytes(
    engagement: Engagement, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    upload = handed_in(HARVEST + row())
    with django_capture_on_commit_callbacks(execute=True):
        discard_upload(upload=upload, by=None, at=NOW)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
