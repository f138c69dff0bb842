"""Who a member of a workspace is here: the user they linked themselves to, and the contractor they are."""

from dataclasses import dataclass

from django.core import signing
from django.db.models import QuerySet

from contractorhub.slack.models import SlackAccount
from contractorhub.slack.payloads import Who
from notifications.workspaces import is_default_workspace
from projects import access
from projects.models import Contractor, Project, User

_LINK_SALT = "slack-link"
LINK_GOOD_FOR_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True)
class Person:
    """A member of a workspace; `user` only where they linked themselves, for only then may they act as somebody."""

    who: Who
    user: User | None
    contractor: Contractor | None

    @property
    def locale(self) -> str:
        """The language to speak to them in."""
        return self.contractor.locale if self.contractor else "en"

    @property
    def time_zone(self) -> str:
        """The clock they live by."""
        return self.contractor.time_zone if self.contractor else "UTC"


def person_of(who: Who) -> Person:
    """Who this is: by their link, or else the one contractor on whose row this Slack id stands."""
    account = SlackAccount.objects.filter(team_id=who.team_id, slack_user_id=who.user_id).select_related(
        "user"
    )
    linked = account.first()
    if linked is not None and not linked.user.is_active:
        return Person(who, None, None)
    if linked is not None:
        return Person(who, linked.user, access.own_contractor(linked.user))
    found = list(Contractor.objects.filter(slack_user_id__in=addresses_of(who.team_id, who.user_id))[:2])
    is_sure = len(found) == 1 and (found[0].user is None or found[0].user.is_active)
    return Person(who, None, found[0] if is_sure else None)


def addresses_of(team_id: str, slack_id: str) -> list[str]:
    """How a channel or person of a workspace may be written down here."""
    bare = [slack_id] if is_default_workspace(team_id) else []
    return [f"{team_id}/{slack_id}", *bare]


def address_of(team_id: str, slack_id: str) -> str:
    """How we write a channel or person of a workspace down."""
    return addresses_of(team_id, slack_id)[-1]


def projects_in(team_id: str, channel: str) -> QuerySet[Project]:
    """Projects whose channel this is."""
    return Project.objects.filter(slack_channel__in=addresses_of(team_id, channel))


def accounts_of_leads(project: Project, team_id: str) -> list[str]:
    """The Slack ids, in this workspace, of people who may pause a project and have linked themselves."""
    linked = SlackAccount.objects.filter(team_id=team_id, user__is_active=True, user__in=project.leads.all())
    return list(linked.order_by("pk").values_list("slack_user_id", flat=True))


def link_token(who: Who) -> str:
    """A sign that this member of this workspace asked to be linked just now; good for a quarter of an hour."""
    return signing.dumps([who.team_id, who.user_id], salt=_LINK_SALT)


def read_link_token(token: str) -> Who | None:
    """Who asked; None for a sign that is not ours or too old."""
    try:
        team_id, user_id = signing.loads(token, salt=_LINK_SALT, max_age=LINK_GOOD_FOR_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Who(str(team_id), str(user_id))
