"""Writes the rows of a roster through the operations of people and work, and keeps what each of them changed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from projects.domain.errors import DomainError, UnableToEngage, UnableToImport
from projects.domain.money import decimal_to_rate
from projects.imports.rows import RosterRow
from projects.models import Contractor, Engagement, Project, Rate, User
from projects.operations.people import ContractorFacts, change_contractor, make_contractor
from projects.operations.work import RateFacts, change_rate, end_engagement, engage

SECONDS_AN_HOUR = 3_600


@dataclass(frozen=True, slots=True)
class Change:
    """One difference to what was there: who or what, before and after in words, and how to take it back."""

    line: int
    who: str
    project: str
    kind: str
    before: str
    after: str
    undo: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Without the way back."""
        told = asdict(self)
        del told["undo"]
        return told


class RosterWriter:
    """Takes in row after row; what stands already is looked up some thousand rows at a time."""

    def __init__(self, *, by: User | None, at: datetime, keep: Callable[[Change], object]) -> None:
        """`keep` is given every change."""
        self.by, self.at, self._keep = by, at, keep
        self._projects = {row.code: row for row in Project.objects.select_related("client")}
        self._people: dict[str, Contractor] = {}
        self._terms: dict[tuple[int, int], list[Engagement]] = {}
        self._rates: dict[int, dict[date, Rate]] = {}
        self._pending: list[Change] = []

    def learn(self, rows: Sequence[RosterRow]) -> None:
        """Look up what stands of the people of these rows; at most four queries."""
        emails, ids = {row.email for row in rows}, {row.external_id for row in rows if row.external_id}
        found = {one.email: one for one in Contractor.objects.filter(email__in=emails)}
        by_id = _only_by_id(ids)
        for row in rows:
            # Somebody known by their id alone has a new address.
            person = found.get(row.email) or by_id.get(row.external_id)
            if person is not None:
                self._people[row.email] = person
        self._learn_terms([person.pk for person in self._people.values()])

    def is_known(self, row: RosterRow) -> bool:
        """Whether the row says nothing new, so that nothing has to be written."""
        person = self._people.get(row.email)
        if person is None or _facts(row, person) != _facts_of(person):
            return False
        if not row.project or row.starts_on is None:
            return True
        term = self._term(person, row)
        if term is None or (row.ends_on and row.ends_on != term.ends_on):
            return False
        facts = _rate_facts(row)
        return facts is None or self._has_rate(term, facts)

    def take_in(self, row: RosterRow) -> int:
        """One row, whole; the key of its contractor. Raises DomainError, after which `forget` has to be called."""
        self._pending = []
        person = self._contractor(row)
        if row.project and row.starts_on:
            self._rate(row, self._engagement(row, person))
        for change in self._pending:
            self._keep(change)
        return int(person.pk)

    def forget(self, row: RosterRow) -> None:
        """Look this row's person up again: what was written of the row has been taken back."""
        person = self._people.pop(row.email, None)
        if person is not None:
            for key in [key for key in self._terms if key[0] == person.pk]:
                del self._terms[key]
        self.learn([row])

    def let_go(self, rows: Sequence[RosterRow], *, bad_lines: bool, on: date) -> set[int]:
        """End the terms of whoever is not in the roster, on the projects it names; the contractors it concerns.

        Raises UnableToImport where a row was refused: its person must not be taken for a leaver.
        """
        if bad_lines:
            raise UnableToImport(
                "Nobody can be let go while a row of the roster is refused: put it right first."
            )
        codes = {row.project.upper() for row in rows if row.project}
        stay = {(row.email, row.project.upper()) for row in rows}
        terms = Engagement.objects.filter(project__code__in=codes).active_on(on).filter(starts_on__lt=on)
        gone: set[int] = set()
        for term in terms.select_related("contractor", "project").order_by(
            "project__code", "contractor__email"
        ):
            who, code = term.contractor.email, term.project.code
            if (who, code) in stay or term.ends_on == on:
                continue
            before = term.ends_on
            end_engagement(engagement=term, ends_on=on, by=self.by, at=self.at)
            undo = {"ended": term.pk, "before": _iso(before), "after": _iso(on)}
            self._keep(Change(0, who, code, "leaver", f"until {before or 'open'}", f"until {on}", undo))
            gone.add(term.contractor_id)
        return gone

    def _contractor(self, row: RosterRow) -> Contractor:
        standing = self._people.get(row.email)
        if standing is None:
            made = make_contractor(facts=_facts(row, None), by=self.by, at=self.at)
            self._people[row.email] = made
            self._change(row, "contractor_added", "", made.name, {"made": "contractor", "pk": made.pk})
            return made
        before, after = _facts_of(standing), _facts(row, standing)
        if before == after:
            return standing
        changed = change_contractor(contractor=standing, facts=after, by=self.by, at=self.at)
        self._people[row.email] = changed
        names = [name for name, value in asdict(after).items() if getattr(before, name) != value]
        undo = {"changed": changed.pk, "before": asdict(before), "after": asdict(after)}
        self._change(row, "contractor_changed", _said(before, names), _said(after, names), undo)
        return changed

    def _engagement(self, row: RosterRow, person: Contractor) -> Engagement:
        project = self._projects.get(row.project.upper())
        if project is None or row.starts_on is None:
            raise DomainError(f"There is no project {row.project}.", field="project")
        standing = self._term(person, row)
        if standing is None:
            made = engage(
                contractor=person,
                project=project,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                rate=None,
                by=self.by,
                at=self.at,
            )
            self._terms.setdefault((person.pk, project.pk), []).append(made)
            span = f"from {row.starts_on} until {row.ends_on or 'open'}"
            self._change(row, "engagement_added", "", span, {"made": "engagement", "pk": made.pk})
            return made
        if row.ends_on and row.ends_on != standing.ends_on:
            self._move_end(row, person, standing, row.ends_on)
        return standing

    def _move_end(self, row: RosterRow, person: Contractor, standing: Engagement, ends_on: date) -> None:
        before = standing.ends_on
        terms = Engagement.objects.filter(contractor=person, project=standing.project_id).exclude(
            pk=standing.pk
        )
        later = terms.overlapping(standing.starts_on, ends_on).first()
        if later is not None:
            raise UnableToEngage(
                f"{person.name} on {row.project} from {standing.starts_on} until {ends_on} would overlap their term "
                f"from {later.starts_on} until {later.ends_on or 'open'}.",
                field="ends_on",
            )
        end_engagement(engagement=standing, ends_on=ends_on, by=self.by, at=self.at)
        undo = {"ended": standing.pk, "before": _iso(before), "after": _iso(ends_on)}
        self._change(row, "engagement_changed", f"until {before or 'open'}", f"until {ends_on}", undo)

    def _rate(self, row: RosterRow, engagement: Engagement) -> None:
        facts = _rate_facts(row)
        if facts is None or self._has_rate(engagement, facts):
            return
        rate = change_rate(engagement=engagement, rate=facts, by=self.by, at=self.at)
        self._rates.setdefault(engagement.pk, {})[facts.starts_on] = rate
        said = f"{row.rate_amount} {row.currency} per {facts.basis} from {facts.starts_on}"
        self._change(row, "rate_added", "", said, {"made": "rate", "pk": rate.pk})

    def _has_rate(self, engagement: Engagement, facts: RateFacts) -> bool:
        standing = self._rates.get(engagement.pk, {}).get(facts.starts_on)
        return standing is not None and all(
            value is None or getattr(standing, name) == value for name, value in asdict(facts).items()
        )

    def _term(self, person: Contractor, row: RosterRow) -> Engagement | None:
        project = self._projects.get(row.project.upper())
        terms = self._terms.get((person.pk, project.pk), ()) if project is not None else ()
        return next((term for term in terms if term.starts_on == row.starts_on), None)

    def _learn_terms(self, people: Collection[int]) -> None:
        terms = list(Engagement.objects.filter(contractor__in=people).order_by("starts_on"))
        found: dict[tuple[int, int], list[Engagement]] = {}
        for term in terms:
            found.setdefault((term.contractor_id, term.project_id), []).append(term)
        self._terms |= found
        for rate in Rate.objects.filter(engagement__in=terms):
            self._rates.setdefault(rate.engagement_id, {})[rate.starts_on] = rate

    def _change(self, row: RosterRow, kind: str, before: str, after: str, undo: dict[str, Any]) -> None:
        self._pending.append(Change(row.line, row.email, row.project.upper(), kind, before, after, undo))


