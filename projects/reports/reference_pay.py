"""Reference pay: what the agreed policy says of the paused days, beside what is expected to be lost; two numbers."""

from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, F, Q, Sum

from projects.access import estimates_visible_to
from projects.models import LostIncomeEstimate
from projects.models.clients import PayPolicy
from projects.queries.estimates import latest_run_ids
from projects.reports.choices import CLIENTS, CURRENCIES, PAUSES, PROJECTS
from projects.reports.drafts import Ask, Draft
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Cell, Column, Kind, Total

BY: Final = Parameter(
    "by", "Parted by", Shape.ONE, "By project; or by person.",
    lambda: (("project", "Project"), ("contractor", "Contractor")), default="project",
)  # fmt: skip
PARAMETERS: Final = (BY, PAUSES, CLIENTS, PROJECTS, CURRENCIES)
_PERSON: Final = (
    Column("contractor", "Contractor"),
    Column("contractor_no", "No.", Kind.CODE, "The number of the contractor; names may be shared."),
)
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
    within = LostIncomeEstimate.objects.all() if ask.by is None else estimates_visible_to(ask.by)
    wanted = {
        "run__pause__in": ask.numbers("pause"),
        "engagement__project__client__code__in": ask.texts("client"),
        "engagement__project__code__in": ask.texts("project"),
        "currency__in": ask.texts("currency"),
    }
    within = within.filter(**{name: values for name, values in wanted.items() if values})
    is_by_person = ask.values["by"] == "contractor"
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
        within.filter(run__in=latest_run_ids(as_of=ask.as_of))
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
        keys=("client", "pause", "project", *(("contractor_no",) if is_by_person else ()), "currency"),
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
        Column("client", "Client", Kind.CODE),
        Column("pause", "Pause", Kind.CODE, "The number of the pause."),
        Column("project", "Project", Kind.CODE),
        *(_PERSON if is_by_person else ()),
        Column("currency", "Currency", Kind.CODE, "Nothing is added across currencies."),
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
