"""What the schema promises holds for whatever is sent: generated requests at every door, as each kind of asker."""

import logging
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, Final, cast

import pytest
import schemathesis
from django.conf import settings
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from django.utils.crypto import get_random_string
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as looking
from hypothesis.strategies import booleans
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks
from schemathesis.generation.meta import TestPhase

from contractorhub.api.errors import REFUSED, UNKNOWN
from contractorhub.api.models import Scope
from projects.models import (
    User,
)
from tests.faces.api.names import make_real, names_in_addresses, names_in_bodies
from tests.faces.api.world import World, make_token, make_world, with_more

FEW: Final = 4
MANY: Final = 50
CHAINS: Final = 5
STEPS: Final = 20
ROLES: Final = ("operations", "contractor", "lead", "finance", "auditor")
BY_SESSION: Final = ("/tokens/", "/tokens/{public_id}/", "/approve/", "/send-back/")
"""Doors at which a person stands and no program: their addresses' ends."""
CASES: Final[Counter[str]] = Counter()
DONE: Final[Counter[str]] = Counter()
# The hook of the whole suite: the schema as it is served, called through WSGI in this process and transaction.
SCHEMA = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]
SCHEMA.app = get_wsgi_application()
SCHEMA.config.update(base_url="http://127.0.0.1/")
# What the business refuses (an unknown project, a time gone by) no schema can say: such refusals are looked at below.
SCHEMA.config.checks.positive_data_acceptance.expected_statuses = [
    "2xx", "304", "400", "401", "403", "404", "409", "412", "422",
]  # fmt: skip
# A condition is looked at before the body: what was changed meanwhile is refused for that, whatever else is wrong.
SCHEMA.config.checks.negative_data_rejection.expected_statuses = [
    "400", "401", "403", "404", "405", "406", "409", "412", "415", "422", "428", "429", "5xx",
]  # fmt: skip
OPERATIONS = {each.label: each for each in (cast(Any, found).ok() for found in SCHEMA.get_all_operations())}

load_all_checks()


@schemathesis.check
def only_the_business_refuses_what_fits(_ctx: Any, response: Any, case: Any) -> None:
    """Hold that a request which fits the schema is never refused for its shape: each error says by its code why."""
    if (
        case.meta is None
        or not case.meta.generation.mode.is_positive
        or response.status_code not in {400, 422}
    ):
        return
    # A chain feeds back what earlier answers held, and a text in an answer may be empty.
    is_chained = case.meta.phase.name == TestPhase.STATEFUL
    fine = {UNKNOWN, REFUSED, "blank"} if is_chained else {UNKNOWN, REFUSED}
    errors = response.json().get("errors", [])
    shapes = [each for each in errors if each["code"] not in fine]
    assert errors, response.text
    assert not shapes, shapes


@pytest.fixture(scope="module")
def kept_world(kept_rows: Callable[[], AbstractContextManager[None]]) -> World:
    """The world of the API with a row of everything that an address can name."""
    with kept_rows():
        return with_more(make_world())


@pytest.fixture(autouse=True)
def _connection_stays_open() -> Iterator[None]:
    """Requests run in the test's transaction, so their end must not close its connection; refusals are not logged."""
    logging.disable(logging.WARNING)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    logging.disable(logging.NOTSET)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="session", autouse=True)
def _tell_how_many() -> Iterator[None]:
    """Say at the end how many requests were made as whom (shown with `pytest -s`)."""
    yield
    for who, number in sorted(CASES.items()):
        sys.stdout.write(f"\n{number:,} requests as {who}, {DONE[who]:,} of them shown or done")
    sys.stdout.write(f"\n{CASES.total():,} requests in all, {DONE.total():,} of them shown or done")


class _Undo(Exception):
    """Takes back what one example wrote."""


def _cases(operation: Any) -> Any:
    """Requests as the schema asks for them, and requests that break it, where anything in it can be broken."""
    fitting = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if not (operation.body or operation.query or operation.path_parameters):
        return fitting
    return fitting | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def _asking_as(user: User, operation: Any) -> dict[str, str]:
    """The headers of somebody's request: a token that may do everything, or a session at the doors that take none."""
    token = make_token(user, *Scope.values)
    if not operation.path.endswith(BY_SESSION):
        return {"Authorization": f"Bearer {token}"}
    browser, csrf = Client(), get_random_string(32)
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)
    values = (browser.cookies[names[0]].value, csrf)
    return {"Cookie": "; ".join(map("=".join, zip(names, values, strict=True))), "X-CSRFToken": csrf}


def _meets(operation: Any, world: World, who: str, examples: int) -> None:
    headers = _asking_as(world.users[who], operation)
    addresses, bodies = names_in_addresses(operation, world), names_in_bodies(world)

    @looking(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_cases(operation), is_real=booleans())
    def meets(case: Any, is_real: bool) -> None:
        cache.clear()  # a generator asks more in a minute than anybody may
        CASES[who] += 1
        if is_real:
            make_real(case, addresses, bodies)
        try:
            with transaction.atomic():
                DONE[who] += case.call_and_validate(headers=headers).status_code < 300
                raise _Undo
        except _Undo:
            return

    meets()


# A contractor is refused at most doors before any row is read: on which database makes no difference.
@pytest.mark.parametrize("who", ["operations", pytest.param("contractor", marks=pytest.mark.once)])
@pytest.mark.parametrize("room", sorted({label.split("/")[3] for label in OPERATIONS}))
def test_every_answer_is_one_that_the_schema_promises(world: World, room: str, who: str) -> None:
    for label, operation in OPERATIONS.items():
        if label.split("/")[3] == room:
            _meets(operation, world, who, FEW)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_one_that_the_schema_promises_however_long_one_asks(
    world: World, label: str, who: str
) -> None:
    _meets(OPERATIONS[label], world, who, MANY)


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.timeout(3_600)
@pytest.mark.parametrize("who", ROLES)
def test_every_answer_is_one_that_the_schema_promises_whatever_came_before(world: World, who: str) -> None:
    """Chains of requests along the schema's links: what one answer names is what the next one asks for."""
    headers = {"Authorization": f"Bearer {make_token(world.users[who], *Scope.values)}"}

    class Chain(SCHEMA.as_state_machine()):  # type: ignore[misc]
        """One chain; what it wrote is taken back at its end."""

        def setup(self) -> None:
            """Begin a transaction."""
            cache.clear()
            self.undone = transaction.atomic()
            self.undone.__enter__()

        def teardown(self) -> None:
            """Take back what was written."""
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

        def before_call(self, case: Any) -> None:
            """Name what is there; what an earlier answer named stays."""
            named = dict(case.path_parameters or {})
            make_real(case, {}, names_in_bodies(world))
            case.path_parameters = named or case.path_parameters

        def after_call(self, response: Any, case: Any) -> None:
            """Count."""
            super().after_call(response, case)
            DONE[who] += response.status_code < 300

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            """Ask as this role; strangers, as whom the checks ask again, may ask 60 times a minute only."""
            cache.clear()
            CASES[who] += 1
            return {"headers": headers}

        def validate_response(self, response: Any, case: Any, *_: Any, **sent: Any) -> None:
            """Look at the answer in the light of the whole chain."""
            case.validate_response(response, headers=headers, transport_kwargs=sent, recorder=self.recorder)

    Chain.run(
        settings=looking(
            max_examples=CHAINS,
            # To shorten a chain that fails would take thousands of requests.
            phases=[Phase.explicit, Phase.generate],
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
    )
