"""Keeps where in Slack contractors are reached, as the workspaces' own lists of members say."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from projects.models import Contractor
from projects.operations.history import record


def take_in_slack_members(*, members: Iterable[tuple[str, str]], at: datetime) -> int:
    """Link contractors to Slack by their email; how many were linked anew.

    `members` are emails and Slack addresses. Nobody whose address still is a member's is changed: people may have
    linked themselves under another email.
    """
    address_of = dict(members)
    if not address_of:
        return 0
    living = set(address_of.values())
    linked = 0
    with transaction.atomic():
        standing = list(Contractor.objects.values_list("pk", "email", "slack_user_id"))
        taken = {own for _pk, _email, own in standing}
        for pk, email, own in standing:
            address = address_of.get(email)
            if own not in living and address and address not in taken:
                Contractor.objects.filter(pk=pk).update(slack_user_id=address)
                linked += 1
        if linked:
            record(
                verb="slack.members_read",
                subject_ref="slack:members",
                before={},
                after={"linked": linked},
                by=None,
                at=at,
            )
    return linked
