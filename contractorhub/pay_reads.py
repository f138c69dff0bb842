"""Notes whenever somebody of the firm is shown what people earn: by page, by report, by file, by the API."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from contractorhub.second_factor import door_that_waits, was_let_through
from projects.access import projects_led_by, sees_everything
from projects.models import (
    Candidacy,
    Contractor,
    Engagement,
    LostIncomeEstimate,
    PayRead,
    ReportRun,
    ScopeReassessment,
    User,
)
from projects.operations.pay_reads import Seen, note_pay_reads

What, Via = PayRead.What, PayRead.Via
WITHOUT_PAY: Final = frozenset({"deliveries", "promises", "data-quality", "estimate-accuracy"})
"""Reports in which no amount stands."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a page shows, and whose it is: the key of one contractor, or None where it lists many."""

    what: str
    via: str
    whose: Callable[[Any], int | None] | None = None
    report: Callable[[Any], str] | None = None
    project: Callable[[Any], int | None] | None = None


def _of_engagement(kwargs: Any) -> int | None:
    key = kwargs.get("public_id")
    found = {"public_id": key} if key else {"pk": _number(kwargs.get("object_id"))}
    return Engagement.objects.filter(**found).values_list("contractor", flat=True).first()


def _of_estimate(kwargs: Any) -> int | None:
    found = LostIncomeEstimate.objects.filter(pk=_number(kwargs["object_id"]))
    return found.values_list("engagement__contractor", flat=True).first()


def _of_candidacy(kwargs: Any) -> int | None:
    return Candidacy.objects.filter(pk=kwargs["pk"]).values_list("contractor", flat=True).first()


def _project_of_reassessment(kwargs: Any) -> int | None:
    found = ScopeReassessment.objects.filter(pk=kwargs["pk"])
    return found.values_list("project", flat=True).first()


def _number(key: Any) -> int:
    return int(key) if str(key).isdigit() else 0


def _of_contractor(kwargs: Any) -> int | None:
    return int(kwargs.get("contractor_id") or kwargs["pk"])


def _of_person(kwargs: Any) -> int | None:
    return Contractor.objects.filter(public_id=kwargs["public_id"]).values_list("pk", flat=True).first()


def _report_of_run(kwargs: Any) -> str:
    return (
        ReportRun.objects.filter(public_id=kwargs["public_id"]).values_list("name", flat=True).first() or ""
    )


def _report_named(kwargs: Any) -> str:
    return str(kwargs["name"])


DOORS: Final[dict[str, Door]] = {
    "admin:projects_engagement_change": Door(What.RATES, Via.DESK, _of_engagement),
    "admin:projects_lostincomeestimate_changelist": Door(What.LIST, Via.DESK),
    "admin:projects_lostincomeestimate_change": Door(What.ESTIMATE, Via.DESK, _of_estimate),
    "admin:projects_scope_decide": Door(What.LIST, Via.DESK, project=_project_of_reassessment),
    "admin:projects_scopereassessment_add": Door(What.LIST, Via.DESK),
    "admin:projects_auditevent_export": Door(What.FILE, Via.DESK),
    "finance:person": Door(What.PERSON, Via.FINANCE, _of_contractor),
    "finance:report": Door(What.REPORT, Via.FINANCE, report=_report_named),
    "finance:pull": Door(What.FILE, Via.FINANCE, report=_report_named),
    "finance:run": Door(What.REPORT, Via.FINANCE, report=_report_of_run),
    "finance:difference": Door(What.REPORT, Via.FINANCE, report=_report_of_run),
    "finance:download": Door(What.FILE, Via.FINANCE, report=_report_of_run),
    "api:engagements": Door(What.LIST, Via.API),
    "api:engagement": Door(What.RATES, Via.API, _of_engagement),
    "api:engagement-rates": Door(What.RATES, Via.API, _of_engagement),
    "api:engagement-end": Door(What.RATES, Via.API, _of_engagement),
    "api:estimates": Door(What.LIST, Via.API),
    "api:candidacies": Door(What.LIST, Via.API),
    "api:candidacy": Door(What.RATES, Via.API, _of_candidacy),
    "api:candidacy-act": Door(What.RATES, Via.API, _of_candidacy),
    "api:report": Door(What.REPORT, Via.API, report=_report_named),
}
"""Every route that shows somebody of the firm what others earn; a test looks for amounts on all the others."""


class PayReadMiddleware:
    """Writes the note once the page was answered with what it shows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note what was shown. A note that cannot be written keeps the page from being shown."""
        waited = door_that_waits(request)
        response = self.get_response(request)
        match, user = request.resolver_match, request.user
        if waited is not None and was_let_through(request):
            match = waited
        door = DOORS.get(match.view_name) if match is not None else None
        if (
            door is None
            or match is None
            or not 200 <= response.status_code < 300
            or not isinstance(user, User)
        ):
            return response
        everything = sees_everything(user)
        led = [] if everything else list(projects_led_by(user).values_list("pk", flat=True))
        if everything or led:
            note_pay_reads(_seen(door, match.kwargs, led), by=user, at=timezone.now())
        return response


def _seen(door: Door, kwargs: Any, led: list[int]) -> Iterable[Seen]:
    """What was seen: without projects that somebody leads it is somebody who sees the whole firm."""
    report = door.report(kwargs) if door.report else ""
    if report in WITHOUT_PAY:
        return []
    if door.whose is not None:
        return [Seen(door.what, door.via, contractor=key) for key in [door.whose(kwargs)] if key is not None]
    if door.project is not None:
        return [Seen(door.what, door.via, project=door.project(kwargs))]
    if not led:
        return [Seen(door.what, door.via, report)]
    return [Seen(door.what, door.via, report, project=key) for key in led]
