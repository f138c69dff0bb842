"""What the hours lock answers from: who is engaged where, and which pauses stop it; for one question or for many."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    UUIDField,
)
from django.db.models.fields import BigIntegerField

from projects import access
from projects.access import ASKER
from projects.models import Contractor, Engagement, Pause, PauseExclusion, PauseRelease, Project, User
from projects.models.pauses import PauseState
from projects.prepared import Prepared, Slot


@dataclass(frozen=True, slots=True)
class LockPair:
    """Whose hours on what: a public id or an email address, a project's code, and the instant that was worked."""

    contractor: str
    project: str
    at: datetime

    @property
    def person(self) -> str:
        """The key under which this person is found, however it was typed."""
        return str(uuid_of(self.contractor) or self.contractor.strip().lower())


class Place(NamedTuple):
    """A project as far as the lock knows it."""

    pk: int
    client_id: int
    code: str
    time_zone: str
    ended_on: date | None


class Stop(NamedTuple):
    """A pause as far as the lock knows it; nothing confidential."""

    pk: int
    public_id: uuid.UUID
    project_id: int | None
    client_id: int | None
    kind: str
    remaining_share_bp: int
    state: str
    starts_at: datetime
    ends_at: datetime | None
    notice_sent_at: datetime | None
    next_update_by: datetime | None
    why: str

    @property
    def is_open(self) -> bool:
        """Scheduled or in effect."""
        return self.state in {PauseState.SCHEDULED, PauseState.IN_EFFECT}


class LeadName(NamedTuple):
    """Whom to ask."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class LockFacts:
    """Everything that a set of pairs is answered from, read once."""

    contractors: Mapping[str, int]
    projects: Mapping[str, Place]
    terms: Mapping[tuple[int, int], Sequence[tuple[date, date | None]]]
    pauses: Mapping[tuple[str, int], Sequence[Stop]]  # by the project or the client that is stopped
    excluded: frozenset[tuple[int, int]]
    released: Mapping[tuple[int, int], datetime]
    leads: Mapping[int, Sequence[LeadName]]


def uuid_of(text: str) -> uuid.UUID | None:
    """The public id that a text is, if it is one."""
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None


# --- The sets, for one question and for many ---------------------------------------------------------------------
def _people(asker: User | Slot, *, sees_everything: bool) -> QuerySet[Contractor]:
    return Contractor.objects.all() if sees_everything else access.contractors_on_desk_of(asker)


def _projects(asker: User | Slot, *, sees_everything: bool) -> QuerySet[Project]:
    """Projects on somebody's desk, and those on which they are engaged themselves."""
    if sees_everything:
        return Project.objects.all()
    engaged = Engagement.objects.filter(contractor__user=asker).values("project")
    return Project.objects.filter(
        Q(pk__in=access.projects_on_desk_of(asker).values("pk")) | Q(pk__in=engaged)
    )


def _in_force(first: datetime | Slot, last: datetime | Slot) -> QuerySet[Pause]:
    """Pauses in force at some instant from `first` to `last`."""
    lasting = Q(ends_at__isnull=True) | Q(ends_at__gt=first)
    rows: QuerySet[Pause] = Pause.objects.that_happened().filter(lasting, starts_at__lte=last)
    return rows.order_by("starts_at", "pk")


def _leads(**projects: Any) -> QuerySet[Any, Any]:
    rows = Project.leads.through.objects.filter(user__is_active=True, **projects)
    return rows.order_by("user__name", "user__email").values_list("project_id", "user__name", "user__email")


def _by_target(pauses: Sequence[Stop]) -> dict[tuple[str, int], list[Stop]]:
    found: dict[tuple[str, int], list[Stop]] = defaultdict(list)
    for pause in pauses:
        kind, pk = ("project", pause.project_id) if pause.project_id else ("client", pause.client_id)
        found[(kind, pk or 0)].append(pause)
    return found


# --- Many questions -----------------------------------------------------------------------------------------------
def facts_for(pairs: Sequence[LockPair], *, user: User) -> LockFacts:
    """Read what the pairs are answered from, in the same number of queries for two as for a thousand."""
    sees_everything = access.sees_everything(user)
    contractors = _contractors(pairs, user=user, sees_everything=sees_everything)
    rows = _projects(user, sees_everything=sees_everything).filter(code__in={pair.project for pair in pairs})
    projects = {row[2]: Place(*row) for row in rows.values_list(*Place._fields)}
    people, pks = set(contractors.values()), [place.pk for place in projects.values()]
    terms: dict[tuple[int, int], list[tuple[date, date | None]]] = defaultdict(list)
    engaged = Engagement.objects.filter(contractor__in=people, project__in=pks).order_by()
    for person, project, first, end in engaged.values_list(
        "contractor_id", "project_id", "starts_on", "ends_on"
    ):
        terms[(person, project)].append((first, end))
    on = Q(project__in=pks) | Q(client__in={place.client_id for place in projects.values()})
    stops = _in_force(min(pair.at for pair in pairs), max(pair.at for pair in pairs)).filter(on)
    pauses = [Stop(*row) for row in stops.values_list(*Stop._fields)]
    keys = [pause.pk for pause in pauses]
    excluded = PauseExclusion.objects.filter(pause__in=keys, contractor__in=people)
    released = PauseRelease.objects.filter(pause__in=keys, project__in=pks)
    leads: dict[int, list[LeadName]] = defaultdict(list)
    for project, name, email in _leads(project__in=pks):
        leads[project].append(LeadName(name, email))
    return LockFacts(
        contractors,
        projects,
        terms,
        _by_target(pauses),
        frozenset(excluded.values_list("pause_id", "contractor_id")),
        {
            (pause, project): at
            for pause, project, at in released.values_list("pause_id", "project_id", "released_at")
        },
        leads,
    )


