"""The house stays as it was drawn: imports run down, rooms say what they hold, nothing grows out of hand."""

import ast
import re
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

from tests.services.processes import CHECKOUT

pytestmark = pytest.mark.xdist_group("rooms")  # every file is read by one process
ROOMS = ("contractorhub", "projects", "notifications", "tests", "bench", "scripts")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
WRITERS = re.compile(r"^(create|bulk_create|bulk_update|update|delete|get_or_create|update_or_create|save)$")


def tracked() -> list[Path]:
    """Return every file of the history as it stands."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    return [CHECKOUT / name for name in names.split("\0") if name and (CHECKOUT / name).is_file()]


@cache
def parsed(path: Path) -> tuple[ast.Module, str]:
    """Return the tree and text of a file, which is read once for all rules."""
    text = path.read_text()
    return ast.parse(text), text


def modules(*rooms: str) -> Iterator[tuple[str, ast.Module, str]]:
    """Yield the name, tree and text of each module, migrations left out."""
    for path in tracked():
        name = path.relative_to(CHECKOUT).as_posix()
        if path.suffix == ".py" and name.split("/")[0] in rooms and "/migrations/" not in name:
            yield name, *parsed(path)


def test_every_import_runs_down() -> None:
    assert (
        lint_imports(config_filename=str(CHECKOUT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS
    )


def test_every_module_opens_with_one_sentence_that_says_what_it_holds() -> None:
    faults = []
    for name, tree, text in modules(*ROOMS):
        if not text.strip():
            continue
        said = (ast.get_docstring(tree) or "").split("\n\n")[0].strip()
        if not said.endswith((".", "?")) or len(re.findall(r"[.?!](?=\s)", said)) > 0:
            faults.append(f"{name}: {said!r}")
    assert not faults, "\n".join(faults)


def test_no_file_and_no_function_is_longer_than_one_can_hold_in_mind() -> None:
    faults = []
    for name, tree, text in modules(*ROOMS):
        lines = text.count("\n")
        if lines > LONGEST_FILE:
            faults.append(f"{name}: {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    faults.append(f"{name}: {node.name} has {length} lines")
    assert not faults, "\n".join(faults)


LOADED_LATE = ("scipy",)
"""A second and 66 MB of every process that calibrates nothing (see test_start.py)."""


def test_nothing_but_what_is_loaded_late_on_purpose_is_imported_inside_a_function() -> None:
    faults = [
        f"{name}:{inner.lineno}"
        for name, tree, _ in modules("contractorhub", "projects", "notifications")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
        and not (isinstance(inner, ast.ImportFrom) and (inner.module or "").startswith(LOADED_LATE))
    ]
    assert not faults, "\n".join(faults)


def test_no_row_saves_itself_in_its_own_way_and_no_signal_hides_a_flow() -> None:
    faults = []
    for name, tree, _ in modules("projects", "notifications"):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name == "save" and "/models" in f"/{name}":
                faults.append(f"{name}: overrides save()")
            if isinstance(node, ast.ImportFrom) and node.module in {
                "django.db.models.signals",
                "django.dispatch",
            }:
                faults.append(f"{name}: uses signals")
    assert not faults, "\n".join(faults)


def test_what_needs_a_browser_lies_where_it_is_looked_for() -> None:
    """`make test` opens a browser for one folder only; the long tier is looked for everywhere."""
    faults = []
    for name, tree, _ in modules("tests"):
        marks = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        is_elsewhere = not name.startswith("tests/browser/") and "pytest.mark.slow" not in marks
        if is_elsewhere and "pytest.mark.browser" in marks:
            faults.append(name)
    assert not faults, "\n".join(faults)


OWN_BOOKKEEPING = {
    "contractorhub/api/authentication.py",
    "contractorhub/api/idempotency.py",
    "contractorhub/api/tokens.py",
    "contractorhub/slack/inbox.py",
    "contractorhub/slack/linking.py",
    "contractorhub/slack/records.py",
}


@pytest.mark.parametrize("face", ["portal", "finance", "api", "slack"])
def test_a_face_writes_no_row_itself(face: str) -> None:
    """Faces call operations: `objects.create` and its like stand in `projects.operations` and `notifications`.

    The faces' own bookkeeping (tokens, stored answers, what Slack told us) is no business of the floors below and stays
    with them.
    """
    faults = [
        f"{name}:{node.lineno} {ast.unparse(node.func)}"
        for name, tree, _ in modules("contractorhub")
        if name.startswith(f"contractorhub/{face}/") and name not in OWN_BOOKKEEPING
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and WRITERS.match(node.func.attr)
        if ".objects" in ast.unparse(node.func) or node.func.attr in {"save", "bulk_create"}
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
def test_the_migrations_tell_all_of_the_models() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, verbosity=1)
    except SystemExit:
        pytest.fail(f"a migration is missing:\n{said.getvalue()}")


def test_no_path_of_one_machine_stands_in_a_file() -> None:
    """A path under somebody's home or this checkout's parent would be true on one machine only."""
    parent = str(CHECKOUT.parent)
    needles = (
        [rf"(?<!\w){re.escape(parent)}/"]
        if len(CHECKOUT.parts) > 2 and parent != tempfile.gettempdir()
        else []
    )
    needles += [r"/home/(?!runner\b)[a-z]+/", r"/Users/[A-Za-z]+/"]
    pattern = re.compile("|".join(needles))
    faults = []
    for path in tracked():
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if path != Path(__file__) and (found := pattern.search(text)):
            faults.append(f"{path.relative_to(CHECKOUT)}: {found.group()}")
    assert not faults, "\n".join(faults)
