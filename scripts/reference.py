"""The reference pages of the documentation, written from the code each time the site is built (a hook of MkDocs).

None of them is kept in the repository, so none can differ from the code.
"""

import ast
import json
import math
import os
import re
import sys
import tempfile
import tomllib
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

CHECKOUT = Path(__file__).resolve().parent.parent
INVENTORY = CHECKOUT / "contractorhub" / "data_inventory.toml"
OWN = ("contractorhub", "projects", "notifications")
_READ = re.compile(r"""env\.(text|number|flag|words)\(\s*"(\w+)"(?:,\s*(.+?))?\)""")
READ_BY_A_PROCESS = {
    "DATA_DIR": "the folder of everything kept: database, mail, papers, secrets of this installation",
    "WEB_WORKERS": "processes of the web server; 2 where it is not given",
    "WEB_THREADS": "threads of each of them; 4",
    "FORWARDED_ALLOW_IPS": "proxies whose headers the web server believes; loopback",
    "BEAT_SIGN_FILE": "a file whose age tells a container whether the clock runs; none",
}
"""Variables that one process reads by itself, before or beside the settings."""


class NoMigrations(dict[str, None]):
    """Tables are made from the models at once: hundreds of steps tell nothing here."""

    def __contains__(self, _app: object) -> bool:
        """Every app has none."""
        return True

    def __missing__(self, _app: str) -> None:
        """None, for whichever app."""


def prepare() -> None:
    """Start Django on an empty database of its own: some reports look into it before they name their columns."""
    sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "scripts")]
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="contractorhub-docs-")
    for name in ("DATABASE_URL", "CACHE_URL", "CONTRACTORHUB_ENV"):
        os.environ.pop(name, None)
    os.environ["CELERY_BROKER_URL"] = "memory://"
    os.environ["COLUMNS"] = "100"  # the width argparse wraps its help at
    os.environ["DJANGO_SETTINGS_MODULE"] = "contractorhub.settings"
    os.environ["LOG_LEVEL"] = "ERROR"
    import_module("django").setup()
    import_module("django.conf").settings.MIGRATION_MODULES = NoMigrations()
    import_module("django.core.management").call_command("migrate", run_syncdb=True, verbosity=0)


def commands() -> Iterator[str]:
    """Every command of `manage.py` that is ours, as its own --help tells it."""
    management = import_module("django.core.management")
    yield "# Commands\n\nEach is run as `python manage.py NAME`; `--help` says what stands here.\n"
    for name, app in sorted(management.get_commands().items()):
        if str(app).split(".")[0] in OWN:
            command = management.load_command_class(app, name)
            parser: ArgumentParser = command.create_parser("manage.py", name)
            yield f"## {name}\n\n```text\n{_own_help(parser)}\n```\n"


def _own_help(parser: ArgumentParser) -> str:
    common = {
        "version",
        "verbosity",
        "settings",
        "pythonpath",
        "traceback",
        "no_color",
        "force_color",
        "skip_checks",
    }
    for action in parser._actions:
        if action.dest in common:
            action.help = SUPPRESS
    return parser.format_help().strip()


def settings() -> Iterator[str]:
    """Every variable that the settings read, what it is for, and what holds where it is not given."""
    required = ", ".join(f"`{name}`" for name in import_module("contractorhub.env").REQUIRED_IN_PRODUCTION)
    yield "# Variables\n\nEach may be given as `NAME_FILE`, a file that holds the value. With "
    yield f"`CONTRACTORHUB_ENV=production` a start is refused without {required}.\n"
    yield "| variable | kind | where it is not given | what it is |\n|---|---|---|---|"
    lines = (CHECKOUT / "contractorhub" / "settings.py").read_text().splitlines()
    kinds = {
        "text": "words",
        "number": "a whole number",
        "flag": "yes or no",
        "words": "a list, parted by commas",
    }
    seen = set()
    for number, line in enumerate(lines):
        for kind, name, default in _READ.findall(line):
            if name not in seen:
                seen.add(name)
                yield f"| `{name}` | {kinds[kind]} | {_plain(default)} | {described(lines, number)} |"
    yield "\n## Read by one process alone\n\n| variable | what it is |\n|---|---|"
    yield from (f"| `{name}` | {what} |" for name, what in READ_BY_A_PROCESS.items())


