"""Finds the people, projects and engagements that a file's rows speak of, each looked up once."""

from dataclasses import dataclass, field
from datetime import date

from projects.models import Contractor, Engagement, Project, Rate


@dataclass(frozen=True, slots=True)
class Term:
    """One engagement with its rates, newest first, as matching needs it."""

    engagement_id: int
    starts_on: date
    ends_on: date | None
    rates: tuple[tuple[date, int], ...]

    def holds(self, day: date) -> bool:
        """Whether the term holds this day."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)

    def rate_on(self, day: date) -> int | None:
        """The rate in force on a day, by its key."""
        return next((pk for starts_on, pk in self.rates if starts_on <= day), None)


@dataclass(slots=True)
class Matcher:
    """Looks rows up; `fallback_*` answer for names that are nobody we know."""

    fallback_person: int | None = None
    fallback_project: int | None = None
    _people: dict[tuple[str, str, str], int | None] = field(default_factory=dict)
    _projects: dict[tuple[str, str], int | None] = field(default_factory=dict)
    _terms: dict[tuple[int, int], tuple[Term, ...]] = field(default_factory=dict)

    def person(self, *, email: str, external_id: str, name: str) -> int | None:
        """The contractor with this address, else this id, else the only one of this name, else the fallback."""
        asked = (email, external_id, name)
        if asked not in self._people:
            self._people[asked] = self._find_person(*asked) or self.fallback_person
        return self._people[asked]

    def project(self, *, code: str, name: str) -> int | None:
        """The project with this code, else the only one of this name, else the fallback."""
        asked = (code, name)
        if asked not in self._projects:
            self._projects[asked] = self._find_project(*asked) or self.fallback_project
        return self._projects[asked]

    def term(self, *, person: int, project: int, day: date) -> Term | None:
        """The engagement of this person on this project that holds the day."""
        asked = (person, project)
        if asked not in self._terms:
            self._terms[asked] = self._find_terms(person, project)
        return next((term for term in self._terms[asked] if term.holds(day)), None)

    def _find_person(self, email: str, external_id: str, name: str) -> int | None:
        people = Contractor.objects.order_by("pk").values_list("pk", flat=True)
        if email:
            return people.filter(email=email.lower()).first()
        for words, column in ((external_id, "external_id"), (name, "name__iexact")):
            found = list(people.filter(**{column: words})[:2]) if words else []
            if len(found) == 1:
                return found[0]
        return None

    def _find_project(self, code: str, name: str) -> int | None:
        projects = Project.objects.order_by("pk").values_list("pk", flat=True)
        for words, column in ((code, "code__iexact"), (name, "code__iexact"), (name, "name__iexact")):
            found = list(projects.filter(**{column: words})[:2]) if words else []
            if len(found) == 1:
                return found[0]
        return None

    def _find_terms(self, person: int, project: int) -> tuple[Term, ...]:
        engagements = list(
            Engagement.objects.filter(contractor=person, project=project).order_by("starts_on")
        )
        rates: dict[int, list[tuple[date, int]]] = {}
        rows = Rate.objects.filter(engagement__in=engagements).order_by("-starts_on")
        for engagement_id, starts_on, pk in rows.values_list("engagement_id", "starts_on", "pk"):
            rates.setdefault(engagement_id, []).append((starts_on, pk))
        return tuple(
            Term(row.pk, row.starts_on, row.ends_on, tuple(rates.get(row.pk, ()))) for row in engagements
        )
