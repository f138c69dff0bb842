"""Asks one door as one person for one row, in a transaction that is undone, and says in a word what came back."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from contractorhub.api import examples
from contractorhub.slack.payloads import Who
from contractorhub.slack.people import link_token
from notifications.preferences import Category
from notifications.unsubscribing import unsubscribe_link
from tests.faces.access.doors import Door
from tests.faces.access.world import MISSING, PLACES, World

BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_WRITE = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*|nonce="[^"]*|"request_id": ?"[^"]*')
_DRAFTS: Final = {"compose", "discard", "preview", "email", "hands", "versions"}
"""Addresses of a pause that is still a draft."""

ROWS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "portal:pause": {"public_id": ("pause", "public_id")},
    "portal:acknowledge": {"public_id": ("pause", "public_id")},
    "portal:estimate": {"public_id": ("pause", "public_id")},
    "portal:correction": {"public_id": ("correction", "public_id")},
    "portal:withdraw_correction": {"public_id": ("correction", "public_id")},
    "portal:correction_paper": {"public_id": ("correction", "public_id"), "pk": ("correctionpaper", "pk")},
    "portal:answer_seat": {"pk": ("openseat", "pk")},
    "portal:statement_pdf": {"code": ("statement", "code")},
    "portal:revoke_statement": {"code": ("statement", "code")},
    "portal:calendar": {"token": ("", "calendar")},
    "verify": {"code": ("statement", "code")},
    "returns:unsubscribe": {"token": ("", "unsubscribe")},
    "finance:run": {"public_id": ("reportrun", "public_id")},
    "finance:again": {"public_id": ("reportrun", "public_id")},
    "finance:difference": {"public_id": ("reportrun", "public_id")},
    "finance:download": {"public_id": ("reportrun", "public_id")},
    "finance:schedule": {"public_id": ("reportschedule", "public_id")},
    "finance:change_schedule": {"public_id": ("reportschedule", "public_id")},
    "finance:toggle_schedule": {"public_id": ("reportschedule", "public_id")},
    "finance:job": {"job_id": ("jobrun", "pk")},
    "finance:stop": {"job_id": ("jobrun", "pk")},
    "finance:person": {"contractor_id": ("contractor", "pk")},
    "api:client": {"code": ("client", "code")},
    "api:project": {"code": ("project", "code")},
    "api:reassessment": {"pk": ("scopereassessment", "pk")},
    "api:reassessment-decide": {"pk": ("scopereassessment", "pk")},
    **{
        f"api:open-seat{end}": {"pk": ("openseat", "pk")}
        for end in ("", "-close", "-candidates", "-interest", "-offer")
    },
    **{f"api:candidacy{end}": {"pk": ("candidacy", "pk")} for end in ("", "-act")},
    **{f"api:approval{end}": {"pk": ("approval", "pk")} for end in ("", "-approve", "-send-back")},
    "api:calendar-day": {"pk": ("calendarday", "pk")},
    "api:token": {"public_id": ("tokengrant", "public_id")},
}
"""Which row of the world a parameter of an address means, by its model and attribute."""
PREFIXES: Final = (
    ("api:engagement", "engagement"), ("api:contractor", "contractor"), ("api:pause", "pause"),
    ("api:correction", "correction"), ("api:schedule", "reportschedule"), ("api:import", "upload"),
    ("api:webhook", "endpoint"),
)  # fmt: skip
OTHERS: Final = {"contractor": "contractor", "project": "project", "paper": "correctionpaper"}
"""Second parameters of the desk's addresses."""
BY_WHAT_IS_SENT: Final = {
    "admin:projects_pause_add", "admin:projects_scopereassessment_add", "admin:projects_openseat_add",
    "api:hours-lock", "api:pauses", "api:engagements", "api:open-seats", "api:reassessments", "api:approvals",
    "api:corrections",
}  # fmt: skip
"""Doors without a row in their address: the query or body names the project."""
FREE: Final = {"key", "provider_id", "app_label", "content_type_id", "url", "uidb36"}
"""Parameters that name no row of anybody."""


