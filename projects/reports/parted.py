"""What the reports of estimates by project or by person share: their parameters, their rows' names, whose they are."""

from typing import Final

from django.db.models import QuerySet

from projects.access import estimates_visible_to
from projects.models import LostIncomeEstimate
from projects.reports.choices import CLIENTS, CURRENCIES, PAUSES, PROJECTS
from projects.reports.drafts import Ask
from projects.reports.parameters import Parameter, Shape
from projects.reports.table import Column, Kind

BY: Final = Parameter(
    "by", "Parted by", Shape.ONE, "By project; or by person.",
    lambda: (("project", "Project"), ("contractor", "Contractor")), default="project",
)  # fmt: skip
PARAMETERS: Final = (BY, PAUSES, CLIENTS, PROJECTS, CURRENCIES)
_PERSON: Final = (
    Column("contractor", "Contractor"),
    Column("contractor_no", "No.", Kind.CODE, "The number of the contractor; names may be shared."),
)


def estimates_asked(ask: Ask) -> QuerySet[LostIncomeEstimate]:
    """The estimates of the pauses, clients, projects and currencies asked for, of those the asker may see."""
    within = LostIncomeEstimate.objects.all() if ask.by is None else estimates_visible_to(ask.by)
    wanted = {
        "run__pause__in": ask.numbers("pause"),
        "engagement__project__client__code__in": ask.texts("client"),
        "engagement__project__code__in": ask.texts("project"),
        "currency__in": ask.texts("currency"),
    }
    return within.filter(**{name: values for name, values in wanted.items() if values})


def is_parted_by_person(ask: Ask) -> bool:
    """Whether each row is one person's."""
    return bool(ask.values["by"] == "contractor")


def naming_columns(*, is_by_person: bool) -> tuple[Column, ...]:
    """The columns that say whose the figures of a row are."""
    return (
        Column("client", "Client", Kind.CODE),
        Column("pause", "Pause", Kind.CODE, "The number of the pause."),
        Column("project", "Project", Kind.CODE),
        *(_PERSON if is_by_person else ()),
        Column("currency", "Currency", Kind.CODE, "Nothing is added across currencies."),
    )


def keys(*, is_by_person: bool) -> tuple[str, ...]:
    """The columns that tell a row from the others."""
    return ("client", "pause", "project", *(("contractor_no",) if is_by_person else ()), "currency")
