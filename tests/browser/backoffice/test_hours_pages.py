"""The pages of files and hours on phone and desk, light and dark: whole and accessible."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import Page

from projects.models import Upload
from projects.models.people import Role
from projects.operations.upload_work import apply_upload, check_upload
from projects.operations.uploads import ask_to_apply, receive_upload
from tests.browser.backoffice.test_every_page_looks_right import walk
from tests.conftest import Complaints
from tests.faces.backoffice.world import Desk, pause_of
from tests.factories import HoursEntryFactory, RoleGrantFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HEAD = "Date,Client,Project,Hours,First Name,Last Name,Email\n"
ROWS = (
    "2026-02-02,,CHORDUS,8,Person,0,person0@people.example\n"
    "2026-02-09,,CHORDUS,6.5,Person,2,person2@people.example\n"
    "2026-02-03,,CHORDUS,-1,Person,0,person0@people.example\n"
    "2026-02-03,,CHORDUS,8,Old,Name,old.address@people.example\n"
)


def handed_in(text: str) -> Upload:
    file = SimpleUploadedFile("hours.csv", text.encode())
    upload = receive_upload(
        kind="hours", file=file, name="hours-february.csv", options={}, by=None, at=timezone.now()
    )
    check_upload(upload_id=upload.pk, at=timezone.now())
    return upload


def test_the_pages_of_files_and_hours_are_whole_and_accessible(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    RoleGrantFactory.make(user=desk.lead, role=Role.OPERATIONS)
    pause = pause_of(desk, at=timezone.now() - timedelta(days=5))
    HoursEntryFactory.make(
        engagement=desk.people[0].engagements.get(),
        worked_on=timezone.now().date() - timedelta(days=2),
        recorded_at=timezone.now(),
    )
    asking, checked = (
        handed_in(HEAD + ROWS.splitlines()[0].replace("2026-02-02", "03/04/2026")),
        handed_in(HEAD + ROWS),
    )
    waiting = handed_in(HEAD + ROWS.splitlines()[3])
    ask_to_apply(upload=waiting, by=desk.lead, at=timezone.now())
    apply_upload(upload_id=waiting.pk, at=timezone.now())
    pages = {
        "upload-add": "upload/add/",
        "upload-asking": f"upload/{asking.pk}/change/",
        "upload-checked": f"upload/{checked.pk}/change/",
        "unmatched": "unmatchedhours/",
        "week-add": "workingweek/add/",
        "hours-inside": f"hoursdecision/?pause={pause.pk}",
    }
    walk({name: f"projects/{path}" for name, path in pages.items()}, opened, complaints)
