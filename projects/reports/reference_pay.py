"""Reference pay: what the agreed policy says of the paused days, beside what is expected to be lost; two numbers."""

from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, F, Q, Sum

from projects.models.clients import PayPolicy
from projects.queries.estimates import latest_run_ids
from projects.reports.drafts import Ask, Draft
from projects.reports.parted import estimates_asked, is_parted_by_person, keys, naming_columns
from projects.reports.table import Cell, Column, Kind, Total

_METHOD: Final = (
    "Expected is a prediction: what people would most likely have earned without the pause. Reference pay is a rule: "
    "what the policy agreed with the client says of the same days, from pay before the pause. They are two numbers, "
    "and neither is taken from the other; policies that skip weeks without pay lie above what is expected.\n\n"
    "Each latest estimate keeps the policy it was made under, with its share and limit. Guaranteed is that share, at "
    "most the limit, which counts for pay in its own currency alone. Leave and earlier pauses are left out of the "
    "look-back on both sides. A day counts where the pause covers half of it or more; in a reduced pause the share "
    "that stops counts. Where a policy does not fit a rate, or nothing lies before the pause, there is no figure: "
    "such people are counted as “not covered” and their expected pay stands in a column of its own."
)


def build(ask: Ask) -> Draft:
    """List expected and reference pay of the pauses, clients, projects and currencies asked for."""
    is_by_person = is_parted_by_person(ask)
    fields: dict[str, Any] = {
        "client": F("engagement__project__client__code"),
        "pause": F("run__pause_id"),
        "project": F("engagement__project__code"),
    }
    if is_by_person:
        fields |= {"contractor": F("engagement__contractor__name"), "number": F("engagement__contractor_id")}
    terms = ("run__policy", "run__guaranteed_share_bp", "currency")
    covered = Q(reference_minor__isnull=False)
    found = (
        estimates_asked(ask)
        .filter(run__in=latest_run_ids(as_of=ask.as_of))
        .order_by()
        .values(*terms, **fields)
        .annotate(
            people=Count("engagement__contractor", distinct=True),
            without=Count("engagement__contractor", distinct=True, filter=~covered),
            expected=Sum("expected_minor", filter=covered, default=0),
            uncovered=Sum("expected_minor", filter=~covered, default=0),
            reference=Sum("reference_minor", default=0),
            guaranteed=Sum("guaranteed_minor", default=0),
        )
        .order_by(*fields, *terms)
    )
    rows = tuple(_row(row, is_by_person=is_by_person) for row in found)
    return Draft(
        columns=_columns(is_by_person=is_by_person),
        rows=rows,
        keys=keys(is_by_person=is_by_person),
        method=_METHOD,
        groups=("client",),
        inputs=tuple(map(repr, rows)),
    )


def _row(row: dict[str, Any], *, is_by_person: bool) -> tuple[Cell, ...]:
    policy = row["run__policy"]
    return (
        row["client"], str(row["pause"]), row["project"],
        *((row["contractor"], str(row["number"])) if is_by_person else ()),
        row["currency"], str(PayPolicy(policy).label) if policy in PayPolicy.values else "–",
        Decimal(row["run__guaranteed_share_bp"]) / 10_000, row["people"], row["without"], int(row["expected"]),
        int(row["reference"]), int(row["reference"]) - int(row["expected"]), int(row["guaranteed"]),
        int(row["uncovered"]),
    )  # fmt: skip


def _columns(*, is_by_person: bool) -> tuple[Column, ...]:
    return (
        *naming_columns(is_by_person=is_by_person),
        Column("policy", "Policy", help="The one agreed with the client when the estimate was made."),
        Column("share", "Guaranteed share", Kind.PERCENT),
        Column("people", "People", Kind.INTEGER, "People in this row, each once."),
        Column("without", "Not covered", Kind.INTEGER, "People the policy has no figure for."),
        Column(
            "expected", "Expected", Kind.MONEY, "Of those covered: the prediction.", Total.SUM, "currency"
        ),
        Column(
            "reference", "Reference pay", Kind.MONEY, "Of the same people: the rule.", Total.SUM, "currency"
        ),
        Column("difference", "Difference", Kind.MONEY, "Reference pay less expected.", Total.SUM, "currency"),
        Column(
            "guaranteed", "Guaranteed", Kind.MONEY, "The share, at most the limit.", Total.SUM, "currency"
        ),
        Column(
            "uncovered",
            "Expected, not covered",
            Kind.MONEY,
            "Of the people not covered.",
            Total.SUM,
            "currency",
        ),
    )