def _only_by_id(ids: Collection[str]) -> dict[str, Contractor]:
    held: dict[str, list[Contractor]] = {}
    for person in Contractor.objects.filter(external_id__in=ids):
        held.setdefault(person.external_id, []).append(person)
    return {external_id: people[0] for external_id, people in held.items() if len(people) == 1}


def _facts(row: RosterRow, standing: Contractor | None) -> ContractorFacts:
    """What the row says of a person; where it says nothing, what stands."""
    base = (
        _facts_of(standing) if standing is not None else ContractorFacts(email=row.email, name="", country="")
    )
    names = ("name", "country", "region", "locale", "time_zone", "slack_user_id", "external_id")
    said = {name: getattr(row, name) for name in names if getattr(row, name)}
    for name in ("country", "region"):
        if name in said:
            said[name] = said[name].upper()
    return replace(base, **said, email=row.email)


def _facts_of(person: Contractor) -> ContractorFacts:
    return ContractorFacts(
        email=person.email,
        name=person.name,
        country=person.country,
        region=person.region,
        locale=person.locale,
        time_zone=person.time_zone,
        slack_user_id=person.slack_user_id,
        external_id=person.external_id,
    )


def _rate_facts(row: RosterRow) -> RateFacts | None:
    if row.rate_basis is None or row.rate_amount is None or row.rate_from is None:
        return None
    pattern = row.weekday_pattern
    hours, most = row.weekly_hours, row.max_weekly_hours
    return RateFacts(
        starts_on=row.rate_from,
        basis=row.rate_basis.value,
        amount_millionths=decimal_to_rate(row.rate_amount),
        currency=row.currency,
        contracted_weekly_seconds=None if hours is None else int(hours * SECONDS_AN_HOUR),
        weekday_seconds=None if pattern is None else [int(day * SECONDS_AN_HOUR) for day in pattern],
        max_weekly_seconds=None if most is None else int(most * SECONDS_AN_HOUR),
    )


def _said(facts: ContractorFacts, names: Sequence[str]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {getattr(facts, name) or '–'}" for name in names)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
