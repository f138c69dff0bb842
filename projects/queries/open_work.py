"""Open seats that fit the people a pause stops: who may be offered what, and the words their notice says it with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from projects.domain.money import format_rate
from projects.domain.periods import local_day
from projects.models import Contractor, ContractorSkill, OpenSeat, Pause
from projects.queries.recipients import contractors_reached
from projects.queries.seats import is_open_to, offered_seats

MOST_SEATS = 3  # a notice names so many; the portal shows them all
SHOWN = 12


@dataclass(frozen=True, slots=True)
class SeatsFor:
    """One open seat and how many of the people a pause stops it is open to and fits by every skill it asks for."""

    seat: OpenSeat
    left: int
    people: int


def open_work_for(pause: Pause, *, at: datetime) -> tuple[SeatsFor, ...]:
    """The seats open elsewhere that fit somebody this pause stops, best first; one query a seat."""
    seats = _elsewhere(pause, at=at)[:SHOWN]
    people = contractors_reached(pause)
    found = [SeatsFor(seat, seat.seats - taken_of(seat), _fitting(people, seat).count()) for seat in seats]
    return tuple(sorted((row for row in found if row.people), key=lambda row: -row.people))


def work_words(pause: Pause, *, at: datetime) -> Callable[[int, str, str], str]:
    """A function from (contractor, country, language) to the open seats that fit them, in a sentence; often empty.

    What people can do is read once for everybody whom the pause stops, and only where some seat is open.
    """
    seats = _elsewhere(pause, at=at)
    if not seats:
        return lambda _contractor, _country, _locale: ""
    skills = _skills_of(contractors_reached(pause), {skill for seat in seats for skill in seat.skills})
    said: dict[tuple[str, frozenset[str], str], str] = {}

    def words(contractor: int, country: str, locale: str) -> str:
        can = skills.get(contractor, frozenset())
        if (country, can, locale) not in said:
            fitting = [seat for seat in seats if is_open_to(country, seat) and set(seat.skills) <= can]
            said[country, can, locale] = _sentence(fitting[:MOST_SEATS], locale)
        return said[country, can, locale]

    return words


def taken_of(seat: OpenSeat) -> int:
    """How many of these seats are promised, as `with_taken` counted them."""
    return int(getattr(seat, "taken", 0))


def _elsewhere(pause: Pause, *, at: datetime) -> list[OpenSeat]:
    """Seats with one left on projects that this pause would not stop."""
    own = pause.named_projects().values("pk")
    rows = offered_seats(local_day(at, "UTC")).exclude(project__in=own)
    listed = OpenSeat.objects.filter(pk__in=rows.values("pk")).with_taken().select_related("project")
    return [seat for seat in listed.order_by("project__code", "title", "pk") if seat.seats > taken_of(seat)]


def _fitting(people: QuerySet[Contractor], seat: OpenSeat) -> QuerySet[Contractor]:
    fitting = people.filter(country__in=seat.countries) if seat.countries else people
    if not seat.skills:
        return fitting
    able = ContractorSkill.objects.filter(name__in=seat.skills).values("contractor").order_by()
    able = able.annotate(known=Count("pk")).filter(known=len(seat.skills))
    return fitting.filter(pk__in=able.values("contractor"))


def _skills_of(people: QuerySet[Contractor], asked: set[str]) -> Mapping[int, frozenset[str]]:
    rows = ContractorSkill.objects.filter(name__in=asked, contractor__in=people.values("pk"))
    found: dict[int, set[str]] = {}
    for contractor, name in rows.order_by().values_list("contractor", "name").iterator(chunk_size=5_000):
        found.setdefault(contractor, set()).add(name)
    return {contractor: frozenset(names) for contractor, names in found.items()}


def _sentence(seats: list[OpenSeat], locale: str) -> str:
    if not seats:
        return ""
    with override(locale):
        named = "; ".join(
            _("%(title)s on %(project)s, from %(rate)s for each %(unit)s")
            % {
                "title": seat.title,
                "project": seat.project.name,
                "rate": format_rate(seat.amount_millionths, seat.currency, locale),
                "unit": seat.get_basis_display(),
            }
            for seat in seats
        )
        return _("Other work that fits you is open: %(seats)s. The portal shows it.") % {"seats": named}
