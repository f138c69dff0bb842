"""Names of things that are there, put into generated requests: else each would ask for what nobody has."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from schemathesis import GenerationMode

from contractorhub.api.models import TokenGrant
from projects.models import (
    Approval,
    CalendarDay,
    Candidacy,
    Correction,
    OpenSeat,
    ReportSchedule,
    ScopeReassessment,
    Upload,
)
from projects.operations.report_schedules import Times, save_schedule
from tests.faces.api.world import World

RUNNING: Final = "HARP"
"""The project of the world that is not paused."""


def names_in_addresses(operation: Any, world: World) -> dict[str, str]:
    """What the parameters of an operation's address may be called, made where it is not there yet."""
    makers: dict[str, Callable[[World], Any]] = {
        "engagements": lambda world: world.engagement,
        "contractors": lambda world: world.ana,
        "webhooks": lambda world: world.endpoint,
        "corrections": _correction,
        "schedules": _schedule,
        "imports": _upload,
        "tokens": lambda world: TokenGrant.objects.latest("pk"),
    }
    thing = next((make(world) for name, make in makers.items() if f"/{name}/" in operation.path), world.pause)
    numbered = {"open-seats": OpenSeat, "candidacies": Candidacy, "approvals": Approval, "days": CalendarDay}
    rows = next((row for name, row in numbered.items() if f"/{name}/" in operation.path), ScopeReassessment)
    return {
        "public_id": str(thing.public_id),
        "code": "ORION" if "clients" in operation.path else "CHORDUS",
        "id": str(rows.objects.latest("pk").pk),
    }


def _correction(world: World) -> Correction:
    return Correction.objects.create(
        contractor=world.ana, engagement=world.engagement, kind=Correction.Kind.HOURS, seconds=18_000,
        worked_on=(world.at - timedelta(days=9)).date(), words="I worked five hours.", asked_at=world.at,
    )  # fmt: skip


def _schedule(world: World) -> ReportSchedule:
    finance = world.users["finance"]
    return save_schedule(
        title="Every day", report="pause-register", values={}, times=Times("day", 6), recipients=[finance],
        by=finance, at=world.at,
    )  # fmt: skip


def _upload(world: World) -> Upload:
    return Upload.objects.create(
        kind="hours", state="asking", file_name="hours.csv", file_hash="0" * 64, size_bytes=1,
        question={"kind": "date_order"}, uploaded_at=world.at, asked_at=world.at, by=world.users["finance"],
    )  # fmt: skip


def names_in_bodies(world: World) -> dict[str, Any]:
    """What the fields of a body may be called."""
    return {
        "project": RUNNING, "client": "LYRA", "projects": [], "exclusions": [],
        "contractor": str(world.ana.public_id), "engagement": str(world.engagement.public_id),
        "pause": str(world.pause.public_id), "report": "pause-register", "parameters": {},
        "owners": [world.users["lead"].email], "leads": [world.users["lead"].email],
        "recipients": [world.users["finance"].email], "email": world.ana.email, "currency": "USD",
        "time_zone": "Asia/Manila", "webhook_ids": [str(world.endpoint.public_id)],
    }  # fmt: skip


def make_real(case: Any, addresses: dict[str, str], bodies: dict[str, Any]) -> None:
    """Put the names into a request that fits the schema; one that was made to break it stays as it is."""
    if case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if case.path_parameters:
        case.path_parameters = {
            name: addresses.get(name, given) for name, given in case.path_parameters.items()
        }
    if isinstance(case.body, dict):
        named = _named(case.body, bodies)
        if (
            named != case.body
        ):  # a body that is set is held against the schema again, which knows nothing of files
            case.body = named


def _named(body: dict[str, Any], names: dict[str, Any]) -> dict[str, Any]:
    """The body with its names exchanged; lists of items (`entries`, `rows`, `pairs`) item by item."""
    done = {name: names.get(name, value) for name, value in body.items()}
    for name in ("entries", "rows", "pairs"):
        if isinstance(done.get(name), list):
            known = {"contractor": names["email"], "project": names["project"], "email": names["email"]}
            done[name] = [_item(item, known) for item in done[name]]
    return done


def _item(item: Any, known: dict[str, str]) -> Any:
    return (
        item | {name: value for name, value in known.items() if name in item}
        if isinstance(item, dict)
        else item
    )
