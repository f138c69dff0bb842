"""Keeps report runs: what was pulled is written once, told to the audit trail, and never changed."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction

from projects.access import may_pull_reports
from projects.domain.errors import NotAllowed
from projects.models import ReportBlock, ReportRun, User
from projects.operations.events import announce_report
from projects.operations.history import record

BLOCKS_AT_ONCE: Final = 10
"""A statement holds its packed blocks several times over; more of them would be felt in memory."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The figures of one pulled report: `rows` is the table as JSON, with the rows of a long one apart in `blocks`."""

    code_version: str
    inputs_fingerprint: str
    checksum: str
    row_count: int
    rows: Mapping[str, Any]
    blocks: Sequence[bytes] = ()


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
    stays. `build` runs outside of any transaction, because it may take long; of two people who pull at the same moment
    both get the run of the first. Raises NotAllowed.
    """
    if by is not None and not may_pull_reports(by):
        raise NotAllowed("Reports are for finance, auditors and operations.")
    kept = kept_run(name=name, parameters=parameters, as_of=as_of)
    if kept is not None and not is_fresh:
        return kept
    facts = build()
    with transaction.atomic():
        _hold(name)
        kept = kept_run(name=name, parameters=parameters, as_of=as_of)
        if kept is not None and (not is_fresh or kept.checksum == facts.checksum):
            return kept
        run = ReportRun.objects.create(
            name=name,
            as_of=as_of,
            parameters=dict(parameters),
            code_version=facts.code_version,
            inputs_fingerprint=facts.inputs_fingerprint,
            checksum=facts.checksum,
            row_count=facts.row_count,
            rows=dict(facts.rows),
            pulled_at=at,
            by=by,
        )
        ReportBlock.objects.bulk_create(
            (ReportBlock(run=run, number=number, packed=block) for number, block in enumerate(facts.blocks)),
            batch_size=BLOCKS_AT_ONCE,
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
        announce_report(run=run, at=at)
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
