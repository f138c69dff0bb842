"""What came in during the pause: paid work on the paused engagement, extra work elsewhere, standby pay."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

import numpy as np

from projects.impact.context import FirmContext
from projects.impact.expected import daily_factor, weekly_hours
from projects.impact.inputs import FULL_BP, EarnedEntry, EngagementInputs, PauseSpan, PersonInputs
from projects.impact.pay import OFFICE_PATTERN, UNIT, Terms, pay_of_entry, pay_of_seconds
from projects.impact.stretches import Stretch
from projects.impact.usual import Usual
from projects.impact.weeks import Part
from projects.impact.workdays import Covered

HOUR = 3600.0


def is_payable(entry: EarnedEntry, covered: Covered, zone: ZoneInfo) -> bool:
    """Work stays payable in a reduced pause, and in a full one until the notice was sent (that whole local
    day where the hour of the work is not known); a lead's decision comes first."""
    if entry.is_payable is not None:
        return entry.is_payable
    pause: PauseSpan = covered.pause
    if pause.kind == "reduced" or pause.notice_sent_at is None:
        return True
    if entry.ended_at is not None:
        return entry.ended_at <= pause.notice_sent_at
    return entry.day <= pause.notice_sent_at.astimezone(zone).date()


def paused_share(entry: EarnedEntry, covered: Covered, whole_seconds: float) -> float:
    """Part of a day's work that belongs to its paused hours: on a day paused in part, only what exceeds the
    hours expected outside the pause."""
    if covered.share >= 1 or entry.seconds <= 0 or entry.is_payable is not None:
        return 1.0
    if entry.ended_at is not None and entry.ended_at <= covered.pause.starts_at:
        return 0.0
    return max(0.0, entry.seconds - (1 - covered.share) * whole_seconds) / entry.seconds


def sheets_through(person: PersonInputs, engagement: EngagementInputs) -> int:
    """Last day (ordinal) whose work is known: handed in, and before the day of the estimate."""
    known = person.as_of.toordinal() - 1
    return (
        known
        if engagement.last_submitted_on is None
        else min(known, engagement.last_submitted_on.toordinal())
    )


def extra_work(
    person: PersonInputs, stretch: Stretch, parts: tuple[Part, ...], usual: Usual, context: FirmContext
) -> dict[tuple[int, str], int]:
    """Grains by (day, currency) that the person earned on un-paused engagements beyond what was expected
    there.

    Only days on which some engagement is paused and whose sheets are in. The extra is taken over the whole
    stretch, so that an ordinary busy week is not called redeployment; where less than expected was worked
    it is 0. On work taken up because of the pause the hours agreed stand in for sheets that are not in yet.
    """
    out: dict[tuple[int, str], int] = defaultdict(int)
    elsewhere = [
        (place, engagement)
        for place, engagement in enumerate(person.engagements)
        if (engagement.earned or engagement.agreed_weekly_seconds)
        and engagement.rates
        and not stretch.covered[place]
    ]
    if not elsewhere:
        return out
    paused = sorted({day for days in stretch.covered for day in days})
    for place, engagement in elsewhere:
        terms = Terms(engagement.rates)
        through = sheets_through(person, engagement)
        known = [day for day in paused if day <= through]
        inside = set(known)
        done: dict[tuple[int, str], int] = defaultdict(int)
        worked = [entry for entry in engagement.earned if entry.day.toordinal() in inside]
        for entry in [*worked, *_agreed(engagement, terms, [day for day in paused if day > through])]:
            grains, currency = pay_of_entry(terms.on(entry.day.toordinal()), entry, parts[place].pace)
            done[entry.day.toordinal(), currency] += grains
        due = _expected_there(person, engagement, parts[place], stretch, usual, context, known, terms)
        total = sum(done.values())
        extra = max(0, total - due)
        for key, grains in done.items():
            out[key] += extra * grains // total if total else 0
    return out


def _agreed(engagement: EngagementInputs, terms: Terms, days: Sequence[int]) -> Iterator[EarnedEntry]:
    """The hours accepted for these days, by the agreed weekday pattern or from Monday to Friday."""
    last = engagement.ends_on.toordinal() if engagement.ends_on else None
    for day in days if engagement.agreed_weekly_seconds else ():
        if day >= engagement.starts_on.toordinal() and (last is None or day < last):
            agreed = terms.on(day).weekday_seconds
            pattern = agreed if agreed and sum(agreed) else OFFICE_PATTERN
            seconds = engagement.agreed_weekly_seconds * pattern[(day + 6) % 7] // sum(pattern)
            yield EarnedEntry(date.fromordinal(day), seconds)


def _expected_there(
    person: PersonInputs,
    engagement: EngagementInputs,
    part: Part,
    stretch: Stretch,
    usual: Usual,
    context: FirmContext,
    days: list[int],
    terms: Terms,
) -> int:
    """Grains expected of an un-paused engagement; nothing of one begun because of the pause."""
    if engagement.is_redeployment or engagement.starts_on.toordinal() >= stretch.origin or not days:
        return 0
    ordinals = np.asarray(days, dtype=np.int64)
    usually = weekly_hours(usual, part) * part.profile[(ordinals + 6) % 7]
    seconds = np.rint(usually * daily_factor(person, context, usual, stretch.origin, ordinals) * HOUR)
    return sum(
        pay_of_seconds(terms.on(day), int(worked), part.pace)
        for day, worked in zip(days, seconds, strict=True)
        if engagement.ends_on is None or day < engagement.ends_on.toordinal()
    )


def standby_share(covered: Covered, expected: int) -> int:
    """Standby pay of one day in grains that is a share of what is lost of the expected pay."""
    lost = expected - round(expected * covered.remaining)
    return lost * covered.pause.standby.share_bp // FULL_BP


def standby_a_day(covered: Covered, expected: int, count: int) -> int:
    """The daily amount in grains of its own currency, for a day on which work was expected while `count` (days of
    this pause paid so far) is under the limit; of a day paused in part, that part."""
    terms = covered.pause.standby
    if expected <= 0 or (terms.max_days is not None and count >= terms.max_days):
        return 0
    return round(terms.daily_minor * UNIT * covered.share)
