"""How much longer a pause may last, in words: what it then costs, and how long past pauses like it lasted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects.domain.money import format_money
from projects.impact.remaining import FEWEST_COMPLETED, SCENARIO_WEEKS, ResumeChance
from projects.models import Pause
from projects.queries.remaining import Remaining, chances_from_the_start, remaining_of


@dataclass(frozen=True, slots=True)
class LengthRow:
    """So many weeks more: until when, what is lost by then in each currency, and how likely it is over by then."""

    weeks: str
    until: date | None
    lost: tuple[tuple[str, str], ...]
    chance: str
    chance_range: str


@dataclass(frozen=True, slots=True)
class Lengths:
    """The rows and what the chances rest on; without rows there is nothing to show yet."""

    rows: tuple[LengthRow, ...]
    has_chances: bool
    basis: str


def lengths_of(pause: Pause, *, at: datetime) -> Lengths:
    """What an open pause costs if it lasts 1 to 13 weeks more, and the chance that it is over by then."""
    found = remaining_of(pause, at=at)
    rows = tuple(row for weeks in SCENARIO_WEEKS if (row := _row(weeks, found)) is not None)
    return Lengths(rows, bool(found.chances), _basis(found.chances, found.completed))


def usual_lengths(draft: Pause, *, at: datetime) -> Lengths:
    """How long past pauses like this draft lasted; no rows before enough of them are over."""
    chances, completed = chances_from_the_start(draft, at=at)
    rows = tuple(
        LengthRow(_weeks(chance.weeks), None, (), _share(chance.chance), _between(chance))
        for chance in chances
    )
    return Lengths(rows, bool(chances), _basis(chances, completed))


def _row(weeks: int, found: Remaining) -> LengthRow | None:
    own = [one for one in found.scenarios if one.weeks == weeks]
    if not own:
        return None
    chance = found.chance_within(weeks)
    lost = tuple(
        (
            format_money(one.lost.central, one.currency),
            f"{format_money(one.lost.low80, one.currency)} – {format_money(one.lost.high80, one.currency)}",
        )
        for one in own
    )
    shown = (_share(chance.chance), _between(chance)) if chance is not None else ("", "")
    return LengthRow(_weeks(weeks), max(one.ends_on for one in own), lost, *shown)


def _basis(chances: Iterable[ResumeChance], completed: int) -> str:
    """What the chances rest on and how they have stood the test, or why there are none."""
    first = next(iter(chances), None)
    if first is None:
        words = ngettext(
            "%(n)s pause is over so far; from %(least)s on this says how likely each length is. Until then they are "
            "what-ifs, no forecast.",
            "%(n)s pauses are over so far; from %(least)s on this says how likely each length is. Until then they are "
            "what-ifs, no forecast.",
            completed,
        )
        return words % {"n": completed, "least": FEWEST_COMPLETED}
    scopes = {
        "reason and client": _("%(n)s past pauses of the same reason and client"),
        "reason": _("%(n)s past pauses of the same reason"),
        "all": _("%(n)s past pauses, whatever their reason"),
    }
    whose = scopes[first.scope] % {"n": first.completed}
    if first.honesty is None:
        return _("From %(whose)s; too few to check against newer ones.") % {"whose": whose}
    return _(
        "From %(whose)s. Checked on their newer half with what the older half says, it was off by up to %(gap)s."
    ) % {"whose": whose, "gap": _share(first.honesty)}


def _weeks(weeks: int) -> str:
    return ngettext("%(n)s week", "%(n)s weeks", weeks) % {"n": weeks}


def _share(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def _between(chance: ResumeChance) -> str:
    return f"{_share(chance.low)} – {_share(chance.high)}"
