"""Finds the people, projects and engagements that a file's rows speak of: some thousand rows in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from projects.models import Alias, Contractor, Engagement, Project, Rate

Lack = str


class Named(Protocol):
    """A row that says whose and which project's it is, as a file writes them."""

    @property
    def person_email(self) -> str: ...
    @property
    def person_external_id(self) -> str: ...
    @property
    def person_name(self) -> str: ...
    @property
    def project_code(self) -> str: ...
    @property
    def project_name(self) -> str: ...
    @property
    def worked_on(self) -> date: ...


class Term(NamedTuple):
    """One engagement with its rates, newest first, as matching needs it."""

    engagement_id: int
    starts_on: date
    ends_on: date | None
    rates: tuple[tuple[date, int], ...]

    def rate_on(self, day: date) -> int | None:
        """The rate in force on a day, by its key."""
        return next((pk for starts_on, pk in self.rates if starts_on <= day), None)


class Match(NamedTuple):
    """What was found for a row; `lack` is "person", "project" or "engagement" where the term is None."""

    term: Term | None
    person: int | None
    zone: tzinfo | None
    lack: Lack


_PersonWords = tuple[str, str, str]
_ProjectWords = tuple[str, str]


def alias_words(words: str) -> str:
    """How an alias is looked for: without outer blanks, whatever its case."""
    return " ".join(words.split()).casefold()[:500]


def words_of_person(row: Named) -> str:
    """The words by which a file names somebody: the address, else the id, else the name."""
    return row.person_email or row.person_external_id or row.person_name


def words_of_project(row: Named) -> str:
    """The words by which a file names a project: the code, else the name."""
    return row.project_code or row.project_name


@dataclass(slots=True)
class Matcher:
    """Looks rows up once they were learned; `fallback_*` answer for names that are nobody we know."""

    fallback_person: int | None = None
    fallback_project: int | None = None
    _people: dict[_PersonWords, int | None] = field(default_factory=dict)
    _zones: dict[int, tzinfo] = field(default_factory=dict)
    _projects: dict[_ProjectWords, int | None] = field(default_factory=dict)
    _terms: dict[tuple[int, int], tuple[Term, ...]] = field(default_factory=dict)

    def learn(self, rows: Iterable[Named]) -> None:
        """Look up everybody and every project among these rows that was not asked for before; at most eight queries."""
        people: set[_PersonWords] = set()
        projects: set[_ProjectWords] = set()
        for row in rows:
            people.add((row.person_email, row.person_external_id, row.person_name))
            projects.add((row.project_code, row.project_name))
        if new := projects - self._projects.keys():
            self._projects |= _projects_named(new, fallback=self.fallback_project)
        if unknown := people - self._people.keys():
            found = _people_named(unknown, fallback=self.fallback_person)
            self._people |= found
            ids = {pk for pk in found.values() if pk is not None} - self._zones.keys()
            self._zones |= _zones_of(ids)
            self._terms |= _terms_of(ids)

    def find(self, row: Named) -> Match:
        """The engagement of a row that was learned, on its day."""
        person = self._people[(row.person_email, row.person_external_id, row.person_name)]
        if person is None:
            return Match(None, None, None, "person")
        zone = self._zones.get(person)
        project = self._projects[(row.project_code, row.project_name)]
        if project is None:
            return Match(None, person, zone, "project")
        day = row.worked_on
        for term in self._terms.get((person, project), ()):
            if term.starts_on <= day and (term.ends_on is None or day < term.ends_on):
                return Match(term, person, zone, "")
        return Match(None, person, zone, "engagement")


