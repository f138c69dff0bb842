"""Every command of README and documentation runs as it stands there, or it is said here why it cannot."""

import csv
import re
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import CommandError

from projects.models import Contractor, HoursImport, Pause, Project
from projects.operations.history import head_of_trail
from scripts.reference import OWN
from tests.documents.commands import PAGES, Command, commands_of
from tests.documents.reasons import MADE_BY, NOT_HERE, OTHER_PROGRAMS
from tests.factories import EngagementFactory
from tests.services.processes import CHECKOUT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
COMMANDS: Final = [command for page in PAGES if page.exists() for command in commands_of(page)]


def reason_not_run(command: Command) -> str:
    """Why a command is not run here; empty where it is."""
    text = re.sub(r"^\.venv/bin/python(?= manage)", "python", command.text)
    for beginning, why in NOT_HERE.items():
        if text.startswith(beginning):
            return why
    if command.target:
        return MADE_BY.get(command.target, "")
    return "" if command.ours else OTHER_PROGRAMS.get(command.words[0].rpartition("/")[2], "")


def test_every_command_is_run_here_or_says_why_not() -> None:
    silent = [one for one in COMMANDS if not one.ours and not reason_not_run(one)]
    part_of_a_story = re.compile(r"^[A-Z_]+=\$\(")  # a value that a later command of the page uses

    assert [f"{one.page}: {one.text}" for one in silent if not part_of_a_story.match(one.text)] == []


def test_no_reason_is_left_of_a_command_that_is_gone() -> None:
    texts = [re.sub(r"^\.venv/bin/python(?= manage)", "python", one.text) for one in COMMANDS]

    assert [word for word in NOT_HERE if not any(text.startswith(word) for text in texts)] == []


def test_every_place_that_a_reason_names_is_there() -> None:
    reasons = [*OTHER_PROGRAMS.values(), *NOT_HERE.values(), *MADE_BY.values()]
    named = {
        place for why in reasons for place in re.findall(r"(?:tests|scripts|docs)/[\w/]+(?:\.\w+)?", why)
    }

    assert len(named) > 10
    assert [place for place in named if not (CHECKOUT / place).exists()] == []


@pytest.mark.parametrize("target", sorted({one.target for one in COMMANDS if one.target}))
def test_every_target_of_make_that_a_page_names_is_there(target: str) -> None:
    given = ["NAME=delivery", "TO=b.tar", "FROM=b.tar"]
    dry = subprocess.run(
        ["make", "--dry-run", target, *given], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )

    assert dry.returncode == 0, dry.stderr
    assert MADE_BY[target]
    if MADE_BY[target] == ".ci/run":
        assert f"make {target}" in (CHECKOUT / ".ci" / "run").read_text()


def test_every_option_that_a_page_names_beside_one_of_our_commands_is_there() -> None:
    own = {name: app for name, app in get_commands().items() if str(app).split(".")[0] in OWN}
    wrong = []
    for page in PAGES:
        for words in re.findall(r"`([^`\n]+)`", page.read_text() if page.exists() else ""):
            name, _space, rest = words.removeprefix("python manage.py ").partition(" ")
            if name in own and rest:
                parser = load_command_class(own[name], name).create_parser("manage.py", name)
                options = set(re.findall(r"(?<!\S)--[a-z][a-z-]+", rest))
                wrong += [f"{page.name}: {words}"] if options - set(parser._option_string_actions) else []
    assert wrong == []


@pytest.fixture
def a_firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """The demo, one open pause, and a folder with the files that the pages speak of."""
    monkeypatch.chdir(tmp_path)
    settings.MEDIA_ROOT = str(tmp_path / "media")
    call_command("seed_demo", "--contractors", "3", "--weeks", "14", verbosity=0, stdout=StringIO())
    EngagementFactory.make(project=Project.objects.get(code="HARP"))
    words = ["--reason", "budget", "--message", "The budget.", "--next-update-by", "2099-01-01T12:00Z"]
    call_command("open_pause", "--project", "HARP", *words, stdout=StringIO())
    ana = Contractor.objects.get(email="ana@demo.example")
    write_csv("roster.csv", ("email", "name", "country"), ("bea@demo.example", "Bea Cruz", "PH"))
    write_csv("rates.csv", ("day", "from", "to", "rate"), ("2026-03-31", "USD", "KES", "129.35"))
    write_csv(
        "hours.csv",
        (
            "Email",
            "Client",
            "Project",
            "Description",
            "Start date",
            "Start time",
            "End date",
            "End time",
            "Duration",
        ),
        (ana.email, "Orion", "Chordus", "x", "2026-03-02", "09:00:00", "2026-03-02", "10:00:00", "01:00:00"),
    )
    Path("policies.json").write_text("[]")


def write_csv(name: str, *rows: tuple[str, ...]) -> None:
    with Path(name).open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def with_numbers(arguments: tuple[str, ...]) -> list[str]:
    """Put what a page can only stand for in the place of it: the newest pause and import, the trail's own end."""
    pause = str(Pause.objects.latest("pk").pk)
    known = {"ID": pause, "NUMBER:HASH": ":".join(map(str, head_of_trail()))}
    of_a_pause = {"pause_status", "update_pause", "resume_pause", "estimate_impact"}
    if arguments[0] in of_a_pause:
        known |= dict.fromkeys([word for word in arguments if word.isdigit()], pause)
    if arguments[0] == "undo_import":
        known |= dict.fromkeys(
            [word for word in arguments if word.isdigit()], str(HoursImport.objects.latest("pk").pk)
        )
    return [known.get(word, word) for word in arguments]


@pytest.mark.usefixtures("a_firm")
@pytest.mark.parametrize(
    "page", sorted({one.page for one in COMMANDS if one.ours and not reason_not_run(one)})
)
def test_the_commands_of_a_page_run_as_they_stand_there(page: str) -> None:
    assert Project.objects.count() == 4
    for command in COMMANDS:
        if command.page == page and command.ours and not reason_not_run(command):
            if "--release" in command.ours:  # which only makes sense after a restore has held what leaves
                call_command("relay_outbox", "--hold", "A restore.", stdout=StringIO())
            try:
                call_command(*with_numbers(command.ours), stdout=StringIO(), stderr=StringIO())
            except (CommandError, SystemExit) as error:
                pytest.fail(f"{command.text}\n{type(error).__name__}: {error}")
