"""A modal that was sent off: it says at once that it is being worked on, and shows the outcome in the same place."""

from typing import Any

from django.utils.translation import gettext as _

from contractorhub.slack import saying
from contractorhub.slack.calls import Call, to_person
from contractorhub.slack.payloads import Submission
from contractorhub.slack.people import Person


def waiting_answer(submission: Submission) -> dict[str, Any]:
    """The answer to a submission: the modal waits, under a name by which the outcome finds it."""
    view = saying.modal(
        "waiting",
        _("One moment"),
        [saying.section(saying.said("desk/waiting"))],
        external_id=name_of(submission),
    )
    return {"response_action": "update", "view": view}


def instead_of_waiting(submission: Submission, view: dict[str, Any], person: Person, *, text: str) -> Call:
    """Show the outcome where the modal waits; a direct message where it was closed meanwhile."""
    shown = {"external_id": name_of(submission), "view": view}
    return Call("views.update", shown, otherwise=to_person(person.who.user_id, text=text))


def name_of(submission: Submission) -> str:
    """The name of the modal that waits for this submission's outcome."""
    return f"wait-{submission.view_id}-{submission.callback_id}"
