"""No file leaves the desks for whoever has not proved lately who they are: every door that hands one out asks again."""

from typing import Final

import pytest
from django.core.cache import cache
from django.db import transaction

from contractorhub.second_factor import GRAVE, LETS_OUT
from tests.faces.access.asking import BACKEND, Asker, _send, address, body_of, values_for
from tests.faces.access.doors import doors
from tests.faces.access.world import make_world

HARMLESS: Final = {"admin:projects_correction_paper": "one paper, to whoever has to answer it now"}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.once
def test_every_door_that_hands_out_a_file_asks_again() -> None:
    asker, wrong, asking = Asker(make_world()), [], 0
    for door in doors():
        if door.action or not door.path.startswith(("admin/", "finance/", "api/")):
            continue
        values = values_for(door, asker.world, "superuser", "own")
        if values is None or door.method not in {"GET", "POST"}:
            continue
        cache.clear()
        asker.clients["superuser"].force_login(asker.world.users["superuser"], backend=BACKEND)
        with transaction.atomic():
            answer = _send(
                asker.clients["superuser"],
                door,
                address(door, values),
                body_of(door, asker.world, "superuser", "own"),
            )
            is_file = "attachment" in answer.get("Content-Disposition", "")
            if answer.streaming:
                list(answer.streaming_content)
            transaction.set_rollback(True)
        asking += is_file
        if is_file and door.name not in LETS_OUT | HARMLESS.keys() and (door.method, door.name) not in GRAVE:
            wrong.append(f"{door.method} {door.name}")
    assert not wrong
    assert asking > 3
