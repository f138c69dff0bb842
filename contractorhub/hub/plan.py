"""What one start of the hub brings along itself and what it was given, and the note that commands by hand read."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from contractorhub.env import embedded_secret
from contractorhub.hub.broker import Broker
from contractorhub.hub.ports import free_port

# Whatever the running hub was given, a command started by hand in another terminal must be given too.
SHARED_VARIABLES = (
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "CACHE_URL",
    "EMAIL_URL",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_API_URL",
    "SECRET_KEY",
    "FIELD_KEYS",
    "BASE_URL",
    "ALLOWED_HOSTS",
    "FROM_EMAIL",
    "PORT",
)


@dataclass(frozen=True)
class Plan:
    """One start: the parts of our own, None where a variable names another, and the variables all processes share."""

    broker: Broker | None
    mail_port: int | None
    variables: dict[str, str]


def make_plan(*, given: Mapping[str, str], noted: Mapping[str, str], data_dir: Path) -> Plan:
    """Decide from what was given; ports noted at an earlier start are taken again where they are still free."""
    shared = dict(_given_variables(given))
    has = {name for name in SHARED_VARIABLES if name in shared or f"{name}_FILE" in shared}
    broker = None
    if not {"CELERY_BROKER_URL", "CACHE_URL"} <= has:
        port = free_port(_port_of(noted.get("CELERY_BROKER_URL", "") or noted.get("CACHE_URL", "")))
        broker = Broker(port=port, password=embedded_secret("broker"), folder=data_dir / "broker")
        if "CELERY_BROKER_URL" not in has:
            shared["CELERY_BROKER_URL"] = broker.tasks_url
        if "CACHE_URL" not in has:
            shared["CACHE_URL"] = broker.cache_url
    mail_port = None
    if "EMAIL_URL" not in has:
        mail_port = free_port(_port_of(noted.get("EMAIL_URL", "")))
        shared["EMAIL_URL"] = f"smtp://127.0.0.1:{mail_port}"
        shared["MAILBOX_DIR"] = str(data_dir / "mail")
    return Plan(broker=broker, mail_port=mail_port, variables=shared)


def _given_variables(given: Mapping[str, str]) -> list[tuple[str, str]]:
    names = [name for base in SHARED_VARIABLES for name in (base, f"{base}_FILE")]
    return [
        (name, str(Path(given[name]).resolve()) if name.endswith("_FILE") else given[name].strip())
        for name in names
        if given.get(name, "").strip()
    ]


def _port_of(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or 0 if parts.hostname == "127.0.0.1" else 0


def write_note(variables: Mapping[str, str], path: Path) -> None:
    """Write the variables down for commands started by hand; the file is its owner's alone, as it holds passwords."""
    lines = ["# Written by `manage.py hub` at every start; commands started by hand share these."]
    lines += [f"{name}={value}" for name, value in sorted(variables.items())]
    draft = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
    draft.replace(path)
