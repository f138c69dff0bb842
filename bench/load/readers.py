"""Who reads during the load test, signed in: what locust is told of them."""

from typing import Any, Final

from django.db import connection

from bench.identities import tracker_token, with_role
from bench.portal import PEOPLE_A_PROJECT, _session, fill
from projects.models import Pause, User

ASKS_A_SECOND: Final = {"portal": 0.25, "lock": 2.0, "desk": 0.25, "finance": 0.25}
"""How often one reader of a kind asks: slow enough that a page that takes seconds does not lower the rate."""


def plan(people: int, rates: dict[str, float]) -> dict[str, Any]:
    """Fill the database with a paused firm; everything that the readers need to ask at these rates a second."""
    sessions = fill(people)
    identities = {
        "portal": [{"Cookie": cookie} for cookie in sessions],
        "lock": [{"Authorization": f"Bearer {tracker_token()}"}],
        "desk": [{"Cookie": _session(_lead())}],
        "finance": [{"Cookie": _session(with_role("finance"))}],
    }
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    kinds = {}
    for kind, each in ASKS_A_SECOND.items():
        readers = max(round(rates[kind] / each), 1)
        kinds[kind] = {
            "readers": readers,
            "each_per_second": rates[kind] / readers,
            "identities": identities[kind],
        }
    projects = max(people // PEOPLE_A_PROJECT, 1)
    return {
        "people": people,
        "projects": projects,
        "pause": str(Pause.objects.get().public_id),
        "kinds": kinds,
    }


def _lead() -> User:
    lead: User = User.objects.get(email="lea@firm.example")
    lead.is_staff = True
    lead.save(update_fields=["is_staff"])
    return lead
