"""Files that somebody hands in: known by what is in them, kept under names of ours, handed out as downloads alone."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from projects.models import Correction, CorrectionPaper, Engagement, Upload, User
from projects.models.people import Role
from projects.operations.upload_work import check_upload
from tests.faces.access.asking import BACKEND
from tests.factories import ContractorFactory, EngagementFactory, RateFactory, RoleGrantFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PDF = b"%PDF-1.7 a timesheet"
NAMES = (
    "../../../etc/cron.d/x.pdf", "..\\..\\x.pdf", "/etc/passwd", "a\r\nSet-Cookie: x=y.pdf", 'a"; filename="b.html',
    "con.pdf\x00.html", "x.pdf.html", "." * 300, "\u202efdp.exe", "<script>x</script>.pdf", "報告.pdf", "",
)  # fmt: skip


@pytest.fixture(autouse=True)
def media(tmp_path: Path, settings: Any) -> Path:
    """Where files are kept, with a neighbour that must stay as it is."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    (tmp_path / "neighbour").write_text("untouched")
    return tmp_path


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def ana() -> tuple[Client, Engagement]:
    """A contractor at her portal, and her work."""
    user = UserFactory.make(email="ana@people.example")
    engagement = EngagementFactory.make(contractor=ContractorFactory.make(user=user, email=user.email))
    RateFactory.make(engagement=engagement)
    return signed_in(user), engagement


@pytest.fixture
def operations() -> Client:
    """Somebody who takes files in."""
    user = UserFactory.make(email="ops@firm.example", is_staff=True)
    RoleGrantFactory.make(user=user, role=Role.OPERATIONS)
    return signed_in(user)


def claim_with(ana: tuple[Client, Engagement], *files: SimpleUploadedFile) -> Any:
    client, engagement = ana
    facts = {"engagement": engagement.pk, "words": "See the paper.", "starts_on": "2026-01-01", "amount": "30",
             "currency": "USD", "basis": "hour", "papers": list(files)}  # fmt: skip
    return client.post("/portal/corrections/new/rate/", facts)


def kept(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and path.name != "neighbour"}


@pytest.mark.parametrize("name", NAMES)
def test_a_paper_keeps_no_more_of_its_name_than_letters_and_the_ending_of_what_it_is(
    name: str, ana: tuple[Client, Engagement], media: Path
) -> None:
    file = SimpleUploadedFile("paper", PDF, content_type="text/html")
    file._name = name  # what a browser of somebody's own making sends; Django's setter would tidy it

    claim_with(ana, file)

    paper = CorrectionPaper.objects.last()
    if paper is None:  # no name, no file
        assert name == ""
        return
    answer = ana[0].get(f"/portal/corrections/{paper.correction.public_id}/papers/{paper.pk}/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not set("/\\\r\n\0<>:;") & set(paper.name)
    assert (media / "neighbour").read_text() == "untouched"
    assert not kept(media)


@pytest.mark.parametrize(
    "content",
    [
        b"<svg onload=x>",
        b"<html>",
        b"MZ\x90",
        b"PK\x03\x04",
        b"",
        b"\x00" * 100,
        b" %PDF-1.7",
        b"GIF89a",
        b"#!/bin/sh",
    ],
)
def test_a_paper_that_is_no_picture_and_no_pdf_is_refused_whatever_it_calls_itself(
    content: bytes, ana: tuple[Client, Engagement]
) -> None:
    claim_with(ana, SimpleUploadedFile("paper.pdf", content, content_type="application/pdf"))

    assert not CorrectionPaper.objects.exists()


def test_papers_too_large_or_too_many_are_refused(ana: tuple[Client, Engagement]) -> None:
    claim_with(ana, SimpleUploadedFile("a.pdf", PDF + b"x" * 5 * 1024 * 1024))
    claim_with(ana, *(SimpleUploadedFile(f"{number}.pdf", PDF) for number in range(4)))

    assert not Correction.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_hours_lies_where_files_lie_whatever_it_is_called(
    name: str, operations: Client, media: Path
) -> None:
    file = SimpleUploadedFile("hours.csv", b"Date,Email,Project,Hours\n2026-02-02,a@b.example,X,8\n")
    file._name = name

    operations.post("/admin/projects/upload/add/", {"kind": "hours", "file": file})

    assert (media / "neighbour").read_text() == "untouched"
    assert all((media / "media") in path.parents for path in kept(media))
    assert all("/" not in row.file_name and "\\" not in row.file_name for row in Upload.objects.all())


def test_a_workbook_that_unpacks_without_end_is_refused_by_its_page(
    operations: Client, django_capture_on_commit_callbacks: Any
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", b" " * 50_000_000)
    bomb = SimpleUploadedFile("hours.xlsx", packed.getvalue())

    operations.post("/admin/projects/upload/add/", {"kind": "hours", "file": bomb})
    check_upload(upload_id=Upload.objects.get().pk, at=timezone.now())

    assert Upload.objects.get().state == "refused"
    assert operations.get("/media/uploads/", follow=True).status_code == 404
