"""What a lead should see first: pauses in force, words promised for today, people not reached, income at risk."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from notifications import states
from notifications.models import Delivery
from projects import access
from projects.domain.periods import monday_of
from projects.models import Approval, EstimateWeek, Pause, User
from projects.models.pauses import PauseState
from projects.queries.estimates import done_runs
from projects.queries.kept_promises import KeptRate, kept_rates
from projects.queries.unseen import NEEDS_A_PERSON

SHOWN = 12
_DAY = timedelta(hours=24)
_ON_THE_WAY = (*states.WAITING, states.SENDING)


@dataclass(frozen=True, slots=True)
class OpenPause:
    """One open pause with its promise, and deliveries of it that need a person."""

    pause: Pause
    is_late: bool
    is_due: bool
    unreached: int
    on_the_way: int


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What one pause costs this week in one currency, in minor units."""

    pause: Pause
    currency: str
    lost_minor: int
    people: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """The front page of one person's desk; lists are cut, totals are whole."""

    pauses_total: int
    pauses: tuple[OpenPause, ...]
    late: int
    due: int
    unreached: int
    drafts: tuple[Pause, ...]
    at_risk: tuple[AtRisk, ...]
    waiting: tuple[Approval, ...] = ()
    kept: tuple[KeptRate, ...] = ()


def dashboard_of(user: User, *, at: datetime) -> Dashboard:
    """What stands on somebody's desk `at`, in a fixed number of queries."""
    visible = access.pauses_visible_to(user).select_related("project", "client", "opened_by")
    standing = visible.filter(state__in=[PauseState.SCHEDULED, PauseState.IN_EFFECT])
    shown = list(standing.select_related("project__client").order_by("next_update_by", "pk")[:SHOWN])
    told = _deliveries_of(shown)
    rows = tuple(_row(pause, told, at=at) for pause in shown)
    in_effect = standing.filter(state=PauseState.IN_EFFECT)
    return Dashboard(
        pauses_total=standing.count(),
        pauses=rows,
        late=in_effect.filter(next_update_by__lte=at).count(),
        due=in_effect.filter(next_update_by__gt=at, next_update_by__lte=at + _DAY).count(),
        unreached=sum(row.unreached for row in rows),
        drafts=tuple(visible.filter(state=PauseState.DRAFT, opened_by=user).order_by("-opened_at")[:5]),
        at_risk=_at_risk(shown, at=at),
        waiting=_waiting_for(user, visible),
        kept=kept_rates(visible, at=at),
    )


def _waiting_for(user: User, visible: QuerySet[Pause]) -> tuple[Approval, ...]:
    """Drafts that wait for a second person's word which this person may give."""
    rows = Approval.objects.filter(decided_at__isnull=True, pause__in=visible.values("pk")).exclude(
        asked_by=user
    )
    if not access.is_operations(user):
        mine = (
            Q(pause__project__leads=user)
            | Q(pause__project__client__owners=user)
            | Q(pause__client__owners=user)
        )
        rows = rows.filter(mine).distinct()
    return tuple(
        rows.select_related("pause__project", "pause__client", "asked_by").order_by("asked_at")[:SHOWN]
    )


def pausable_by(user: User, *, today: date) -> tuple[tuple[str, str], ...]:
    """What somebody may pause, as (`project:ID` or `client:ID`, words): running projects, then whole clients."""
    is_running = Q(ended_on__isnull=True) | Q(ended_on__gt=today)
    projects = access.projects_visible_to(user).filter(is_running).select_related("client")
    clients = access.clients_visible_to(user)
    if not access.is_operations(user):
        projects = projects.filter(Q(leads=user) | Q(client__owners=user)).distinct()
        clients = clients.filter(owners=user)
    return (
        *((f"project:{row.pk}", str(row)) for row in projects.order_by("code")),
        *(
            (f"client:{row.pk}", _("All work of %(client)s") % {"client": row})
            for row in clients.order_by("code")
        ),
    )


def _deliveries_of(pauses: list[Pause]) -> dict[tuple[str, str], int]:
    """Counts of deliveries by subject and state."""
    rows = Delivery.objects.filter(notice__subject_ref__in=[pause.ref for pause in pauses])
    counted = rows.order_by().values_list("notice__subject_ref", "state").annotate(Count("pk"))
    return {(subject, state): total for subject, state, total in counted}


def _row(pause: Pause, told: dict[tuple[str, str], int], *, at: datetime) -> OpenPause:
    promised = pause.next_update_by if pause.state == PauseState.IN_EFFECT else None
    return OpenPause(
        pause=pause,
        is_late=promised is not None and promised <= at,
        is_due=promised is not None and at < promised <= at + _DAY,
        unreached=sum(told.get((pause.ref, state), 0) for state in NEEDS_A_PERSON),
        on_the_way=sum(told.get((pause.ref, state), 0) for state in _ON_THE_WAY),
    )


def _at_risk(pauses: list[Pause], *, at: datetime) -> tuple[AtRisk, ...]:
    """The current week of each pause's latest estimate, a line a pause and currency, nothing added across them."""
    newest = done_runs().filter(pause=OuterRef("pk")).values("pk")[:1]
    runs = Pause.objects.filter(pk__in=[pause.pk for pause in pauses]).annotate(newest=Subquery(newest))
    by_pk = {pause.pk: pause for pause in pauses}
    rows = (
        EstimateWeek.objects.filter(
            week_starts_on=monday_of(at.date()),
            estimate__run__in=runs.filter(newest__isnull=False).values("newest"),
        )
        .order_by("estimate__run__pause", "estimate__currency")
        .values_list("estimate__run__pause", "estimate__currency")
        .annotate(Sum("lost_minor"), Count("estimate__engagement__contractor", distinct=True))
    )
    return tuple(AtRisk(by_pk[pk], currency, lost, people) for pk, currency, lost, people in rows)
