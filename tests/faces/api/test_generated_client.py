"""A Python client generated from the schema talks to the running API: what the schema says is enough to build on."""

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from openapi_python_client import GeneratorData, Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from pytest_django.live_server_helper import LiveServer

from contractorhub.api import examples
from projects.models import Pause
from tests.faces.api.world import World, make_token

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]
PACKAGE = "hub_client"


@pytest.fixture
def client_package(tmp_path: Path) -> Iterator[Any]:
    """The client, generated from the schema as it is served, and importable."""
    document = tmp_path / "schema.json"
    call_command("spectacular", "--format", "openapi-json", "--file", str(document))
    config = Config.from_sources(
        ConfigFile(package_name_override=PACKAGE, post_hooks=[]),
        MetaType.NONE,
        document_source=document,
        file_encoding="utf-8",
        overwrite=True,
        output_path=tmp_path / PACKAGE,
    )
    data = GeneratorData.from_dict(json.loads(document.read_text()), config=config)
    assert isinstance(data, GeneratorData), data
    errors = Project(openapi=data, config=config).build()
    assert list(errors) == []
    sys.path.insert(0, str(tmp_path))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def test_a_pause_is_opened_read_and_ended_by_the_generated_client(
    client_package: Any, live_server: LiveServer, committed_world: World
) -> None:
    models = importlib.import_module(f"{PACKAGE}.models")
    doors = importlib.import_module(f"{PACKAGE}.api.pauses")
    for name in ("pauses_create", "pauses_list", "pauses_resume"):
        importlib.import_module(f"{doors.__name__}.{name}")
    token = make_token(committed_world.users["other lead"], "read", "pauses:write")

    with client_package.AuthenticatedClient(base_url=live_server.url, token=token) as client:
        asked = models.OpenPauseInRequest.from_dict({**examples.OPENING.value, "project": "HARP"})
        opened = doors.pauses_create.sync(client=client, body=asked, idempotency_key="first")
        listed = doors.pauses_list.sync(client=client, project="HARP")
        ended = doors.pauses_resume.sync(
            public_id=opened.public_id, client=client, body=models.ResumePauseInRequest(text="On again.")
        )
        refused = doors.pauses_resume.sync(
            public_id=opened.public_id, client=client, body=models.ResumePauseInRequest(text="Again.")
        )

    assert [row.public_id for row in listed.results] == [opened.public_id]
    assert (ended.state.value, refused.status) == ("ended", 409)
    assert Pause.objects.get(public_id=opened.public_id).state == "ended"