def described(lines: list[str], number: int) -> str:
    """What the comment says of a line of the settings: behind it, or the nearest one above in its paragraph."""
    behind = re.search(r"\S  # (?!noqa)(.+)$", lines[number])
    if behind:
        return _in_a_cell(behind.group(1))
    above = number
    while lines[above] and not lines[above].lstrip().startswith("#"):
        above -= 1
    words = []
    while lines[above].lstrip().startswith("# ") and not lines[above].startswith("# ---"):
        words.insert(0, lines[above].strip().removeprefix("# "))
        above -= 1
    return _in_a_cell(" ".join(words))


def _in_a_cell(words: str) -> str:
    plain = words[:1].upper() + words[1:] if words[:1].islower() and "://" not in words[:9] else words
    return plain.rstrip(".").replace("|", "\\|")


def _plain(default: str) -> str:
    text = default.removeprefix("default=").strip().rstrip(",")
    if re.fullmatch(r"[\d_]+(?: \* [\d_]+)+", text):
        return f"`{math.prod(int(part) for part in text.split(' * '))}`"
    try:
        value = ast.literal_eval(text) if text else ""
    except (ValueError, SyntaxError):
        return "worked out from the others"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"`{value}`" if value not in ("", None) else "–"


STATES = (
    ("a pause", "projects.domain.pausing:FOLLOWS", "projects.models.pauses:PauseState"),
    ("a file to take in", "projects.domain.uploads:MAY_FOLLOW", "projects.models.imports:Upload.State"),
    ("a person and an open seat", "projects.domain.seats:FOLLOWS", "projects.models.seats:Candidacy.State"),
    ("a run of estimates", "", "projects.models.estimates:RunState"),
    ("a long piece of work, such as a report", "", "projects.models.jobs:JobRun.State"),
    ("a correction", "", "projects.models.corrections:Correction.State"),
    ("a reassessment of a scope", "", "projects.models.scope:ScopeOutcome"),
)
"""What has states: its words, the pure table of what may follow what, and the words people read."""


def states() -> Iterator[str]:
    """What may become of whatever has a state."""
    delivery = import_module("notifications.states")
    yield "# States\n\n## Of a delivery\n\n| state | means | may become |\n|---|---|---|"
    for state, meaning in delivery.MEANING.items():
        yield f"| `{state}` | {meaning} | {_listed(delivery.FOLLOWS[state])} |"
    for what, table, choices in STATES:
        follows = _found(table) if table else {}
        yield f"\n## Of {what}\n\n| state | people read |{' may become |' if follows else ''}"
        yield "|---|---|---|" if follows else "|---|---|"
        for state, label in _found(choices).choices:
            yield f"| `{state}` | {label} |" + (f" {_listed(follows[state])} |" if follows else "")


def _found(place: str) -> Any:
    module, _colon, names = place.partition(":")
    found = import_module(module)
    for name in names.split("."):
        found = getattr(found, name)
    return found


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"


def reports() -> Iterator[str]:
    """Every report: its parameters, its columns, and who may pull it."""
    catalogue = import_module("projects.reports.catalogue")
    yield "# Reports\n\n`python manage.py export_report NAME --format csv --output FILE`, on the page, or by the API. "
    yield "Columns are those of a report that was asked for without parameters.\n"
    for report in catalogue.REPORTS:
        who = (
            (report.may_pull.__doc__ or "").splitlines()[0].removeprefix("Whether somebody may ").rstrip(".")
        )
        yield f"## {report.name}\n\n{report.title}. {report.summary} For those who may {who}.\n"
        if report.parameters:
            yield "| parameter | what it is | |\n|---|---|---|"
            for one in report.parameters:
                yield f"| `{one.name}` | {one.label} ({one.shape}) | {one.help} |"
            yield ""
        ask = catalogue.ask_for(report, {}, as_of=None, by=None, at=datetime.now(UTC))
        yield "| column | people read | kind | |\n|---|---|---|---|"
        for column in report.build(ask).columns:
            yield f"| `{column.key}` | {column.label} | {column.kind} | {column.help} |"
        yield ""


