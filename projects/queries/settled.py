"""What was first said of the pauses that are over against what they came to, reckoned for all of them at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from projects.models import LostIncomeEstimate, Pause
from projects.models.pauses import PauseState
from projects.queries.estimates import done_runs
from projects.queries.register import end_of


@dataclass(frozen=True, slots=True)
class Settled:
    """One project of one pause in one currency, estimates that were made both times only; minor units.

    `within80` and `within95` count the estimates whose settled loss lay inside the range that was said first.
    """

    pause: int
    client: str
    project: str
    first_as_of: date
    last_as_of: date
    currency: str
    estimates: int
    first_minor: int
    settled_minor: int
    within80: int
    within95: int


def settled_losses(within: QuerySet[LostIncomeEstimate], *, as_of: date) -> Iterator[Settled]:
    """First estimates made before a pause was closed, held against its latest one as of the day; one query."""
    ended = Pause.objects.filter(state=PauseState.ENDED, closed_at__lt=end_of(as_of)).annotate(
        first_run=_run(asked_at__lt=OuterRef("closed_at"), newest=False, as_of=as_of),
        last_run=_run(asked_at__gte=OuterRef("closed_at"), newest=True, as_of=as_of),
    )
    ended = ended.filter(first_run__isnull=False, last_run__isnull=False)
    later = ended.filter(pk=OuterRef("run__pause")).values("last_run")[:1]
    settled = LostIncomeEstimate.objects.filter(
        run=OuterRef("last_run"), engagement=OuterRef("engagement"), currency=OuterRef("currency")
    )
    rows = within.filter(run__in=ended.values("first_run")).annotate(last_run=Subquery(later))
    rows = rows.annotate(
        settled=Subquery(settled.values("lost_minor")[:1], output_field=BigIntegerField()),
        last_as_of=Subquery(done_runs().filter(pk=OuterRef("last_run")).values("as_of")[:1]),
    )
    counted = (
        rows.filter(settled__isnull=False)
        .order_by()
        .values(
            "run__pause_id",
            "currency",
            "last_as_of",
            client=F("engagement__project__client__code"),
            project=F("engagement__project__code"),
            first_as_of=F("run__as_of"),
        )
        .annotate(
            estimates=Count("pk"),
            first_sum=Sum("lost_minor"),
            settled_sum=Sum("settled"),
            within80=Count("pk", filter=Q(low80_minor__lte=F("settled"), high80_minor__gte=F("settled"))),
            within95=Count("pk", filter=Q(low95_minor__lte=F("settled"), high95_minor__gte=F("settled"))),
        )
    )
    for row in counted.order_by("run__pause_id", "project", "currency"):
        yield Settled(
            pause=row["run__pause_id"],
            client=row["client"],
            project=row["project"],
            first_as_of=row["first_as_of"],
            last_as_of=row["last_as_of"],
            currency=row["currency"],
            estimates=row["estimates"],
            first_minor=int(row["first_sum"]),
            settled_minor=int(row["settled_sum"]),
            within80=row["within80"],
            within95=row["within95"],
        )


def _run(*, newest: bool, as_of: date, **asked: Any) -> Subquery:
    order = ("-as_of", "-asked_at", "-pk") if newest else ("asked_at", "pk")
    runs = done_runs(as_of=as_of).filter(pause=OuterRef("pk"), **asked).order_by(*order)
    return Subquery(runs.values("pk")[:1])
