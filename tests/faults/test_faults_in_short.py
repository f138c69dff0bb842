"""The faults that lose most notices elsewhere, in short and on every database: nobody may be lost here."""

import pytest

from tests.faults import kills
from tests.faults.autopsy import explained
from tests.faults.scene import Cause, Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
PEOPLE = 300


@pytest.mark.parametrize(
    ("cause", "repeats_at_most"),
    [
        (kills.worker_killed, 2 * 64),
        (kills.broker_emptied, 0),
        # A laptop with SQLite is never deployed to while it sends.
        pytest.param(kills.deployed, 0, marks=pytest.mark.postgres),
    ],
)
def test_nobody_is_lost_when(cause: Cause, repeats_at_most: int, stage_of_mail: Scene) -> None:
    stage_of_mail.promise(PEOPLE)

    cause(stage_of_mail)

    found = stage_of_mail.count()
    assert found.is_clean, found
    assert found.delivered == PEOPLE
    assert found.duplicates <= repeats_at_most


def test_what_does_not_hold_says_how_the_ledger_stood(stage_of_mail: Scene) -> None:
    stage_of_mail.promise(3)
    (stage_of_mail.folder / "worker.log").write_text("its last words")

    with pytest.raises(AssertionError, match="for a test") as failed, explained(stage_of_mail):
        raise AssertionError("for a test")

    told = "\n".join(failed.value.__notes__)
    assert "took 0 of 3" in told
    assert "deliveries: queued 3" in told
    assert "its last words" in told
