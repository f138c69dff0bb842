"""How well promised words were kept: by client, and by who leads, over the last ninety days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import F, QuerySet

from projects.models import Pause, PauseUpdate
from projects.models.pauses import PauseState

SINCE = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class KeptRate:
    """Promises of a client, or of somebody who gave them, that came due: how many, and how many were kept in time."""

    kind: Literal["client", "lead"]
    name: str
    due: int
    kept: int

    @property
    def percent(self) -> int:
        """The share that was kept, in whole percent."""
        return round(100 * self.kept / self.due)


def kept_rates(within: QuerySet[Pause], *, at: datetime) -> tuple[KeptRate, ...]:
    """Kept-rates over the promises that came due in the last ninety days, clients first; two queries.

    A promise belongs to whoever opened the pause; one that is overdue and still unspoken is due and not kept.
    """
    told = PauseUpdate.objects.filter(
        pause__in=within.values("pk"), promised_by__gt=at - SINCE, promised_by__lte=at
    ).exclude(pause__state=PauseState.VOID)
    said = told.order_by().values_list(*_names("pause__"), "promised_by", "at")
    late = within.filter(state=PauseState.IN_EFFECT, next_update_by__lte=at, next_update_by__gt=at - SINCE)
    unsaid = late.order_by().values_list(*_names(""), "next_update_by", F("next_update_by"))
    rows = [(*row, False) for row in said] + [(*row, True) for row in unsaid]
    return (
        *_rates("client", ((row[0] or row[1], row) for row in rows)),
        *_rates("lead", ((row[2] or row[3], row) for row in rows)),
    )


def _names(path: str) -> tuple[str, ...]:
    return (
        f"{path}client__code",
        f"{path}project__client__code",
        f"{path}opened_by__name",
        f"{path}opened_by__email",
    )


def _rates(
    kind: Literal["client", "lead"], pairs: Iterable[tuple[str | None, tuple[object, ...]]]
) -> Iterable[KeptRate]:
    due: dict[str, int] = defaultdict(int)
    kept: dict[str, int] = defaultdict(int)
    for name, (*_who, promised, said, is_unsaid) in pairs:
        due[name or "–"] += 1
        kept[name or "–"] += not is_unsaid and said <= promised  # type: ignore[operator]
    return [KeptRate(kind, name, due[name], kept[name]) for name in sorted(due)]
