"""The documents about the API are true: the schema is whole, its examples fit, the commands run."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from jsonschema_rs import Draft202012Validator
from pytest_django.live_server_helper import LiveServer

from contractorhub.api.answers import ANSWERS
from projects.models import Pause
from tests.faces.api.world import World, make_token

HOWTO = Path(__file__).resolve().parents[3] / "docs" / "howto" / "api.md"


@pytest.mark.once
def test_the_schema_is_valid_openapi_without_a_warning(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))
    assert "openapi: 3.1.0" in (tmp_path / "schema.yml").read_text()


@pytest.mark.once
def test_the_schema_is_served_to_everybody_and_names_every_refusal(client: Client, db: None) -> None:
    schema = client.get("/api/v1/schema/").json()
    answers = schema["paths"]["/api/v1/pauses/"]["post"]["responses"]
    assert {"201", "400", "401", "403", "409", "415", "422", "429"} <= answers.keys()
    assert schema["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


@pytest.mark.once
def test_every_body_that_can_be_sent_has_an_example_that_fits_its_schema(client: Client, db: None) -> None:
    schema = client.get("/api/v1/schema/").json()
    bodies = {
        operation["operationId"]: operation["requestBody"]["content"]["application/json"]
        for methods in schema["paths"].values()
        for operation in methods.values()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    for name, body in bodies.items():
        form = schema["components"]["schemas"][body["schema"]["$ref"].rpartition("/")[2]]
        if not form.get("properties"):
            continue
        assert body.get("examples"), name
        for example in body["examples"].values():
            Draft202012Validator({**body["schema"], "components": schema["components"]}).validate(
                example["value"]
            )


@pytest.mark.once
def test_every_answer_is_shown_by_an_example_that_fits_its_schema_field_by_field(
    client: Client, db: None
) -> None:
    schema = client.get("/api/v1/schema/").json()
    shown = set()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            for code, answer in operation["responses"].items():
                content = answer.get("content", {}).get("application/json")
                if not code.startswith("2") or content is None or path.endswith("/reports/{name}/"):
                    continue
                assert "example" in content, (method, path)
                shown.add(content["schema"].get("$ref", ""))
                Draft202012Validator({**content["schema"], "components": schema["components"]}).validate(
                    content["example"]
                )
    named = {each.rpartition("/")[2].removeprefix("Paginated").removesuffix("List") for each in shown}
    for name, example in ANSWERS.items():
        assert name in named | {"EventTypeOut"}, f"nothing answers with {name}"
        assert set(example) == set(schema["components"]["schemas"][name]["properties"]), name


@pytest.mark.once
def test_the_example_of_an_estimate_adds_up(client: Client) -> None:
    estimate = ANSWERS["EstimateOut"]
    parts = [-estimate[f"{name}_minor"] for name in ("earned", "recovered", "standby")]
    assert estimate["lost_minor"] == estimate["expected_minor"] + sum(parts)
    assert estimate["lost_minor"] == sum(line["minor"] for line in estimate["lines"])
    for name in ("expected", "earned", "recovered", "standby", "lost"):
        assert estimate[f"{name}_minor"] == sum(week[f"{name}_minor"] for week in estimate["weeks"])


@pytest.mark.django_db(transaction=True)
def test_the_documented_pause_works_as_pasted(live_server: LiveServer, committed_world: World) -> None:
    section = HOWTO.read_text().split("## A pause")[1].split("\n## ")[0]
    commands = "\n".join(re.findall(r"```sh\n(.*?)```", section, flags=re.DOTALL))
    commands = commands.replace("http://127.0.0.1:8000", live_server.url).replace(
        "PROJECT=CHORDUS", "PROJECT=HARP"
    )
    token = make_token(committed_world.users["other lead"], "read", "pauses:write")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands.replace("hub_your_token", token)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    pause = Pause.objects.get(project=committed_world.harp)
    assert f"opened {pause.public_id}" in done.stdout
    assert pause.state == "ended"
    assert list(pause.updates.values_list("kind", flat=True)) == ["opened", "extended", "ended"]
