"""Links a member of a workspace to the person who is signed in; notices then reach them there."""

from datetime import datetime

from django.db import transaction

from contractorhub.slack.models import SlackAccount
from contractorhub.slack.payloads import Who
from contractorhub.slack.people import address_of
from projects import access
from projects.models import User
from projects.operations.history import record
from projects.operations.people_settings import reach_in_slack


def link_account(*, who: Who, by: User, at: datetime) -> SlackAccount:
    """Link; an older link of either side gives way. A contractor hears there from now on."""
    with transaction.atomic():
        mine = SlackAccount.objects.filter(team_id=who.team_id, slack_user_id=who.user_id)
        standing = mine.filter(user=by).first()
        if standing is not None:
            return standing
        mine.delete()
        SlackAccount.objects.filter(team_id=who.team_id, user=by).delete()
        account = SlackAccount.objects.create(
            team_id=who.team_id, slack_user_id=who.user_id, user=by, linked_at=at
        )
        contractor = access.own_contractor(by)
        if contractor is not None:
            reach_in_slack(contractor=contractor, address=address_of(who.team_id, who.user_id), by=by, at=at)
        record(
            verb="slack.account_linked",
            subject_ref=f"user:{by.pk}",
            before={},
            after={"workspace": who.team_id},
            by=by,
            at=at,
        )
        return account
