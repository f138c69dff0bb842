"""The reference pages of the documentation, written from the code each time the site is built (a hook of MkDocs)."""

import ast
import os
import re
import sys
import tempfile
import tomllib
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

CHECKOUT = Path(__file__).resolve().parent.parent
INVENTORY = CHECKOUT / "contractorhub" / "data_inventory.toml"
OWN = ("contractorhub", "projects", "notifications")
_READ = re.compile(r"""env\.(text|number|flag|words)\(\s*"(\w+)"(?:,\s*(.+?))?\)""")


def _prepare() -> None:
    sys.path[:0] = [str(CHECKOUT), str(CHECKOUT / "scripts")]
    os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="contractorhub-docs-"))
    os.environ["COLUMNS"] = "100"  # the width argparse wraps its help at
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contractorhub.settings")
    import_module("django").setup()


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
    """Every variable that the settings read, with what holds where it is not given."""
    yield "# Variables\n\nEach may be given as `NAME_FILE`, a file that holds the value.\n"
    yield "| variable | kind | where it is not given |\n|---|---|---|"
    source = (CHECKOUT / "contractorhub" / "settings.py").read_text()
    kinds = {
        "text": "words",
        "number": "a whole number",
        "flag": "yes or no",
        "words": "a list, parted by commas",
    }
    seen = set()
    for kind, name, default in _READ.findall(source):
        if name not in seen:
            seen.add(name)
            yield f"| `{name}` | {kinds[kind]} | {_plain(default)} |"


def _plain(default: str) -> str:
    text = default.removeprefix("default=").strip().rstrip(",")
    try:
        value = ast.literal_eval(text) if text else ""
    except (ValueError, SyntaxError):
        return "worked out from the others"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"`{value}`" if value not in ("", None) else "–"


def states() -> Iterator[str]:
    """What may become of a delivery and of a pause."""
    delivery, pausing = import_module("notifications.states"), import_module("projects.domain.pausing")
    yield "# States\n\n## Of a delivery\n\n| state | means | may become |\n|---|---|---|"
    for state, meaning in delivery.MEANING.items():
        yield f"| `{state}` | {meaning} | {_listed(delivery.FOLLOWS[state])} |"
    yield "\n## Of a pause\n\n| state | may become |\n|---|---|"
    for state, after in pausing.FOLLOWS.items():
        yield f"| `{state}` | {_listed(after)} |"


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "–"


def reports() -> Iterator[str]:
    """Every report, its parameters, and who may pull it."""
    yield "# Reports\n\n`python manage.py export_report NAME --format csv --output FILE`, or on the page.\n"
    for report in import_module("projects.reports.catalogue").REPORTS:
        who = (
            (report.may_pull.__doc__ or "").splitlines()[0].removeprefix("Whether somebody may ").rstrip(".")
        )
        yield f"## {report.name}\n\n{report.title}. {report.summary} For those who may {who}.\n"
        if report.parameters:
            yield "| parameter | what it is | |\n|---|---|---|"
            for one in report.parameters:
                yield f"| `{one.name}` | {one.label} ({one.shape}) | {one.help} |"
            yield ""


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
    "permissions": permissions,
    "api": operations_of_the_api,
    "data-inventory": data_inventory,
    "licences": licences,
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages to the site that is being built."""
    _prepare()
    for name, page in PAGES.items():
        files.append(File.generated(config, f"reference/{name}.md", content="\n".join(page()) + "\n"))
    return files
