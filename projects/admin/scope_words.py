"""New terms in words: what each person had, what they would get, and how far that lies from minimum pay."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.admin.words import hours_words, rate_sentence
from projects.domain.money import format_money
from projects.domain.periods import local_day
from projects.models import Project
from projects.operations.scope import ScopeTerms
from projects.queries.scope_terms import NewTerms, Outcome, PersonTerms, outcome_of

SHOWN = 100


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person's terms as the page shows them."""

    name: str
    country: str
    old: str
    new: str
    hours: str
    change: str
    minimum: str
    is_below: bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """What new terms mean: the sums, and the people whom they hit hardest first."""

    outcome: Outcome
    lines: tuple[PersonLine, ...]
    sums: tuple[str, ...]


def meaning_of(project: Project, terms: ScopeTerms) -> Meaning:
    """What the terms that were typed mean on a project, in words."""
    outcome = outcome_of(
        project,
        NewTerms(
            effective_on=terms.effective_on or local_day(timezone.now(), project.time_zone),
            weekly_seconds=terms.new_weekly_seconds,
            rate_millionths=terms.new_rate_millionths,
            currency=terms.new_rate_currency,
            ends_on=terms.new_end_on,
        ),
    )
    return Meaning(
        outcome=outcome,
        lines=tuple(_line(person) for person in outcome.people[:SHOWN]),
        sums=tuple(format_money(minor, currency) for currency, minor in outcome.weekly_change if minor),
    )


def _line(person: PersonTerms) -> PersonLine:
    is_same = (person.old_millionths, person.currency) == (person.new_millionths, person.new_currency)
    return PersonLine(
        name=person.name,
        country=person.country,
        old=rate_sentence(person.old_millionths, person.currency, person.basis),
        new=_("as before")
        if is_same
        else rate_sentence(person.new_millionths, person.new_currency, person.basis),
        hours=hours_words(person.old_seconds)
        if person.old_seconds == person.new_seconds
        else f"{hours_words(person.old_seconds)} → {hours_words(person.new_seconds)}",
        change="–"
        if person.weekly_change_minor is None
        else format_money(person.weekly_change_minor, person.currency),
        minimum=_minimum(person),
        is_below=bool(person.is_below),
    )


def _minimum(person: PersonTerms) -> str:
    if person.minimum is None:
        return _("none on record")
    least = rate_sentence(person.minimum.amount_millionths, person.minimum.currency, "hour")
    if person.is_below is None:
        return _("%(least)s; cannot be compared") % {"least": least}
    return (_("below %(least)s") if person.is_below else _("at least %(least)s")) % {"least": least}
