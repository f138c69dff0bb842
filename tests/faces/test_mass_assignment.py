"""Fields that nobody asked for are not taken: neither by the API nor by a form of the desk or the portal."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.cache import cache
from django.core.validators import MaxLengthValidator
from django.db import connection, transaction
from django.test import RequestFactory
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers

from projects.models import RoleGrant, User
from tests.faces.access.asking import Asker, _send, address, body_of, values_for
from tests.faces.access.doors import Door, doors
from tests.faces.access.world import make_world
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
WORD, NUMBER = "canary-of-mass-assignment", 7_700_770_077
OWN: Final = frozenset({"projects", "notifications", "api", "slack"})
ROOMS: Final = ("contractorhub", "projects", "notifications")


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def columns() -> set[str]:
    """The name of every field of every row that we keep, and how its key is called."""
    return {
        name
        for model in apps.get_models()
        if model._meta.app_label in OWN
        for one in model._meta.concrete_fields
        for name in (one.name, one.attname)
    } | {
        "id",
        "pk",
        "user",
        "role",
        "roles",
        "by",
        "is_superuser",
        "is_staff",
        "is_active",
        "leads",
        "owners",
    }


def asked_for(schema: dict[str, Any], door: Door) -> set[str]:
    """What the schema says that a request of this door may hold."""
    path = next(path for path in schema["paths"] if _plain(path) == _plain("/" + door.path))
    body = schema["paths"][path][door.method.lower()].get("requestBody", {"content": {}})
    found: set[str] = set()
    for kind in body["content"].values():
        name = kind["schema"].get("$ref", "").rpartition("/")[2]
        found |= set(schema["components"]["schemas"].get(name, kind["schema"]).get("properties", {}))
    return found


def _plain(path: str) -> str:
    return "/".join("*" if part[:1] in {"<", "{"} else part for part in path.strip("/").split("/"))


@contextmanager
def written() -> Iterator[list[str]]:
    """What statements that write were given, as text."""
    kept: list[str] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            kept.append(repr(parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        yield kept


def sent_with(asker: Asker, door: Door, role: str, extra: dict[str, Any]) -> tuple[int, str, list[Any]]:
    """Send a good request with more in it: its status, what it wrote, and who may do what afterwards."""
    values = values_for(door, asker.world, role, "own") or {}
    cache.clear()
    with transaction.atomic(), written() as kept:
        body = extra | body_of(door, asker.world, role, "own")
        status = _send(asker.clients[role], door, address(door, values), body).status_code
        rights = [
            *User.objects.order_by("email").values_list("email", "is_superuser", "is_staff", "is_active"),
            *RoleGrant.objects.order_by("user__email").values_list("user__email", "role"),
        ]
        transaction.set_rollback(True)
    return status, "\n".join(kept), rights


def test_no_operation_of_the_api_writes_a_field_that_its_schema_does_not_name() -> None:
    schema, asker, done, wrong = (
        SchemaGenerator().get_schema(request=None, public=True),
        Asker(make_world()),
        0,
        [],
    )
    for door in doors():
        if door.room != "API" or door.method not in {"POST", "PATCH", "PUT"}:
            continue
        if not any(_plain(path) == _plain("/" + door.path) and door.method.lower() in methods
                   for path, methods in schema["paths"].items()):  # fmt: skip
            continue
        unasked = columns() - asked_for(schema, door)
        for value in (WORD, NUMBER, True):
            status, kept, rights = sent_with(asker, door, "operations", dict.fromkeys(unasked, value))
            _same, _kept, usual = sent_with(asker, door, "operations", {})
            done += status < 300
            if WORD in kept or str(NUMBER) in kept or rights != usual:
                wrong.append(f"{door.method} /{door.title}")
    assert not wrong
    assert done > 30


def _of_the_product(base: type) -> Iterator[type]:
    """Every class of ours below this one; the routes have been read, so that all are loaded."""
    for one in base.__subclasses__():
        if one.__module__.partition(".")[0] in ROOMS:
            yield one
        yield from _of_the_product(one)


def test_a_form_names_its_fields_and_bounds_its_words() -> None:
    assert doors()
    for form in set(_of_the_product(forms.BaseModelForm)):
        assert isinstance(form._meta.fields, tuple), form
    wordy = [
        f"{form.__name__}.{name}"
        for form in set(_of_the_product(forms.BaseForm))
        for name, one in form.base_fields.items()
        if isinstance(one, forms.CharField)
        and one.max_length is None
        and not any(isinstance(check, MaxLengthValidator) for check in one.validators)
    ]
    assert not wordy, "Say how long these may be at most."


def test_what_the_api_takes_in_is_never_read_off_a_row() -> None:
    """A serializer of a row writes what its row has; those of requests name each field instead."""
    assert doors()
    taken_in = {one for one in _of_the_product(serializers.Serializer) if one.__name__.endswith("In")}

    assert len(taken_in) > 20
    assert not [one for one in taken_in if issubclass(one, serializers.ModelSerializer)]


def test_the_desk_lets_nobody_write_the_columns_of_a_row_but_those_of_a_calendar() -> None:
    request = RequestFactory().get("/admin/")
    request.user = UserFactory.make(is_superuser=True, is_staff=True)
    writable = {}
    for model, page in admin.site._registry.items():
        if page.has_change_permission(request):
            writable[model._meta.label] = set(
                page.get_form(request, fields=page.get_fields(request)).base_fields
            )

    assert writable == {"projects.CalendarDay": {"country", "region", "day", "is_holiday", "name"}}