def events() -> Iterator[str]:
    """Every event that integrations can receive, with an example of its facts."""
    yield "# Events\n\nHow to receive and verify them: [how to receive events](../howto/webhooks.md).\n"
    types = import_module("projects.domain.event_types")
    for event in (*types.CATALOGUE.values(), types.TEST):
        yield f"## {event.name}\n\n{event.says}\n\n```json\n{json.dumps(event.example, indent=2)}\n```\n"


def figures() -> Iterator[str]:
    """Every figure of ours that /metrics tells."""
    yield "# Figures\n\n`/metrics` tells these, besides the requests, latencies and errors of the web processes. "
    yield "What to do about them: [alerts](../operating/alerts.md).\n"
    yield "| figure | labels | what it tells |\n|---|---|---|"
    health = import_module("contractorhub.health")
    for collector in health.measured():
        for family in collector.collect():
            labels = ", ".join(f"`{name}`" for name in family._labelnames) or "–"
            yield f"| `{family.name}` | {labels} | {family.documentation} |"


def clock() -> Iterator[str]:
    """What runs by the clock, when, and in which queue."""
    yield "# What runs by the clock\n\nIn UTC. A bell that nobody answered in time expires: the next one rings."
    yield ""
    yield "| job | when | queue |\n|---|---|---|"
    for name, entry in sorted(import_module("contractorhub.celery").app.conf.beat_schedule.items()):
        when = entry["schedule"]
        words = f"every {when:g} s" if isinstance(when, float) else f"`{_crontab(when)}`"
        yield f"| `{name}` | {words} | {entry['options']['queue']} |"


def _crontab(when: Any) -> str:
    return f"{when._orig_minute} {when._orig_hour} * * *"


def permissions() -> Iterator[str]:
    """The access policy, function by function: every face asks these and nothing else."""
    access = import_module("projects.access")
    yield "# Who may do what\n\nOne policy, `projects/access.py`; every page, command and address of the API asks it. "
    yield "What each address answers whom stands in [the access matrix](../access-matrix.md).\n"
    yield "| rule | it answers |\n|---|---|"
    for name in vars(access):
        rule = getattr(access, name)
        is_rule = callable(rule) and getattr(rule, "__module__", "") == access.__name__
        if is_rule and not name.startswith("_") and rule.__doc__:
            yield f"| `{name}` | {rule.__doc__.splitlines()[0]} |"


def operations_of_the_api() -> Iterator[str]:
    """Every operation of the API, from its schema."""
    generators = import_module("drf_spectacular.generators")
    schema = generators.SchemaGenerator().get_schema(request=None, public=True)
    yield "# Addresses of the API\n\nThe schema itself, with shapes and examples, is at `/api/v1/schema/`; "
    yield "a page to read it at `/api/v1/docs/`.\n\n| | address | |\n|---|---|---|"
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            summary = operation.get("summary") or operation.get("description", "").split("\n")[0]
            yield f"| {method.upper()} | `{path}` | {summary} |"


def data_inventory() -> Iterator[str]:
    """What is kept about whom, for what, how long, and who sees it."""
    yield "# What is kept about people\n\nEvery field of every table that is about somebody. A test fails for a "
    yield "new field that stands neither here nor among those that are about nobody.\n"
    for label, entry in sorted(tomllib.loads(INVENTORY.read_text()).items()):
        if entry.get("personal"):
            yield f"## {label}\n\nAbout {entry['about']}. Kept: {entry['keep']}. Seen by: {entry['seen']}.\n"
            yield "| field | for |\n|---|---|"
            yield from (f"| `{name}` | {purpose} |" for name, purpose in entry["personal"].items())
            yield ""


def licences() -> Iterator[str]:
    """Every runtime package with its licence."""
    yield "# Licences\n\n`make licences` prints this list, and fails for a licence that nobody has said yes to.\n"
    yield "| package | version | licence | |\n|---|---|---|---|"
    for one in import_module("licences").packages():
        yield f"| {one.name} | {one.version} | {one.licence} | {one.why} |"


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "commands": commands,
    "variables": settings,
    "states": states,
    "reports": reports,
    "events": events,
    "figures": figures,
    "clock": clock,
    "permissions": permissions,
    "api": operations_of_the_api,
    "data-inventory": data_inventory,
    "licences": licences,
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to the site that is being built."""
    prepare()
    for name, page in PAGES.items():
        files.append(File.generated(config, f"reference/{name}.md", content="\n".join(page()) + "\n"))
    return files