def rows_of(door: Door) -> dict[str, tuple[str, str]]:
    """Model and attribute behind each open parameter of a door. Raises LookupError for one that nobody has named."""
    found = dict(ROWS.get(door.name, {}))
    if door.name == "admin:view_on_site":
        return {}
    parts = door.route.split("/")
    for name in door.open_parameters:
        if name in found or name in FREE:
            continue
        model = next((model for prefix, model in PREFIXES if door.name.startswith(prefix)), "")
        if parts[0] == "admin" and len(parts) > 2:
            is_draft = parts[2] == "pause" and len(parts) > 4 and parts[4] in _DRAFTS
            model = OTHERS.get(name, "draft" if is_draft else parts[2])
            found[name] = (model, "pk")
        elif model:
            found[name] = (model, "public_id")
        elif door.name.startswith("mfa_"):
            found[name] = ("authenticator", "pk")
        elif door.name.startswith("mailbox:"):
            found[name] = ("", "letter")
        else:
            raise LookupError(f"Say in tests/faces/access/asking.py which row {name} of {door.route} means.")
    return found


def values_for(door: Door, world: World, role: str, place: str) -> dict[str, Any] | None:
    """The values of the address's parameters in this relation to the person; None where there is no such row."""
    values: dict[str, Any] = dict(door.words)
    for name, (model, attribute) in rows_of(door).items():
        if place == "missing":
            values[name] = None
        elif not model:
            value = _secret(world, place, attribute)
            if value is None:
                return None
            values[name] = value
        else:
            row = world.row(model, role, place)
            if row is None:
                return None
            values[name] = getattr(row, attribute)
    for name in set(door.open_parameters) & FREE:
        values[name] = {"app_label": "projects"}.get(name, "nothing")
    return values


def _secret(world: World, place: str, name: str) -> str | None:
    if name == "calendar":
        return world.places[place].secrets["calendar"]
    if name == "unsubscribe":
        person = world.places[place]["contractor"]
        link = unsubscribe_link(recipient_key=f"contractor:{person.pk}", category=Category.UPDATE)
        return link.rstrip("/").rpartition("/")[2]
    return "nothing" if place == "own" else None


def address(door: Door, values: dict[str, Any]) -> str:
    """The address with its values; a row that is missing gets a number, id or word that no row has."""
    path = door.path
    for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", path):
        value = values.get(name)
        if value is None:
            value = MISSING.get("int" if name == "object_id" else kind, MISSING["str"])
        path = re.sub(rf"<(?:\w+:)?{name}>", quote(str(value)), path)
    return "/" + path


@dataclass
class Asked:
    """What came back, in a word; the body without its tokens; and the tables that were written to."""

    word: str
    body: bytes
    tables: set[str] = field(default_factory=set)


class Asker:
    """One signed-in browser a role; whatever a request writes is undone."""

    def __init__(self, world: World, *, csrf: bool = False) -> None:
        """Sign everybody in."""
        self.world = world
        self.clients: dict[str, Client] = {}
        for role, user in world.users.items():
            client = Client(raise_request_exception=False, enforce_csrf_checks=csrf)
            if user is not None:
                client.force_login(user, backend=BACKEND)
            self.clients[role] = client
        self._cookies = {role: client.cookies.copy() for role, client in self.clients.items()}

    def ask(self, door: Door, role: str, place: str) -> Asked | None:
        """Knock as somebody for a row in some relation to them; None where there is no such row."""
        values = values_for(door, self.world, role, place)
        if values is None:
            return None
        cache.clear()  # limits are not what is asked here
        client = self.clients[role]
        client.cookies = self._cookies[role].copy()
        path = address(door, values)
        tables: set[str] = set()
        with transaction.atomic(), _writes(tables):
            response = _send(client, door, path, body_of(door, self.world, role, place))
            body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        return Asked(word_for(response), _plain(body, path), tables)

    def answers(self, door: Door, role: str) -> dict[str, Asked]:
        """What each kind of row is answered with; a door that asks for no row is asked once."""
        places = PLACES if door.action or rows_of(door) or door.name in BY_WHAT_IS_SENT else PLACES[:1]
        found = {place: self.ask(door, role, place) for place in places}
        return {place: answer for place, answer in found.items() if answer is not None}


def _send(client: Client, door: Door, path: str, body: dict[str, Any]) -> Any:
    if door.method == "GET":
        return client.get(path, body)
    if path.startswith("/api/"):
        return client.generic(door.method, path, json.dumps(body), content_type="application/json")
    return client.generic(door.method, path) if door.method not in {"POST"} else client.post(path, body)


def word_for(response: Any) -> str:
    """`in`: asked to sign in; `on`: led on to another page; else the status."""
    if response.status_code in {301, 302}:
        location = response["Location"]
        return "in" if "/login/" in location else "on"
    return str(response.status_code)


