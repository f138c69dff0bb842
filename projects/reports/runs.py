"""Pulling a report: the figures are frozen the first time, and come back the same every time after."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from projects.models import ReportRun, User
from projects.operations.reports import RunFacts, kept_run
from projects.operations.reports import pull_report as keep
from projects.reports.catalogue import Report, ask_for, report_named, table_of
from projects.reports.drafts import Ask
from projects.reports.frozen import Tell, freeze


def pull_report(
    *,
    name: str,
    parameters: Mapping[str, Sequence[str]],
    as_of: str | date | None,
    by: User | None,
    at: datetime,
    is_fresh: bool = False,
    tell: Tell | None = None,
) -> ReportRun:
    """Pull a report by name, with parameters as somebody typed them.

    Pulled again for the same day and parameters the earlier run is returned, whatever came in meanwhile; `is_fresh`
    makes a new run where the figures have moved. `as_of` None is today; `tell` hears of the rows that are done. Raises
    NotAllowed, and UnableToReport with the field and the allowed values.
    """
    report = report_named(name)
    ask = ask_for(report, parameters, as_of=as_of, by=by, at=at)
    return pull(report, ask, is_fresh=is_fresh, tell=tell)


def pull(report: Report, ask: Ask, *, is_fresh: bool = False, tell: Tell | None = None) -> ReportRun:
    """The same for a question that was checked already."""
    return keep(
        name=report.name,
        parameters=dict(ask.values),
        as_of=ask.as_of,
        build=lambda: _frozen(report, ask, tell),
        by=ask.by,
        at=ask.at,
        is_fresh=is_fresh,
    )


def earlier_run(report: Report, ask: Ask) -> ReportRun | None:
    """The run that pulling would return; None where nothing was pulled for this day and these parameters."""
    return kept_run(name=report.name, parameters=dict(ask.values), as_of=ask.as_of)


def _frozen(report: Report, ask: Ask, tell: Tell | None) -> RunFacts:
    table, draft = table_of(report, ask)
    frozen = freeze(table, draft, tell=tell)
    return RunFacts(
        code_version=table.facts.code_version,
        inputs_fingerprint=table.facts.inputs_fingerprint,
        checksum=frozen.figures.checksum,
        row_count=frozen.figures.rows,
        rows=frozen.document,
        blocks=frozen.blocks,
    )
