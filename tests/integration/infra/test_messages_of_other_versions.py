"""Tasks take the messages of the version before and of the next: what was ever sent is still understood."""

import inspect
from collections.abc import Mapping
from typing import Final

import pytest

from contractorhub.celery import app

# What each task's message has held since it was first sent. A name may be added, none renamed or taken away; what a
# later version adds must have a default, because messages of the version before do not hold it.
SENT: Final[Mapping[str, frozenset[str]]] = {
    "projects.start_estimate": frozenset({"run_id"}),
    "projects.compute_estimate_chunk": frozenset({"chunk_id"}),
    "projects.build_report": frozenset({"job_id"}),
    "projects.check_upload": frozenset({"upload_id"}),
    "projects.apply_upload": frozenset({"upload_id"}),
    "slack.work": frozenset({"event_id"}),
    **{
        name: frozenset()
        for name in (
            "contractorhub.forget", "notifications.relay", "notifications.sweep", "projects.begin_due_pauses",
            "projects.chase_next_words", "projects.compact_hours", "projects.nightly_estimates",
            "projects.read_slack_members", "projects.send_digests", "projects.send_reports",
            "projects.sweep_estimates", "projects.sweep_reports", "projects.sweep_uploads",
            "projects.tell_of_unreached", "projects.update_rates", "slack.forget", "slack.renew_tokens",
            "slack.sweep",
        )
    },
}  # fmt: skip


def ours() -> set[str]:
    """Every task of the product."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if not name.startswith(("celery.", "django_"))}


def test_what_was_ever_sent_still_has_a_task_and_each_task_is_listed() -> None:
    assert ours() == set(SENT)


@pytest.mark.parametrize("name", SENT)
def test_a_task_takes_the_message_of_the_version_before_and_of_the_next(name: str) -> None:
    ours()
    takes = inspect.signature(app.tasks[name].run)
    before = dict.fromkeys(SENT[name], 1)
    takes.bind(**before)
    takes.bind(**before, something_new="of the next version")
    assert not [each for each in takes.parameters.values() if each.kind is each.POSITIONAL_OR_KEYWORD]
