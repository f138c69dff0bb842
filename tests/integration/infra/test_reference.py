"""The reference is written from the code: whatever there is stands in it, and nothing without a word of what it is."""

import re

import pytest

from contractorhub.env import REQUIRED_IN_PRODUCTION
from projects.domain.event_types import CATALOGUE
from projects.reports.catalogue import REPORTS
from scripts import reference
from tests.services.processes import CHECKOUT

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page(name: str) -> str:
    return "\n".join(reference.PAGES[name]())


def test_every_variable_has_a_word_of_what_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| .+ \| (.*) \|$", page("variables"), re.M)
    read = re.findall(r'env\.\w+\(\s*"(\w+)"', (CHECKOUT / "contractorhub" / "settings.py").read_text())

    assert {name for name, _words in rows} == set(read) >= set(REQUIRED_IN_PRODUCTION)
    assert [name for name, words in rows if not words] == []


def test_every_variable_that_a_process_reads_by_itself_is_really_read() -> None:
    code = "".join(path.read_text() for path in (CHECKOUT / "contractorhub").glob("*.py"))

    assert [name for name in reference.READ_BY_A_PROCESS if f'environ.get("{name}"' not in code] == []


def test_every_command_report_and_event_stands_in_it() -> None:
    files = CHECKOUT.glob("*/**/management/commands/[a-z]*.py")
    own = {path.stem for path in files if path.relative_to(CHECKOUT).parts[0] in reference.OWN}

    assert set(re.findall(r"^## (\w+)$", page("commands"), re.M)) == own
    assert re.findall(r"^## ([\w-]+)$", page("reports"), re.M) == [report.name for report in REPORTS]
    assert set(CATALOGUE) < set(re.findall(r"^## ([\w.]+)$", page("events"), re.M))


def test_every_state_has_a_word_and_nothing_follows_that_is_none() -> None:
    for part in page("states").split("\n## ")[1:]:
        rows = [line.split("|")[1:-1] for line in part.splitlines() if line.startswith("| `")]
        states = {row[0].strip(" `") for row in rows}
        follow = {name for row in rows for name in re.findall(r"`(\w+)`", row[2] if len(row) > 2 else "")}

        assert all(row[1].strip() for row in rows), part
        assert follow <= states, part
