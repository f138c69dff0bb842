"""The faults that lose most notices elsewhere, in short and on every database: nobody may be lost here."""

import pytest

from tests.faults import kills
from tests.faults.scene import Cause, Scene

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.worker]
PEOPLE = 300


@pytest.mark.parametrize(
    ("cause", "repeats_at_most"),
    [(kills.worker_killed, 2 * 64), (kills.broker_emptied, 0), (kills.deployed, 0)],
)
def test_nobody_is_lost_when(cause: Cause, repeats_at_most: int, stage_of_mail: Scene) -> None:
    stage_of_mail.promise(PEOPLE)

    cause(stage_of_mail)

    found = stage_of_mail.count()
    assert found.is_clean, found
    assert found.delivered == PEOPLE
    assert found.duplicates <= repeats_at_most
