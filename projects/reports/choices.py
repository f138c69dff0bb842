"""The parameters that several reports share, with their allowed values read from the record."""

from collections.abc import Sequence
from typing import Final

from projects.models import Client, Contractor, Pause, Project, Rate
from projects.models.pauses import PauseState
from projects.queries.exchange_rates import currencies_with_rates
from projects.reports.parameters import Choice, Parameter, Shape


def client_choices() -> tuple[Choice, ...]:
    """Every client by its code."""
    return tuple(
        (code, f"{code} · {name}")
        for code, name in Client.objects.order_by("code").values_list("code", "name")
    )


def project_choices() -> tuple[Choice, ...]:
    """Every project by its code."""
    rows = Project.objects.order_by("code").values_list("code", "client__code")
    return tuple((code, f"{code} · {client}") for code, client in rows)


def pause_choices() -> tuple[Choice, ...]:
    """Every pause but drafts by its number, newest first."""
    rows = Pause.objects.exclude(state=PauseState.DRAFT).order_by("-pk")
    named = rows.select_related("project", "client").only(
        "starts_at", "chosen_codes", "project__code", "client__code"
    )
    return tuple(
        (str(row.pk), f"{row.pk} · {row.target_code} since {row.starts_at:%Y-%m-%d}") for row in named
    )


def country_choices() -> tuple[Choice, ...]:
    """Every country that contractors live in."""
    codes = Contractor.objects.order_by("country").values_list("country", flat=True).distinct()
    return tuple((code, code) for code in codes)


def currency_choices() -> tuple[Choice, ...]:
    """Every currency that somebody is paid in."""
    codes = Rate.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return tuple((code, code) for code in codes)


def exchange_choices() -> tuple[Choice, ...]:
    """Every currency of which there are rates, the European Central Bank's or uploaded ones."""
    return tuple((code, code) for code in currencies_with_rates())


def unknown_contractors(ids: Sequence[int]) -> Sequence[int]:
    """Those of the ids that no contractor has."""
    known = set(Contractor.objects.filter(pk__in=ids).values_list("pk", flat=True))
    return [pk for pk in ids if pk not in known]


CLIENTS: Final = Parameter("client", "Client", Shape.MANY, "Only these clients.", client_choices)
PROJECTS: Final = Parameter("project", "Project", Shape.MANY, "Only these projects.", project_choices)
PAUSES: Final = Parameter("pause", "Pause", Shape.MANY, "Only these pauses.", pause_choices)
COUNTRIES: Final = Parameter(
    "country", "Country", Shape.MANY, "Only people in these countries.", country_choices
)
CURRENCIES: Final = Parameter(
    "currency", "Currency", Shape.MANY, "Only amounts in these currencies.", currency_choices
)
CONTRACTORS: Final = Parameter(
    "contractor", "Contractor no.", Shape.IDS, "Only these people, by number.", unknown=unknown_contractors
)
IN_CURRENCY: Final = Parameter(
    "in", "Also in", Shape.ONE,
    "Adds the loss in this currency, at the last rate known on the day of the report.",
    exchange_choices,
)  # fmt: skip
