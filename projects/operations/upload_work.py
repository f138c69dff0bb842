"""The work on a file that was handed in, as a background job does it: read it, or take it in."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, TextIO

from django.core.cache import cache
from django.core.files.base import File
from django.db import transaction

from projects.imports.errors import (
    UnableToImport,
    UnableToTellDateOrder,
    UnableToTellFormat,
    UnableToTellYear,
    UnableToUseMapping,
)
from projects.imports.rejects import write_rejects
from projects.imports.rows import Meaning, ReadOptions
from projects.models import HoursImport, Upload
from projects.operations.hours import HoursIntake, IntakeOptions, take_in_hours
from projects.operations.roster import RosterIntake, take_in_roster
from projects.operations.uploads import drop_files
from projects.queries.hours_weeks import PersonWeek
from projects.queries.uploads import earlier_import_of, leavers_on, progress_key, reading_of

State = Upload.State
PROGRESS_KEPT: Final = 3_600
WEEK_COLUMNS: Final = (
    "contractor",
    "email",
    "project",
    "week",
    "hours in file",
    "hours before",
    "replaced",
    "hours after",
)
ROSTER_COLUMNS: Final = ("line", "who", "project", "change", "before", "after")


def check_upload(*, upload_id: int, at: datetime) -> None:
    """Read a file from end to end, write nothing, and say what it would do or what it leaves open."""
    upload = Upload.objects.select_related("by").filter(pk=upload_id, state=State.CHECKING).first()
    if upload is None:
        return
    with _scratch() as rejects, _scratch() as details:
        try:
            findings = _looked_at(upload, rejects=rejects, details=details, at=at)
        except UnableToImport as refusal:
            question = _question_of(refusal)
            state = State.ASKING if question else State.REFUSED
            _close(upload, state, at=at, question=question, refusal=refusal.message)
            return
        _keep(upload, "rejects", rejects)
        _keep(upload, "details", details)
    files = {"rejects": upload.rejects.name, "details": upload.details.name}
    _close(upload, State.CHECKED, at=at, findings=findings, **files)


def apply_upload(*, upload_id: int, at: datetime) -> None:
    """Take a file in and mark it, in one transaction: a kill at any moment leaves it as it was, to be rung again."""
    upload = Upload.objects.select_related("by").filter(pk=upload_id, state=State.APPLYING).first()
    if upload is None:
        return
    try:
        with transaction.atomic():
            if not Upload.objects.filter(pk=upload.pk, state=State.APPLYING).update(
                state=State.APPLIED, finished_at=at
            ):
                return
            intake = _take_in(upload, reading_of(upload.options), at=at, is_dry_run=False)
            run_id = getattr(intake, "import_id", None)
            Upload.objects.filter(pk=upload.pk).update(findings=intake.as_json(), hours_import=run_id)
    except UnableToImport as refusal:
        _close(upload, State.REFUSED, at=at, refusal=refusal.message)
        return
    upload.file.delete(save=False)
    Upload.objects.filter(pk=upload.pk).update(file="")


def _looked_at(upload: Upload, *, rejects: TextIO, details: TextIO, at: datetime) -> dict[str, Any]:
    """Read the file as a dry run; its bad rows go to `rejects`, every week or difference to `details`."""
    reading = reading_of(upload.options)
    writer = csv.writer(details)
    writer.writerow(WEEK_COLUMNS if upload.kind == Upload.Kind.HOURS else ROSTER_COLUMNS)
    intake = _take_in(
        upload, reading, at=at, is_dry_run=True, on_week=lambda week: writer.writerow(_cells(week))
    )
    if isinstance(intake, RosterIntake):
        writer.writerows(intake.change_cells())
    if intake.bad_lines:
        write_rejects(Path(upload.file.path), options=reading, reasons=intake.bad_lines, out=rejects)
    return {**intake.as_json(), "same_file": _same_file(upload)}


def _take_in(
    upload: Upload,
    reading: ReadOptions,
    *,
    at: datetime,
    is_dry_run: bool,
    on_week: Callable[[PersonWeek], object] = lambda week: None,
) -> HoursIntake | RosterIntake:
    def tell(rows: int) -> None:
        cache.set(progress_key(upload.pk), rows, PROGRESS_KEPT)

    file, options = Path(upload.file.path), upload.options
    if upload.kind == Upload.Kind.ROSTER:
        return take_in_roster(
            file=file,
            file_name=upload.file_name,
            reading=reading,
            leavers_on=leavers_on(options),
            is_dry_run=is_dry_run,
            is_strict=options.get("strict") is True,
            by=upload.by,
            at=at,
            tell=tell,
        )
    how = IntakeOptions(
        reading=reading,
        is_dry_run=is_dry_run,
        is_strict=options.get("strict") is True,
        corrects=options.get("keep") is not True,
    )
    return take_in_hours(
        file=file, file_name=upload.file_name, options=how, by=upload.by, at=at, tell=tell, on_week=on_week
    )


def _same_file(upload: Upload) -> dict[str, Any]:
    """The import that took in the same bytes before, if any."""
    run: HoursImport | None = earlier_import_of(upload.file_hash)
    return {"import_id": run.pk, "at": run.started_at.isoformat()} if run is not None else {}


def _question_of(refusal: UnableToImport) -> dict[str, Any]:
    """What whoever brought the file has to say before it can be read; empty where nothing helps but another file."""
    if isinstance(refusal, UnableToTellYear):
        return {"kind": "year", "examples": list(refusal.examples)}
    if isinstance(refusal, UnableToTellDateOrder):
        return {"kind": "date_order", "examples": list(refusal.examples)}
    if isinstance(refusal, UnableToTellFormat):
        return {
            "kind": "mapping",
            "columns": list(refusal.header),
            "meanings": [one.value for one in Meaning],
        }
    if isinstance(refusal, UnableToUseMapping):
        return {"kind": "mapping", "columns": [], "meanings": [one.value for one in Meaning]}
    return {}


def _close(upload: Upload, state: State, *, at: datetime, **fields: Any) -> None:
    expected = State.APPLYING if upload.state == State.APPLYING else State.CHECKING
    changed = Upload.objects.filter(pk=upload.pk, state=expected).update(
        state=state, finished_at=at, **fields
    )
    if not changed and Upload.objects.filter(pk=upload.pk, state=State.DISCARDED).exists():
        drop_files(upload)


def _keep(upload: Upload, name: str, text: TextIO) -> None:
    """Keep what was written about a file beside it; an empty one is not kept."""
    text.flush()
    if not text.buffer.tell():
        return
    text.buffer.seek(0)
    getattr(upload, name).save(f"{upload.public_id}-{name}.csv", File(text.buffer), save=False)


def _scratch() -> TextIO:
    """A text file that is gone once it is closed."""
    return TemporaryFile("w+", encoding="utf-8", newline="")


def _cells(week: PersonWeek) -> list[str]:
    hours = [f"{seconds / 3600:.4f}" for seconds in (week.in_file, week.before, week.replaced, week.after)]
    return [week.contractor, week.email, week.project, week.week_starts_on.isoformat(), *hours]