def _contractors(pairs: Sequence[LockPair], *, user: User, sees_everything: bool) -> dict[str, int]:
    """Keys, as they were asked, of the people among them whom `user` may see."""
    emails = {pair.person for pair in pairs if "@" in pair.contractor}
    ids = {key for pair in pairs if (key := uuid_of(pair.contractor)) is not None}
    rows = _people(user, sees_everything=sees_everything).filter(Q(public_id__in=ids) | Q(email__in=emails))
    found: dict[str, int] = {}
    for pk, public_id, email in rows.values_list("pk", "public_id", "email"):
        found[str(public_id)] = found[email] = pk
    return found


# --- One question: the same sets, prepared --------------------------------------------------------------------------
_CODE: Final = Slot("code", CharField())
_AT: Final = Slot("at", DateTimeField())
_PERSON: Final = Slot("person", BigIntegerField())
_PROJECT: Final = Slot("project", BigIntegerField())
_CLIENT: Final = Slot("client", BigIntegerField())
_WHO: Final = {"email": Slot("who", CharField()), "public_id": Slot("who", UUIDField())}


def _engaged(by: str, *, sees_everything: bool) -> QuerySet[Any, Any]:
    rows = Engagement.objects.filter(**{f"contractor__{by}": _WHO[by]}, project__code=_CODE).order_by()
    if not sees_everything:
        people = _people(ASKER, sees_everything=False).values("pk")
        rows = rows.filter(
            contractor__in=people, project__in=_projects(ASKER, sees_everything=False).values("pk")
        )
    place = [f"project__{name}" for name in Place._fields[1:]]
    found: QuerySet[Any, Any] = rows.values_list(
        "starts_on", "ends_on", "contractor_id", "project_id", *place
    )
    return found


def _stopping() -> QuerySet[Any, Any]:
    released = PauseRelease.objects.filter(pause=OuterRef("pk"), project=_PROJECT)
    excluded = PauseExclusion.objects.filter(pause=OuterRef("pk"), contractor=_PERSON)
    rows = _in_force(_AT, _AT).filter(Q(project=_PROJECT) | Q(client=_CLIENT))
    return rows.annotate(
        released_at=Subquery(released.values("released_at")[:1], output_field=DateTimeField()),
        is_excluded=Exists(excluded, output_field=BooleanField()),
    ).values_list(*Stop._fields, "released_at", "is_excluded")


_ENGAGED: Final = {
    (by, sees_everything): Prepared(lambda by=by, wide=sees_everything: _engaged(by, sees_everything=wide))  # type: ignore[misc]
    for by in _WHO
    for sees_everything in (True, False)
}
_STOPPING: Final = Prepared(_stopping)
_LEADS: Final = Prepared(lambda: _leads(project=_PROJECT))


def facts_for_one(pair: LockPair, *, user: User) -> LockFacts:
    """Read what one pair is answered from: an answer that trackers wait for, hundreds of times a second."""
    key = uuid_of(pair.contractor)
    prepared = _ENGAGED[("email" if key is None else "public_id", access.sees_everything(user))]
    rows = prepared.rows(who=key or pair.person, code=pair.project, asker=user.pk)
    if (
        not rows
    ):  # no term at all: the broader question says whether it is because one of the two is not there to see
        return facts_for([pair], user=user)
    person, place = rows[0][2], Place(*rows[0][3:])
    stops = _STOPPING.rows(at=pair.at, project=place.pk, client=place.client_id, person=person)
    return LockFacts(
        {pair.person: person},
        {place.code: place},
        {(person, place.pk): [(row[0], row[1]) for row in rows]},
        _by_target([Stop(*row[:-2]) for row in stops]),
        frozenset((row[0], person) for row in stops if row[-1]),
        {(row[0], place.pk): row[-2] for row in stops if row[-2] is not None},
        {place.pk: [LeadName(*row[1:]) for row in _LEADS.rows(project=place.pk)]},
    )
