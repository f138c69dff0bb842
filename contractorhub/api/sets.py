"""Which rows somebody sees here, with what each list reads beside them, so that no row asks again."""

from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from notifications.models import Delivery
from projects import access
from projects.models import (
    AccountingPeriod,
    Approval,
    CalendarDay,
    Candidacy,
    Client,
    Correction,
    Engagement,
    EstimateWeek,
    HoursEntry,
    LostIncomeEstimate,
    OpenSeat,
    Pause,
    PauseUpdate,
    Project,
    Rate,
    ReportSchedule,
    ScopeReassessment,
    User,
    WorkingWeek,
)
from projects.queries.estimates import latest_run_ids


def clients(user: User) -> QuerySet[Client]:
    """Clients somebody sees."""
    return access.clients_visible_to(user)


def projects(user: User) -> QuerySet[Project]:
    """Projects somebody sees, with their clients and leads."""
    return access.projects_visible_to(user).select_related("client").prefetch_related("leads")


def projects_with_rates(user: User) -> QuerySet[Project]:
    """Projects whose rates somebody may read.

    `access.may_see_rates` asks of one project; its set is the desk: the projects somebody sees as such.
    """
    return access.projects_visible_to(user)


def engagements(user: User) -> QuerySet[Engagement]:
    """Engagements somebody sees, with the rates of those whose rates they may read, as `seen_rates`."""
    readable = Rate.objects.filter(engagement__project__in=projects_with_rates(user).values("pk"))
    rates = Prefetch("rates", queryset=readable.order_by("starts_on"), to_attr="seen_rates")
    rows = access.engagements_visible_to(user).select_related("contractor", "project__client")
    return rows.prefetch_related(rates)


def pauses(user: User) -> QuerySet[Pause]:
    """Pauses somebody sees, without their confidential notes."""
    rows = access.pauses_visible_to(user).select_related("project", "client", "opened_by")
    return rows.defer("confidential_note")


def updates(pause: Pause) -> QuerySet[PauseUpdate]:
    """The words on a pause, without their confidential notes."""
    return PauseUpdate.objects.filter(pause=pause).select_related("by").defer("confidential_note")


def deliveries(pause: Pause) -> QuerySet[Delivery]:
    """How a pause has been told."""
    rows = Delivery.objects.filter(notice__subject_ref=pause.ref)
    return rows.select_related("notice", "recipient").defer("notice__contents", "recipient__fields")


def estimates(user: User) -> QuerySet[LostIncomeEstimate]:
    """The latest finished estimates somebody sees, with their weeks."""
    weeks = Prefetch("weeks", queryset=EstimateWeek.objects.order_by("week_starts_on"))
    rows = access.estimates_visible_to(user).filter(run__in=latest_run_ids())
    beside = ("run__pause", "engagement__contractor", "engagement__project__client")
    return rows.select_related(*beside).defer("run__context").prefetch_related(weeks)


def reassessments(user: User) -> QuerySet[ScopeReassessment]:
    """Scope reassessments of projects somebody sees or is engaged on."""
    own = access.engagements_visible_to(user).values("project")
    seen = access.projects_visible_to(user).values("pk")
    rows = ScopeReassessment.objects.filter(Q(project__in=own) | Q(project__in=seen))
    return rows.select_related("project", "pause").defer("confidential_note")


def periods(user: User) -> QuerySet[AccountingPeriod]:
    """Closed periods, for those who may pull reports."""
    return (
        AccountingPeriod.objects.all() if access.may_pull_reports(user) else AccountingPeriod.objects.none()
    )


def schedules(user: User) -> QuerySet[ReportSchedule]:
    """Reports on a schedule with their people, for those who may pull reports."""
    rows = ReportSchedule.objects.select_related("owner").prefetch_related("recipients")
    return rows if access.may_pull_reports(user) else rows.none()


def corrections(user: User) -> QuerySet[Correction]:
    """Corrections of the desk of somebody, and a contractor's own."""
    seen = Q(pk__in=access.corrections_visible_to(user).values("pk")) | Q(contractor__user=user)
    return Correction.objects.filter(seen).select_related("engagement__project", "contractor", "pause")


def open_seats(user: User, *, today: date) -> QuerySet[OpenSeat]:
    """Seats of projects somebody sees; for a contractor also those open today to people in their country."""
    seen = Q(project__in=access.projects_visible_to(user).values("pk"))
    contractor = access.own_contractor(user)
    if contractor is not None:
        seen |= Q(pk__in=_seats_open_to(contractor.country, today=today))
    return OpenSeat.objects.filter(seen).select_related("project__client")


def candidacies(user: User) -> QuerySet[Candidacy]:
    """People and seats: of the desk of somebody, and a contractor's own."""
    beside = ("seat__project__client", "contractor", "engagement")
    return access.candidacies_visible_to(user).select_related(*beside)


def approvals(user: User) -> QuerySet[Approval]:
    """Second words asked for on the desk of somebody, with the pauses they are about."""
    beside = ("pause__project", "pause__client", "pause__opened_by", "asked_by", "decided_by")
    return access.approvals_visible_to(user).select_related(*beside).defer("pause__confidential_note")


def hours(user: User) -> QuerySet[HoursEntry]:
    """Hours of the engagements somebody sees, with what was decided about those inside a pause."""
    rows = HoursEntry.objects.select_related("engagement__contractor", "engagement__project", "decision")
    if access.sees_everything(user):
        return rows
    return rows.filter(engagement__in=access.engagements_visible_to(user).values("pk"))


def calendar_days(user: User) -> QuerySet[CalendarDay]:
    """Days that were said to differ from the published calendars, for those who have a desk."""
    return CalendarDay.objects.all() if access.is_staff_of_firm(user) else CalendarDay.objects.none()


def working_weeks(user: User) -> QuerySet[WorkingWeek]:
    """Usual weeks by country and region, for those who have a desk."""
    return WorkingWeek.objects.all() if access.is_staff_of_firm(user) else WorkingWeek.objects.none()


def _seats_open_to(country: str, *, today: date) -> list[int]:
    rows = OpenSeat.objects.filter(Q(closes_on__isnull=True) | Q(closes_on__gte=today), opened_on__lte=today)
    running = Q(project__ended_on__isnull=True) | Q(project__ended_on__gt=today)
    # Which countries a seat is open to is a list in one column, which SQLite cannot search.
    pairs = rows.filter(running).order_by().values_list("pk", "countries")
    return [pk for pk, countries in pairs if not countries or country in countries]
