"""How much longer: what each open pause costs if it lasts 1 to 13 weeks more, and how likely past pauses make that."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet

from projects.access import estimates_visible_to, pauses_visible_to
from projects.impact.remaining import FEWEST_COMPLETED, ResumeChance
from projects.models import LostIncomeEstimate, Pause
from projects.models.pauses import PauseState
from projects.queries.register import end_of, pauses_known
from projects.queries.remaining import Remaining, remaining_of
from projects.reports.choices import CLIENTS, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.table import Cell, Column, Kind

PARAMETERS: Final = (CLIENTS, PROJECTS)
COLUMNS: Final = (
    Column("client", "Client", Kind.CODE),
    Column("pause", "Pause", Kind.CODE, "The number of the pause."),
    Column("project", "Project", Kind.CODE, "Empty where every project of the client is paused."),
    Column("weeks", "Weeks more", Kind.INTEGER, "If it lasts so many weeks from the day of the report."),
    Column("until", "Until", Kind.DATE, "The day work would go on."),
    Column("currency", "Currency", Kind.CODE, "Nothing is added across currencies."),
    Column("lost", "Lost by then", Kind.MONEY, "From the start of the pause.", currency="currency"),
    Column("low80", "Low", Kind.MONEY, "8 of 10 true figures lie above it and below “high”.", currency="currency"),
    Column("high80", "High", Kind.MONEY, "See “low”.", currency="currency"),
    Column("chance", "Over by then", Kind.PERCENT, "How many past pauses that lasted as long were over so soon after."),
    Column("chance_low", "At least", Kind.PERCENT, "Lower end of its 95 % range."),
    Column("chance_high", "At most", Kind.PERCENT, "Upper end of its 95 % range."),
)  # fmt: skip
_METHOD: Final = (
    "Every pause that is open on the day. The loss goes on from the latest estimate: its own weeks first, then at the "
    "pace of its last four. Chances are a Kaplan-Meier curve of past pauses of the same reason and client, else of the "
    f"same reason, else of all, from {FEWEST_COMPLETED} that are over on; before that the lengths are scenarios, no "
    "forecast."
)


def build(ask: Ask) -> Draft:
    """Reckon the open pauses of the clients and projects asked for."""
    at = min(datetime.combine(ask.as_of, time(23, 59), UTC), ask.at)
    clients, projects = ask.texts("client"), ask.texts("project")
    found = [
        (pause, remaining_of(pause, at=at, within=_estimates(ask)))
        for pause in _open_pauses(ask)
        if (not clients or _codes(pause)[0] in clients) and (not projects or _codes(pause)[1] in projects)
    ]
    rows = [row for pause, one in found for row in _rows(pause, one)]
    return Draft(
        columns=COLUMNS,
        rows=tuple(rows),
        keys=("pause", "weeks", "currency"),
        method=_METHOD,
        groups=("client",),
        notes=tuple(_notes(found)),
        inputs=tuple(map(repr, rows)),
    )


def _open_pauses(ask: Ask) -> list[Pause]:
    """Pauses that had begun, and were not over at the end of the day."""
    within = pauses_visible_to(ask.by) if ask.by is not None else Pause.objects.all()
    end = end_of(ask.as_of)
    known = pauses_known(within, as_of=ask.as_of).exclude(state=PauseState.VOID)
    rows = known.filter(starts_at__lt=end).exclude(ends_at__lte=end)
    return list(rows.select_related("project__client", "client").order_by("pk"))


def _estimates(ask: Ask) -> QuerySet[LostIncomeEstimate]:
    return LostIncomeEstimate.objects.all() if ask.by is None else estimates_visible_to(ask.by)


def _codes(pause: Pause) -> tuple[str, str]:
    """Codes of the client and the project."""
    if pause.project is not None:
        return pause.project.client.code, pause.project.code
    return (pause.client.code if pause.client else ""), ""


def _rows(pause: Pause, found: Remaining) -> Iterable[tuple[Cell, ...]]:
    client, project = _codes(pause)
    for one in found.scenarios:
        chance = found.chance_within(one.weeks)
        yield (
            client, str(pause.pk), project, one.weeks, one.ends_on, one.currency, one.lost.central, one.lost.low80,
            one.lost.high80, *_shares(chance),
        )  # fmt: skip


def _shares(chance: ResumeChance | None) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    if chance is None:
        return None, None, None
    first, low, high = (
        Decimal(value).quantize(Decimal("0.0001")) for value in (chance.chance, chance.low, chance.high)
    )
    return first, low, high


def _notes(found: Iterable[tuple[Pause, Remaining]]) -> Iterable[str]:
    for pause, one in found:
        if not one.chances:
            yield (
                f"Pause {pause.pk}: {one.completed} past pauses are over, chances need {FEWEST_COMPLETED}; "
                "its lengths are scenarios."
            )
            continue
        chance = one.chances[0]
        checked = (
            "too few to check it"
            if chance.honesty is None
            else f"it missed by up to {chance.honesty:.0%} there"
        )
        yield (
            f"Pause {pause.pk}: chances rest on {chance.completed} past pauses of the {_SCOPES[chance.scope]}; judged "
            f"on the newer half by the older half, {checked}."
        )


_SCOPES: Final = {"reason and client": "same reason and client", "reason": "same reason", "all": "whole firm"}