def _people_named(asked: Collection[_PersonWords], *, fallback: int | None) -> dict[_PersonWords, int | None]:
    """The contractor with the address, else an alias, else the only one with the id, else the only one of the name.

    An address that is nobody's is not looked for by name: two people may share one.
    """
    emails = {email for email, _, _ in asked if email}
    by_email = dict(Contractor.objects.filter(email__in=emails).values_list("email", "pk")) if emails else {}
    rest = [words for words in asked if words[0] not in by_email]
    aliases = _aliases([one for words in rest for one in words], "contractor_id")
    by_id = _only_ones(Contractor.objects.all(), "external_id", {id_ for email, id_, _ in rest if not email})
    by_name = _only_ones(Contractor.objects.all(), "name", {name for email, _, name in rest if not email})
    found: dict[_PersonWords, int | None] = {}
    for email, external_id, name in asked:
        known = by_email.get(email) or _first(aliases, (email, external_id, name))
        if known is None and not email:
            known = by_id.get(external_id.casefold()) or by_name.get(name.casefold())
        found[(email, external_id, name)] = known or fallback
    return found


def _projects_named(
    asked: Collection[_ProjectWords], *, fallback: int | None
) -> dict[_ProjectWords, int | None]:
    """The project with the code, else an alias, else the one whose code is the name, else the only one of the name."""
    words = {one for pair in asked for one in pair}
    rows = Project.objects.all()
    by_code, by_name = _only_ones(rows, "code", words), _only_ones(rows, "name", {name for _, name in asked})
    aliases = _aliases(words, "project_id")
    found: dict[_ProjectWords, int | None] = {}
    for code, name in asked:
        known = by_code.get(code.casefold()) or _first(aliases, (code, name))
        found[(code, name)] = (
            known or by_code.get(name.casefold()) or by_name.get(name.casefold()) or fallback
        )
    return found


def _only_ones(rows: QuerySet[Any], column: str, words: set[str]) -> dict[str, int]:
    """Words in lower case -> the key of the only row that has them in a column, whatever their case."""
    wanted = {one for one in words if one}
    if not wanted:
        return {}
    held: dict[str, set[int]] = defaultdict(set)
    lowered = rows.annotate(lowered=Lower(column)).order_by()
    # The database lowers plain letters only on SQLite, so words are asked for as written too.
    either = Q(lowered__in={one.lower() for one in wanted}) | Q(**{f"{column}__in": wanted})
    for text, pk in lowered.filter(either).values_list(column, "pk"):
        held[text.casefold()].add(pk)
    return {text: min(keys) for text, keys in held.items() if len(keys) == 1}


def _aliases(words: Iterable[str], column: str) -> dict[str, int]:
    wanted = {alias_words(one) for one in words if one}
    rows = Alias.objects.filter(words__in=wanted, **{f"{column}__isnull": False}).order_by()
    return dict(rows.values_list("words", column)) if wanted else {}


def _first(aliases: dict[str, int], words: Sequence[str]) -> int | None:
    if not aliases:
        return None
    return next((aliases[key] for one in words if one and (key := alias_words(one)) in aliases), None)


def _zones_of(people: Collection[int]) -> dict[int, tzinfo]:
    rows = Contractor.objects.filter(pk__in=people).order_by()
    return {pk: ZoneInfo(name) for pk, name in rows.values_list("pk", "time_zone")}


def _terms_of(people: Collection[int]) -> dict[tuple[int, int], tuple[Term, ...]]:
    rates: dict[int, list[tuple[date, int]]] = defaultdict(list)
    dated = Rate.objects.filter(engagement__contractor__in=people).order_by("-starts_on")
    for engagement_id, starts_on, pk in dated.values_list("engagement_id", "starts_on", "pk"):
        rates[engagement_id].append((starts_on, pk))
    found: dict[tuple[int, int], list[Term]] = defaultdict(list)
    rows = Engagement.objects.filter(contractor__in=people).order_by("starts_on")
    for pk, person, project, starts_on, ends_on in rows.values_list(
        "pk", "contractor_id", "project_id", "starts_on", "ends_on"
    ):
        found[(person, project)].append(Term(pk, starts_on, ends_on, tuple(rates.get(pk, ()))))
    return {key: tuple(terms) for key, terms in found.items()}
