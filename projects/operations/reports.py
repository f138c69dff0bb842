"""Keeps report runs: what was pulled is written once, told to the audit trail, and never changed."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from projects.access import may_pull_reports
from projects.domain.errors import NotAllowed
from projects.models import ReportRun, User
from projects.operations.history import record


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The figures of one pulled report: `rows` is the whole table as JSON, `checksum` that of its rows."""

    code_version: str
    inputs_fingerprint: str
    checksum: str
    rows: Mapping[str, Any]


def pull_report(
    *,
    name: str,
    parameters: Mapping[str, Any],
    as_of: date,
    build: Callable[[], RunFacts],
    by: User | None,
    at: datetime,
    is_fresh: bool = False,
) -> ReportRun:
    """The run of this report, day and parameters: the kept one where there is one, else `build` is called and kept.

    With `is_fresh` the figures are built anew and kept as a new run where they differ from the kept one; the kept one
    stays. Two people who pull at the same moment get the same run. Raises NotAllowed.
    """
    if by is not None and not may_pull_reports(by):
        raise NotAllowed("Reports are for finance, auditors and operations.")
    with transaction.atomic():
        _hold(name)
        kept = kept_run(name=name, parameters=parameters, as_of=as_of)
        if kept is not None and not is_fresh:
            return kept
        facts = build()
        if kept is not None and kept.checksum == facts.checksum:
            return kept
        run = ReportRun.objects.create(
            name=name,
            as_of=as_of,
            parameters=dict(parameters),
            code_version=facts.code_version,
            inputs_fingerprint=facts.inputs_fingerprint,
            checksum=facts.checksum,
            rows=dict(facts.rows),
            pulled_at=at,
            by=by,
        )
        record(
            verb="report.pulled",
            subject_ref=f"report:{run.pk}",
            before={"checksum": kept.checksum, "run": str(kept.public_id)} if kept is not None else {},
            after={
                "name": name,
                "as_of": as_of.isoformat(),
                "parameters": dict(parameters),
                "checksum": facts.checksum,
                "run": str(run.public_id),
            },
            by=by,
            at=at,
        )
        return run


def kept_run(*, name: str, parameters: Mapping[str, Any], as_of: date) -> ReportRun | None:
    """The newest run of this report, day and parameters; None where it was never pulled."""
    runs = ReportRun.objects.filter(name=name, as_of=as_of).order_by("-pulled_at", "-pk")
    wanted = dict(parameters)
    for pk, stored in runs.values_list("pk", "parameters"):
        if stored == wanted:
            return ReportRun.objects.select_related("by").get(pk=pk)
    return None


def _hold(name: str) -> None:
    """Let one transaction at a time pull a report of this name; SQLite's IMMEDIATE transactions already do."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(f"report {name}".encode())])
