"""What a file does to each person's week on each project, in names that people know."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from itertools import islice
from typing import Any, Protocol

from projects.models import Engagement

BATCH = 2_000


class Week(Protocol):
    """A week of one engagement, in seconds."""

    @property
    def engagement_id(self) -> int: ...
    @property
    def monday(self) -> date: ...
    @property
    def in_file(self) -> int: ...
    @property
    def new(self) -> int: ...
    @property
    def replaced(self) -> int: ...
    @property
    def before(self) -> int: ...
    @property
    def after(self) -> int: ...


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """One person's week on one project, in seconds: in the file, and what the record holds before and after."""

    contractor: str
    email: str
    project: str
    week_starts_on: date
    in_file: int
    before: int
    replaced: int
    after: int

    def as_json(self) -> dict[str, Any]:
        """The same facts as JSON answers write them."""
        return {**asdict(self), "week_starts_on": self.week_starts_on.isoformat()}


def person_weeks(weeks: Iterable[Week]) -> Iterator[PersonWeek]:
    """The same weeks, in the same order, by name; one query for some thousand."""
    rest = iter(weeks)
    while batch := list(islice(rest, BATCH)):
        rows = Engagement.objects.filter(pk__in={week.engagement_id for week in batch}).order_by()
        columns = ("pk", "contractor__name", "contractor__email", "project__code")
        named = {pk: words for pk, *words in rows.values_list(*columns)}
        for week in batch:
            name, email, project = named[week.engagement_id]
            yield PersonWeek(
                contractor=name,
                email=email,
                project=project,
                week_starts_on=week.monday,
                in_file=week.in_file,
                before=week.before,
                replaced=week.replaced,
                after=week.after,
            )
