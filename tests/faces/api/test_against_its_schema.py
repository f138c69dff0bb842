"""What the schema promises holds for whatever is sent: generated requests at every door, as each kind of asker."""

from collections.abc import Iterator
from typing import Any, Final, cast

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.specs.openapi.checks import positive_data_acceptance

from contractorhub.api.models import Scope
from tests.faces.api.world import World, make_token

FEW: Final = 6
MANY: Final = 250
# The hook of the whole suite: the schema as it is served, called through WSGI in this process and transaction.
SCHEMA = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]
SCHEMA.app = get_wsgi_application()
SCHEMA.config.update(base_url="http://127.0.0.1/")
OPERATIONS = {each.label: each for each in (cast(Any, found).ok() for found in SCHEMA.get_all_operations())}
# What the business refuses (a project nobody knows, a time gone by) no schema can say.
EXCLUDED: Final = [positive_data_acceptance]

load_all_checks()


@pytest.fixture(autouse=True)
def _connection_stays_open() -> Iterator[None]:
    """Requests run in the test's transaction, so their end must not close its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class _Undo(Exception):
    """Takes back what one example wrote."""


def _cases(operation: Any) -> Any:
    """Requests as the schema asks for them, and requests that break it, where anything in it can be broken."""
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not (operation.body or operation.query or operation.path_parameters):
        return fitting
    return fitting | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def _meets(operation: Any, world: World, who: str, examples: int) -> None:
    headers = {"Authorization": f"Bearer {make_token(world.users[who], *Scope.values)}"}
    things = {"engagements": world.engagement, "webhooks": world.endpoint}
    thing = next((row for name, row in things.items() if f"/{name}/" in operation.path), world.pause)
    code = "ORION" if "clients" in operation.path else "CHORDUS"
    known = {"public_id": str(thing.public_id), "code": code}

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_cases(operation), is_real=booleans())
    def meets(case: Any, is_real: bool) -> None:
        cache.clear()  # a generator asks more in a minute than anybody may
        if is_real and case.meta.generation.mode == GenerationMode.POSITIVE:
            case.path_parameters = {name: known[name] for name in case.path_parameters}
        try:
            with transaction.atomic():
                case.call_and_validate(headers=headers, excluded_checks=EXCLUDED)
                raise _Undo
        except _Undo:
            return

    meets()


@pytest.mark.parametrize("who", ["operations", "contractor"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_the_schema_promises(world: World, label: str, who: str) -> None:
    _meets(OPERATIONS[label], world, who, FEW)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("who", ["operations", "contractor", "lead", "finance", "auditor"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_the_schema_promises_however_long_one_asks(
    world: World, label: str, who: str
) -> None:
    _meets(OPERATIONS[label], world, who, MANY)
