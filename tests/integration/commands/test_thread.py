"""The thread from the command line: a thousand people paused, each told once over real SMTP, and the count agrees."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from contractorhub.env import MailServer
from projects.models import Pause
from tests.fakes.intruder import forge
from tests.fakes.smtp_sink import running_smtp_sink

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 1_000


def _run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def _open(*more: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(
        _run(
            *("open_pause", "--project", "CHORDUS", "--reason", "scope_reassessment"),
            *("--message", "The client is reassessing the scope.", "--next-update-by", "2099-01-01T17:00Z"),
            *more,
            "--json",
        )
    )
    return answer


def test_a_thousand_contractors_get_a_thousand_mails_and_the_status_agrees(settings: Any) -> None:
    _run("seed_demo", "--contractors", str(PEOPLE), "--weeks", "1")
    with running_smtp_sink() as sink:
        settings.MAIL_SERVER = MailServer(kind="smtp", host="127.0.0.1", port=sink.port)
        pause = _open()
        _run("relay_outbox", "--drain")

    status = json.loads(_run("pause_status", str(pause["pause"]), "--json"))
    assert status["deliveries"]["email"] == {"sent": PEOPLE}
    assert len(sink.accepted) == len(sink.recipients()) == PEOPLE
    assert len({mail.message_id for mail in sink.accepted}) == PEOPLE


def test_the_demo_is_the_same_however_often_it_is_seeded() -> None:
    _run("seed_demo", "--weeks", "1")

    assert "0 contractors and 0 hours entries added" in _run("seed_demo", "--weeks", "1")


def test_a_pause_runs_its_course_from_the_command_line() -> None:
    _run("seed_demo", "--contractors", "3", "--weeks", "1")
    number = str(_open()["pause"])

    _run("update_pause", number, "--message", "Still nothing new.", "--next-update-by", "2099-02-01")
    _run("resume_pause", number, "--outcome", "unchanged")

    assert Pause.objects.get(pk=number).state == "ended"
    assert "follow from one another" in _run("verify_audit")


def test_an_edited_audit_row_is_named_and_the_command_fails() -> None:
    _run("seed_demo", "--contractors", "2", "--weeks", "0")
    forge("UPDATE projects_auditevent SET subject_ref = 'client:999' WHERE number = 2")

    with pytest.raises(CommandError, match="row 2: its facts were changed"):
        _run("verify_audit")


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (("--project", "NOWHERE"), "There is no project NOWHERE"),
        (("--client", "NOBODY"), "There is no client NOBODY"),
    ],
)
def test_a_target_that_does_not_exist_is_named(arguments: tuple[str, str], refusal: str) -> None:
    with pytest.raises(CommandError, match=refusal):
        _run(
            *("open_pause", *arguments, "--reason", "budget", "--message", "Money."),
            *("--next-update-by", "2099-01-01T17:00Z"),
        )


@pytest.mark.parametrize(
    ("option", "value", "refusal"),
    [
        ("--reason", "boredom", "“boredom” is not a reason; choose one of"),
        ("--next-update-by", "soon", "“soon” is not an ISO date and time"),
        ("--next-update-by", "2020-01-01", "still to come"),
        ("--message", " ", "has no answer"),
    ],
)
def test_bad_input_gets_one_clear_line_and_pauses_nothing(option: str, value: str, refusal: str) -> None:
    _run("seed_demo", "--contractors", "2", "--weeks", "0")
    given = {"--reason": "budget", "--message": "Money.", "--next-update-by": "2099-01-01T17:00Z"} | {
        option: value
    }

    with pytest.raises(CommandError, match=refusal):
        _run("open_pause", "--project", "CHORDUS", *(word for pair in given.items() for word in pair))

    assert not Pause.objects.exists()
