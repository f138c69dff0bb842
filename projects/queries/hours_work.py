"""Work lists about hours: words of files that nothing matches, and pauses with hours inside them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Max, Min, QuerySet, Sum

from projects.models import UnmatchedHours

MOST = 500


@dataclass(frozen=True, slots=True)
class WaitingWords:
    """Rows that wait for the same words to be understood."""

    lack: str
    person: str
    project: str
    rows: int
    seconds: int
    first_on: object
    last_on: object

    @property
    def hours(self) -> str:
        """Hours with two places."""
        return f"{self.seconds / 3600:,.2f}"

    @property
    def lack_words(self) -> str:
        """What is missing, in words."""
        return str(UnmatchedHours.Lack(self.lack).label)


def waiting_words() -> tuple[WaitingWords, ...]:
    """The words that the most rows wait for, at most 500."""
    rows = (
        UnmatchedHours.objects.order_by()
        .values_list("lack", "person_words", "project_words")
        .annotate(rows=Count("pk"), seconds=Sum("seconds"), first=Min("worked_on"), last=Max("worked_on"))
        .order_by("-rows", "person_words", "project_words")
    )
    return tuple(WaitingWords(*row) for row in rows[:MOST])


def rows_waiting_for(*, person: str, project: str) -> "QuerySet[UnmatchedHours]":
    """The rows of one line of the list."""
    return UnmatchedHours.objects.filter(person_words=person, project_words=project)


def ids_in(numbers: Iterable[str]) -> list[int]:
    """The whole numbers among what a form sent."""
    return [int(number) for number in numbers if number.isdecimal() and len(number) < 19]