def _plain(body: bytes, path: str) -> bytes:
    return _TOKEN.sub(b"", body).replace(path.encode(), b"").replace(quote(path).encode(), b"")


@contextmanager
def _writes(tables: set[str]) -> Iterator[None]:
    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found:
            tables.add(found[1])
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield


def body_of(door: Door, world: World, role: str, place: str) -> dict[str, Any]:
    """What is sent: what a good request would hold, so that nothing but the person decides."""
    if door.name == "slack:link":
        return {"who": link_token(Who("T0FIRM", "U0ANA"))}
    if door.name == "finance:difference":
        return {"with": str(world.firm["reportrun"].public_id)}
    target = world.places.get(place)
    project = target["project"] if target else None
    if door.method == "GET":
        asks = {
            "admin:projects_pause_add",
            "admin:projects_scopereassessment_add",
            "admin:projects_openseat_add",
        }
        if door.name == "api:days-off":
            return {"country": "PH", "year": 2026}
        if door.name == "api:hours-lock" and target:
            return {"contractor": target["contractor"].email, "project": project.code}
        return {"project": project.pk} if door.name in asks and project else {}
    if door.action:
        row = world.row(door.route.split("/")[2], role, place)
        return {"action": door.action, "_selected_action": [row.pk] if row else []}
    soon = (timezone.now() + timedelta(days=2)).isoformat()
    return {
        key: value
        for key, value in _bodies(world, target, soon).get(door.name, {}).items()
        if value is not None
    }


def _bodies(world: World, target: Any, soon: str) -> dict[str, dict[str, Any]]:
    project = target["project"].code if target else "NOWHERE"
    person = target["contractor"] if target else world.places["own"]["contractor"]
    opening = {
        "project": project, "reason_code": "budget", "starts_at": "now", "next_update_by": soon,
        "what_stopped": "All work.", "why": "Budget.", "what_happens_to_pay": "None.", "what_to_do_now": "Wait.",
    }  # fmt: skip
    endpoint = {"name": "Payroll", "url": "https://hooks.example/", "events": ["pause.opened"]}
    return {
        "api:pauses": opening,
        "api:pause-updates": {"text": "Still nothing new.", "next_update_by": soon},
        "api:pause-void": {"reason": "The wrong project."},
        "api:tokens": {"name": "Payroll", "scopes": ["read"]},
        "api:hours-lock": {"pairs": [{"contractor": person.email, "project": project}]},
        "api:webhook-endpoints": endpoint,
        "api:webhook-endpoint": endpoint,
        "api:webhook-replay": {"webhook_ids": ["6f1d2c1e-8a0b-4a53-9c7e-1c2b3d4e5f60"]},
        "api:corrections": {
            **examples.CORRECTION.value,
            "engagement": str((target or world.places["own"])["engagement"].public_id),
            "worked_on": timezone.now().date().isoformat(),
            "kind": "before_notice",
        },
        "api:correction-act": {"answer": "Looked at."},
        "api:open-seat-close": examples.SEAT_CLOSED.value,
        "api:open-seat": examples.SEAT_FACTS.value,
        "api:open-seat-offer": {**examples.OFFER.value, "contractor": str(person.public_id)},
        "api:approvals": {**opening, "starts_at": "2026-01-05T09:00:00Z"},
        "api:approval-send-back": examples.SENDING_BACK.value,
        "api:pause-release": {"project": project},
        "api:calendar-days": examples.CALENDAR_DAY.value,
        "api:working-weeks": examples.WORKING_WEEK.value,
        "api:clients": examples.CLIENT.value,
        "api:projects": {**examples.PROJECT.value, "client": "ORION"},
        "api:contractors": examples.CONTRACTOR.value,
        "api:engagements": {
            **examples.ENGAGEMENT.value,
            "contractor": str(person.public_id),
            "project": project,
        },
        "api:engagement-rates": examples.RATE.value,
        "api:engagement-end": {"ends_on": "2099-01-01"},
        "api:open-seats": {**examples.SEAT.value, "project": project},
        "api:reassessments": {**examples.REASSESSMENT.value, "project": project},
        "api:reassessment-decide": examples.DECISION.value,
        "finance:pull": {"written_as": "csv"},
    }


def is_refusal(word: str) -> bool:
    """Whether nothing was shown and nothing was done."""
    return word in {"in", "401", "403", "404", "405"}
