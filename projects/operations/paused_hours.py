"""Decides on hours that were logged inside a pause: paid, not paid, or moved to the day they were worked."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from projects import access
from projects.domain.errors import NotAllowed, UnableToDecideHours
from projects.domain.paused_hours import Finding
from projects.domain.periods import local_day, newest_day
from projects.models import HoursDecision, HoursEntry, Pause, User
from projects.operations.estimates import ask_for_estimate, ask_for_estimates_of
from projects.operations.history import record
from projects.operations.targets import locked_pause
from projects.queries.paused_hours import PausedHours, paused_hours

Verdict = HoursDecision.Verdict
MOST_AT_ONCE = 1_000


def decide_paused_hours(
    *,
    pause: Pause,
    entry_ids: Sequence[int],
    verdict: str,
    reason: str,
    by: User | None,
    at: datetime,
    moved_to: date | None = None,
) -> int:
    """Decide on entries inside a pause, all alike; a later decision takes the place of an earlier one. How many.

    `moved_to` is the day they were worked, for `redated` only. The decision feeds the pause's next estimate. Raises
    NotAllowed, or UnableToDecideHours with the field that is wrong; then nothing is written.
    """
    _refuse_unfit(verdict=verdict, reason=reason, moved_to=moved_to, entry_ids=entry_ids, at=at)
    with transaction.atomic():
        fresh = locked_pause(pause)
        rows = _rows_inside(fresh, entry_ids, at=at)
        entries = _entries_of(rows, by=by)
        for row in rows:
            _decide(fresh, row, entries[row.entry_id], verdict, reason.strip(), moved_to, by, at)
        people = sorted({row.contractor_id for row in rows})
        record(
            verb="hours.decided",
            subject_ref=fresh.ref,
            before={"entries": [[row.entry_id, row.dated_on, row.verdict or row.finding] for row in rows]},
            after={"verdict": verdict, "reason": reason.strip(), "moved_to": moved_to, "people": people},
            by=by,
            at=at,
        )
        ask_for_estimate(pause=fresh, reason="hours_decided", at=at)
        if moved_to is not None:
            ask_for_estimates_of(contractor_ids=people, reason="hours", at=at)
        return len(rows)


def _refuse_unfit(
    *, verdict: str, reason: str, moved_to: date | None, entry_ids: Sequence[int], at: datetime
) -> None:
    if verdict not in Verdict.values:
        raise UnableToDecideHours(
            f"“{verdict}” is no decision; choose one of {', '.join(Verdict.values)}.", field="verdict"
        )
    if not reason.strip():
        raise UnableToDecideHours("Say why, in words the contractor may read.", field="reason")
    if (verdict == Verdict.REDATED) != (moved_to is not None):
        raise UnableToDecideHours(
            "Give the day they were worked, and only to move them there.", field="moved_to"
        )
    if moved_to is not None and moved_to > newest_day(at):
        raise UnableToDecideHours("Hours cannot be moved to a day that is still to come.", field="moved_to")
    if not entry_ids or len(entry_ids) > MOST_AT_ONCE:
        raise UnableToDecideHours(f"Choose from 1 to {MOST_AT_ONCE:,} entries.", field="entries")


def _rows_inside(pause: Pause, entry_ids: Sequence[int], *, at: datetime) -> list[PausedHours]:
    """The entries as they stand; all of them, or none is decided on."""
    wanted = set(entry_ids)
    rows = list(paused_hours(Pause.objects.filter(pk=pause.pk), as_of=newest_day(at), entries=sorted(wanted)))
    if missing := wanted - {row.entry_id for row in rows}:
        some = ", ".join(map(str, sorted(missing)[:5]))
        raise UnableToDecideHours(f"These entries do not lie inside the pause: {some}.", field="entries")
    return rows


def _entries_of(rows: Sequence[PausedHours], *, by: User | None) -> dict[int, HoursEntry]:
    ids = [row.entry_id for row in rows]
    entries = HoursEntry.objects.filter(pk__in=ids).select_related("engagement__project")
    if by is not None:
        projects = {entry.engagement.project for entry in entries}
        if not all(access.may_decide_hours(by, project) for project in projects):
            raise NotAllowed("You may decide on hours of projects you lead and clients you own only.")
    return {entry.pk: entry for entry in entries}


def _decide(
    pause: Pause,
    row: PausedHours,
    entry: HoursEntry,
    verdict: str,
    reason: str,
    moved_to: date | None,
    by: User | None,
    at: datetime,
) -> None:
    if verdict == Verdict.NOT_PAYABLE and row.finding is Finding.BEFORE_NOTICE:
        raise UnableToDecideHours(
            f"{row.contractor} worked on {row.dated_on} before the notice, so these hours stay payable.",
            field="verdict",
        )
    if moved_to is not None:
        _refuse_unfit_day(pause, row, entry, moved_to)
    day = moved_to or row.dated_on
    if entry.worked_on != day:
        began = entry.started_at and entry.started_at + (day - entry.worked_on)
        HoursEntry.objects.filter(pk=entry.pk).update(worked_on=day, started_at=began)
    HoursDecision.objects.update_or_create(
        entry=entry,
        defaults={
            "pause": pause, "finding": row.finding, "verdict": verdict, "dated_on": row.dated_on, "reason": reason,
            "decided_at": at, "decided_by": by,
        },
    )  # fmt: skip


def _refuse_unfit_day(pause: Pause, row: PausedHours, entry: HoursEntry, moved_to: date) -> None:
    """The day has to lie in the person's term and outside the pause itself."""
    term = entry.engagement
    if moved_to < term.starts_on or (term.ends_on is not None and moved_to >= term.ends_on):
        raise UnableToDecideHours(
            f"{row.contractor} was not engaged on {row.project} on {moved_to}.", field="moved_to"
        )
    zone = term.project.time_zone
    is_over = pause.ends_at is not None and moved_to >= local_day(pause.ends_at, zone)
    if moved_to > local_day(pause.starts_at, zone) and not is_over:
        raise UnableToDecideHours(f"{moved_to} lies inside the pause as well.", field="moved_to")
