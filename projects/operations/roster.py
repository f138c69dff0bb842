"""Takes in rosters: contractors, engagements and rates from a date; additive, nobody leaves by being left out."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from projects.domain.errors import DomainError
from projects.domain.money import decimal_to_rate
from projects.imports.roster import read_roster
from projects.imports.rows import DayMonthOrder, RosterRow
from projects.models import Contractor, Engagement, Project, User
from projects.operations.estimates import ask_for_estimates_of
from projects.operations.people import ContractorFacts, change_contractor, make_contractor
from projects.operations.work import RateFacts, change_rate, end_engagement, engage

SECONDS_AN_HOUR = 3_600


@dataclass(slots=True)
class RosterIntake:
    """What became of a roster: rows by fate, and what was made or changed."""

    file: str
    rows: int = 0
    rejected: int = 0
    contractors_added: int = 0
    contractors_changed: int = 0
    engagements_added: int = 0
    engagements_changed: int = 0
    rates_added: int = 0
    is_dry_run: bool = False
    errors: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The same facts as JSON answers write them."""
        return asdict(self)


class _Undo(Exception):
    """Leaves the transaction without writing anything."""


def take_in_roster(
    *,
    file: Path,
    by: User | None,
    at: datetime,
    day_month_order: DayMonthOrder | None = None,
    is_dry_run: bool = False,
    is_strict: bool = False,
) -> RosterIntake:
    """Take in one roster; what is there already changes nothing.

    Bad rows are reported with line and reason and the good ones go in; with `is_strict` none does. Raises
    UnableToImport for a file that cannot be read.
    """
    roster = read_roster(file, day_month_order=day_month_order)
    intake = RosterIntake(file=file.name, rows=len(roster.rows) + len(roster.errors), is_dry_run=is_dry_run)
    for error in roster.errors:
        _reject(intake, line=error.line, reason=error.message, field_name=error.field)
    try:
        with transaction.atomic():
            people = {_take_in_row(row, intake=intake, by=by, at=at) for row in roster.rows}
            ask_for_estimates_of(contractor_ids=sorted(people - {0}), reason="roster", at=at)
            if is_dry_run or (is_strict and intake.rejected):
                raise _Undo
    except _Undo:
        pass
    return intake


def _take_in_row(row: RosterRow, *, intake: RosterIntake, by: User | None, at: datetime) -> int:
    """One row goes in whole or not at all; the key of its contractor, 0 when it was refused."""
    try:
        with transaction.atomic():
            contractor = _contractor(row, intake=intake, by=by, at=at)
            if row.project and row.starts_on:
                engagement = _engagement(row, contractor, intake=intake, by=by, at=at)
                _rate(row, engagement, intake=intake, by=by, at=at)
            return contractor.pk
    except DomainError as error:
        _reject(intake, line=row.line, reason=error.message, field_name=error.field or "")
        return 0


def _contractor(row: RosterRow, *, intake: RosterIntake, by: User | None, at: datetime) -> Contractor:
    standing = Contractor.objects.filter(email=row.email).first()
    facts = ContractorFacts(
        email=row.email,
        name=row.name or (standing.name if standing else ""),
        country=row.country or (standing.country if standing else ""),
        region=row.region or (standing.region if standing else ""),
        locale=row.locale or (standing.locale if standing else "en"),
        time_zone=row.time_zone or (standing.time_zone if standing else "UTC"),
        slack_user_id=row.slack_user_id or (standing.slack_user_id if standing else ""),
        external_id=row.external_id or (standing.external_id if standing else ""),
    )
    if standing is None:
        intake.contractors_added += 1
        return make_contractor(facts=facts, by=by, at=at)
    if all(getattr(standing, name) == value for name, value in asdict(facts).items()):
        return standing
    intake.contractors_changed += 1
    return change_contractor(contractor=standing, facts=facts, by=by, at=at)


def _engagement(
    row: RosterRow, contractor: Contractor, *, intake: RosterIntake, by: User | None, at: datetime
) -> Engagement:
    project = Project.objects.filter(code=row.project.upper()).first()
    if project is None or row.starts_on is None:
        raise DomainError(f"There is no project {row.project}.", field="project")
    standing = Engagement.objects.filter(
        contractor=contractor, project=project, starts_on=row.starts_on
    ).first()
    if standing is None:
        intake.engagements_added += 1
        return engage(
            contractor=contractor,
            project=project,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            rate=None,
            by=by,
            at=at,
        )
    if row.ends_on and row.ends_on != standing.ends_on:
        intake.engagements_changed += 1
        return end_engagement(engagement=standing, ends_on=row.ends_on, by=by, at=at)
    return standing


def _rate(
    row: RosterRow, engagement: Engagement, *, intake: RosterIntake, by: User | None, at: datetime
) -> None:
    if row.rate_basis is None or row.rate_amount is None or row.rate_from is None:
        return
    is_known = engagement.rates.filter(starts_on=row.rate_from).exists()
    pattern = row.weekday_pattern
    facts = RateFacts(
        starts_on=row.rate_from,
        basis=row.rate_basis.value,
        amount_millionths=decimal_to_rate(row.rate_amount),
        currency=row.currency,
        contracted_weekly_seconds=None
        if row.weekly_hours is None
        else int(row.weekly_hours * SECONDS_AN_HOUR),
        weekday_seconds=None if pattern is None else [int(hours * SECONDS_AN_HOUR) for hours in pattern],
    )
    change_rate(engagement=engagement, rate=facts, by=by, at=at)
    intake.rates_added += not is_known


def _reject(intake: RosterIntake, *, line: int, reason: str, field_name: str) -> None:
    intake.rejected += 1
    intake.errors.append({"line": line, "field": field_name, "reason": reason})
