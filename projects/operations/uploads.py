"""Files on their way into the record: handed in, answered for, applied, undone or discarded by somebody who may."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, Final, Protocol

from django.core.files.base import File
from django.db import transaction
from django.db.models import Q

from projects import access, jobs
from projects.domain.errors import NotAllowed, UnableToImport
from projects.domain.uploads import states_before
from projects.imports.limits import MAX_BYTES
from projects.models import Upload, User
from projects.operations.history import record
from projects.operations.hours_undo import undo_hours_import
from projects.operations.roster_undo import undo_roster
from projects.queries.uploads import leavers_on, reading_of

State = Upload.State
RING_AGAIN_AFTER: Final = timedelta(minutes=5)
"""Longer than a task may take, so that a file in work is not asked for again."""
FILES_KEPT_FOR: Final = timedelta(days=30)
"""So long a finished file's bad rows and details can be fetched."""


class HandedIn(Protocol):
    """A file as a face receives it."""

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterable[bytes]: ...


def receive_upload(
    *, kind: str, file: HandedIn, name: str, options: Mapping[str, Any], by: User | None, at: datetime
) -> Upload:
    """Keep a file and ask for it to be read; nothing of it is written until it is applied.

    Raises NotAllowed, or UnableToImport for an unknown kind or option, or a file over 100 MB.
    """
    refuse_strangers(by)
    if kind not in Upload.Kind.values:
        raise UnableToImport(f"“{kind}” is neither hours nor a roster.", field="kind")
    refuse_unfit_options(options)
    if (file.size or 0) > MAX_BYTES:
        raise UnableToImport(
            f"The file has {(file.size or 0) // 1_000_000:,} MB; at most {MAX_BYTES // 1_000_000} MB are read: "
            "split it.",
            field="file",
        )
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    shown = PurePath(name.replace("\\", "/")).name.replace("\0", "")[-255:] or "file"
    with transaction.atomic():
        upload = Upload(kind=kind, file_name=shown, file_hash=digest.hexdigest(), size_bytes=file.size or 0)
        upload.options, upload.by, upload.uploaded_at, upload.asked_at = dict(options), by, at, at
        upload.file.save(f"{upload.public_id}{_ending(shown)}", File(file), save=False)  # type: ignore[arg-type]
        upload.save()
        facts = {"kind": kind, "file": shown, "sha256": upload.file_hash, "bytes": upload.size_bytes}
        record(verb="upload.received", subject_ref=upload.ref, before={}, after=facts, by=by, at=at)
        jobs.ask_for_upload_after_commit(jobs.CHECK_UPLOAD, upload.pk)
    return upload


def answer_upload(*, upload: Upload, answers: Mapping[str, Any], by: User | None, at: datetime) -> Upload:
    """Answer what the file leaves open (or change what was said) and read it again.

    Raises NotAllowed or UnableToImport.
    """
    refuse_strangers(by)
    options = {**upload.options, **{name: value for name, value in answers.items() if value is not None}}
    refuse_unfit_options(options)
    with transaction.atomic():
        fields = {"options": options, "question": {}, "findings": {}, "refusal": ""}
        _move(upload, State.CHECKING, at=at, asked_at=at, finished_at=None, **fields)
        jobs.ask_for_upload_after_commit(jobs.CHECK_UPLOAD, upload.pk)
    upload.refresh_from_db()
    return upload


def ask_to_apply(*, upload: Upload, by: User | None, at: datetime) -> Upload:
    """Ask for a file that was looked at to be taken in. Raises NotAllowed or UnableToImport."""
    refuse_strangers(by)
    with transaction.atomic():
        _move(upload, State.APPLYING, at=at, asked_at=at, by=by or upload.by)
        jobs.ask_for_upload_after_commit(jobs.APPLY_UPLOAD, upload.pk)
    upload.refresh_from_db()
    return upload


def undo_upload(*, upload: Upload, by: User | None, at: datetime) -> Upload:
    """Take back everything a file brought. Raises NotAllowed, or UnableToImport where that cannot be any more."""
    refuse_strangers(by)
    with transaction.atomic():
        _move(upload, State.UNDONE, at=at, finished_at=at)
        if upload.kind == Upload.Kind.ROSTER:
            undo_roster(changes=upload.findings.get("undo", []), ref=upload.ref, by=by, at=at)
        elif upload.hours_import is not None:
            undo_hours_import(run=upload.hours_import, by=by, at=at)
    upload.refresh_from_db()
    return upload


def discard_upload(*, upload: Upload, by: User | None, at: datetime) -> Upload:
    """Let a file go that is not wanted; its bytes are deleted. Raises NotAllowed or UnableToImport."""
    refuse_strangers(by)
    with transaction.atomic():
        _move(upload, State.DISCARDED, at=at, finished_at=at)
        record(verb="upload.discarded", subject_ref=upload.ref, before={}, after={}, by=by, at=at)
        transaction.on_commit(lambda: drop_files(upload))
    upload.refresh_from_db()
    return upload


def sweep_uploads(*, at: datetime) -> int:
    """Ring again for what a lost message left waiting and delete what is kept no longer; how many bells were rung."""
    waiting = {State.CHECKING: jobs.CHECK_UPLOAD, State.APPLYING: jobs.APPLY_UPLOAD}
    rung = 0
    for upload in Upload.objects.filter(state__in=waiting, asked_at__lt=at - RING_AGAIN_AFTER):
        if Upload.objects.filter(pk=upload.pk, asked_at=upload.asked_at).update(asked_at=at):
            rung += jobs.ring(waiting[State(upload.state)], upload_id=upload.pk)
    held = ~Q(file="") | ~Q(rejects="") | ~Q(details="")
    over = Upload.objects.exclude(state__in=waiting).filter(held, asked_at__lt=at - FILES_KEPT_FOR)
    for upload in over[:200]:
        if upload.state in {State.ASKING, State.CHECKED, State.REFUSED}:
            _move(upload, State.DISCARDED, at=at, finished_at=at)
        drop_files(upload)
    return rung


def drop_files(upload: Upload) -> None:
    """Delete the bytes of a file that is done with, and what was written about it."""
    for held in (upload.file, upload.rejects, upload.details):
        if held:
            held.delete(save=False)
    Upload.objects.filter(pk=upload.pk).update(file="", rejects="", details="")


def refuse_strangers(by: User | None) -> None:
    """Without a person it is the operator at the command line. Raises NotAllowed."""
    if by is not None and not access.may_import(by):
        raise NotAllowed("Only operations and finance may bring in hours and rosters.")


def refuse_unfit_options(options: Mapping[str, Any]) -> None:
    """Raise UnableToImport with the option that is unknown or wrong."""
    reading_of(options)
    leavers_on(options)


def _move(upload: Upload, state: State, *, at: datetime, **fields: Any) -> None:
    """Change the state by compare-and-set; whoever comes second is refused."""
    before = states_before(state)
    if not Upload.objects.filter(pk=upload.pk, state__in=before).update(state=state, **fields):
        stands = Upload.objects.get(pk=upload.pk).get_state_display()
        raise UnableToImport(f"{upload.file_name} stands at “{stands}”, so this cannot be done with it.")


def _ending(name: str) -> str:
    return ".xlsx" if name.lower().endswith(".xlsx") else ".csv"
