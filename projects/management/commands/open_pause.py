"""Pauses a project or a whole client from the command line."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from projects.management.base import HubCommand, client_named, instant, project_named
from projects.models import Client, Pause, Project
from projects.models.pauses import ReasonCode
from projects.operations.pauses import PauseAnswers, PauseTerms, open_pause
from projects.queries.pause_status import status_of_pause
from projects.queries.reasons import usual_answers_for


class Command(HubCommand):
    """`open_pause (--project CODE | --client CODE) --reason CODE --message TEXT --next-update-by ISO`."""

    help = (
        "Pause a project or a whole client. Everybody it stops is told, and the estimate is asked for. "
        "What is not given of the six answers comes from the reason's template."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        target = parser.add_mutually_exclusive_group(required=True)
        target.add_argument("--project", metavar="CODE", help="the project to pause")
        target.add_argument("--client", metavar="CODE", help="the client of which every project is paused")
        parser.add_argument(
            "--reason", required=True, metavar="CODE", help=f"one of {', '.join(ReasonCode.values)}"
        )
        parser.add_argument(
            "--message", required=True, metavar="TEXT", help="why, in words contractors may read"
        )
        parser.add_argument("--next-update-by", required=True, metavar="ISO", help="when the next word comes")
        parser.add_argument(
            "--starts-at", metavar="ISO", help="when work stops; now when not given, may be past"
        )
        parser.add_argument(
            "--what-stopped", metavar="TEXT", default="", help="instead of the template's answer"
        )
        parser.add_argument("--pay", metavar="TEXT", default="", help="instead of the template's answer")
        parser.add_argument(
            "--what-to-do", metavar="TEXT", default="", help="instead of the template's answer"
        )
        parser.add_argument("--json", action="store_true", help="answer in JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Open the pause and say what was promised."""
        at = timezone.now()
        project = project_named(options["project"]) if options["project"] else None
        client = client_named(options["client"]) if options["client"] else None
        if options["reason"] not in ReasonCode.values:
            allowed = ", ".join(ReasonCode.values)
            raise CommandError(f"“{options['reason']}” is not a reason; choose one of {allowed}.")
        pause = open_pause(
            project=project,
            client=client,
            answers=self._answers(options, target=project or client),
            terms=PauseTerms(
                reason_code=options["reason"],
                starts_at=instant(options["starts_at"]) if options["starts_at"] else None,
            ),
            by=None,
            at=at,
        )
        self._answer(pause, at=at, as_json=options["json"])

    def _answers(self, options: dict[str, Any], *, target: Project | Client | None) -> PauseAnswers:
        next_update_by = instant(options["next_update_by"])
        usual = usual_answers_for(
            options["reason"], target_name=target.name if target else "", next_update_by=next_update_by
        )
        return PauseAnswers(
            what_stopped=options["what_stopped"] or usual.what_stopped,
            why=options["message"],
            what_happens_to_pay=options["pay"] or usual.what_happens_to_pay,
            what_to_do_now=options["what_to_do"] or usual.what_to_do_now,
            next_update_by=next_update_by,
        )

    def _answer(self, pause: Pause, *, at: datetime, as_json: bool) -> None:
        status = status_of_pause(pause, at=at)
        if as_json:
            self.say_json(status.as_json())
            return
        self.stdout.write(
            f"Pause {pause.pk} of {pause.target_code} is {pause.get_state_display().lower()}: "
            f"{status.people} people, {status.deliveries_total} deliveries promised. "
            f"Follow it with: pause_status {pause.pk}"
        )
