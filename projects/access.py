"""The one access policy: which rows somebody sees and which acts they may do; every face asks here."""

from collections.abc import Collection
from typing import Final, TypeGuard

import rules
from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, Q, QuerySet

from notifications.models import Endpoint
from projects.models import (
    Approval,
    Candidacy,
    Client,
    Contractor,
    Correction,
    Engagement,
    LostIncomeEstimate,
    Pause,
    Project,
    RoleGrant,
    User,
)
from projects.models.people import Role
from projects.prepared import Prepared, Slot

Visitor = User | AnonymousUser | None
# The place of a user's key in a prepared question.
ASKER: Final = Slot("asker", BigIntegerField())


def _is_active(user: Visitor) -> TypeGuard[User]:
    return isinstance(user, User) and user.is_active


_ROLES: Final = Prepared(lambda: RoleGrant.objects.filter(user=ASKER).order_by().values_list("role"))

_CONTRACTOR: Final = Prepared(lambda: Contractor.objects.filter(user=ASKER).order_by())


# --- Roles -------------------------------------------------------------------------------------------------------
def remember_roles(user: User) -> None:
    """Look up what somebody is, once for the one request that loaded this row: a page asks for it dozens of times.

    Only a face that drops the row with the request may do so; removal then acts at the next one.
    """
    user.known_roles = _roles_of(user)
    user.known_as_lead = _is_lead(user)
    user.known_as_contractor = bool(_CONTRACTOR.rows(asker=user.pk))


def _roles_of(user: Visitor) -> frozenset[str]:
    """The firm-wide roles of somebody right now (asked of the database each time: removal acts at once)."""
    if not _is_active(user):
        return frozenset()
    if user.known_roles is not None:
        return user.known_roles
    return frozenset(role for (role,) in _ROLES.rows(asker=user.pk))


def has_role(user: Visitor, role: Role) -> bool:
    """Whether somebody holds a firm-wide role right now."""
    return role in _roles_of(user)


def is_operations(user: Visitor) -> bool:
    """Runs the firm: sees and changes everything."""
    return _is_active(user) and (user.is_superuser or has_role(user, Role.OPERATIONS))


def is_finance(user: Visitor) -> bool:
    """Reads all figures, changes none of the work."""
    return has_role(user, Role.FINANCE)


def is_auditor(user: Visitor) -> bool:
    """Reads everything, changes nothing."""
    return has_role(user, Role.AUDITOR)


def is_lead(user: Visitor) -> bool:
    """Leads at least one project or owns at least one client."""
    return _is_active(user) and (_is_lead(user) if user.known_as_lead is None else user.known_as_lead)


def _is_lead(user: User) -> bool:
    return user.led_projects.exists() or user.owned_clients.exists()


def leads_project(user: Visitor, project: Project | None) -> bool:
    """Leads this project or owns its client."""
    if project is None or not _is_active(user):
        return False
    return (
        project.leads.filter(pk=user.pk).exists()
        or Client.objects.filter(pk=project.client_id, owners=user).exists()
    )


def owns_client(user: Visitor, client: Client | None) -> bool:
    """Owns this client."""
    return client is not None and _is_active(user) and client.owners.filter(pk=user.pk).exists()


# The rules by name: who may do what, in one table.
_operations, _finance, _auditor = map(rules.predicate, (is_operations, is_finance, is_auditor))
_leads_project, _owns_client = map(rules.predicate, (leads_project, owns_client))
rules.add_rule("projects.pause_project", _operations | _leads_project)
rules.add_rule("projects.pause_client", _operations | _owns_client)
rules.add_rule("projects.see_rates", _operations | _finance | _auditor | _leads_project)
rules.add_rule("projects.pull_reports", _operations | _finance | _auditor)
rules.add_rule("projects.import", _operations | _finance)
rules.add_rule("projects.close_periods", _operations | _finance)
rules.add_rule("projects.see_audit", _operations | _auditor)


def sees_everything(user: Visitor) -> bool:
    """Operations, finance and auditors see every client; what they may do there differs."""
    return _is_active(user) and (user.is_superuser or not _roles_of(user).isdisjoint(Role))


def is_staff_of_firm(user: Visitor) -> bool:
    """Somebody with a desk: a firm-wide role, a project or a client to look after."""
    return sees_everything(user) or is_lead(user)


def own_contractor(user: Visitor) -> Contractor | None:
    """The contractor somebody is, if any."""
    rows: list[Contractor] = _CONTRACTOR.instances(asker=user.pk) if _is_active(user) else []
    return rows[0] if rows else None


def _is_nobodys_contractor(user: User | Slot) -> bool:
    """Whether it is known that somebody has no rows of their own.

    Leaving out what cannot match spares the database more than it seems: with an "or" it reads a whole large table
    first, without it only the rows that are shown.
    """
    return isinstance(user, User) and user.known_as_contractor is False


# --- Sets: a row that is not in the set does not exist for the person (404, never 403) ------------------------------
def clients_visible_to(user: Visitor) -> QuerySet[Client]:
    """Clients somebody owns, leads a project of, or sees by role."""
    if not _is_active(user):
        return Client.objects.none()
    if sees_everything(user):
        return Client.objects.all()
    return Client.objects.filter(Q(owners=user) | Q(projects__leads=user)).distinct()


def projects_led_by(user: Visitor) -> QuerySet[Project]:
    """Projects somebody leads or whose client they own, whatever else they see."""
    return Project.objects.filter(pk__in=_desk_of(user)) if _is_active(user) else Project.objects.none()


def projects_visible_to(user: Visitor) -> QuerySet[Project]:
    """Projects somebody leads, whose client they own, or that they see by role."""
    if not _is_active(user):
        return Project.objects.none()
    if sees_everything(user):
        return Project.objects.all()
    return projects_on_desk_of(user)


def projects_on_desk_of(user: User | Slot) -> QuerySet[Project]:
    """Projects somebody without a firm-wide role sees."""
    return Project.objects.filter(pk__in=_desk_of(user))


def _desk_of(user: User | Slot) -> QuerySet[Project, int]:
    mine = Project.objects.filter(Q(leads=user) | Q(client__owners=user))
    return mine.values_list("pk", flat=True).distinct()


def engagements_visible_to(user: Visitor) -> QuerySet[Engagement]:
    """Engagements on visible projects, and a contractor's own."""
    if not _is_active(user):
        return Engagement.objects.none()
    if sees_everything(user):
        return Engagement.objects.all()
    led = Q(project__in=_desk_of(user))
    return Engagement.objects.filter(led if _is_nobodys_contractor(user) else led | Q(contractor__user=user))


def contractors_visible_to(user: Visitor) -> QuerySet[Contractor]:
    """People engaged on visible projects, and oneself."""
    if not _is_active(user):
        return Contractor.objects.none()
    if sees_everything(user):
        return Contractor.objects.all()
    return contractors_on_desk_of(user)


def contractors_on_desk_of(user: User | Slot) -> QuerySet[Contractor]:
    """Contractors whom somebody without a firm-wide role sees."""
    engaged = Engagement.objects.filter(project__in=_desk_of(user)).values("contractor")
    led = Q(pk__in=engaged)
    return Contractor.objects.filter(led if _is_nobodys_contractor(user) else led | Q(user=user))


def pauses_visible_to(user: Visitor) -> QuerySet[Pause]:
    """Pauses of visible projects, and those of a contractor's own projects; drafts are for the desk only."""
    if not _is_active(user):
        return Pause.objects.none()
    if sees_everything(user):
        return Pause.objects.all()
    own = Engagement.objects.filter(contractor__user=user).values("project")
    reaching = Pause.objects.of_any(own).exclude(state="draft")
    mine = Pause.objects.of_any(_desk_of(user))
    return Pause.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=reaching.values("pk")))


def endpoints_visible_to(user: Visitor) -> QuerySet[Endpoint]:
    """Endpoints of one's own integrations; operations see everybody's."""
    if not _is_active(user):
        return Endpoint.objects.none()
    living = Endpoint.objects.filter(removed_at__isnull=True).select_related("owner")
    return living if is_operations(user) else living.filter(owner=user)


def estimates_visible_to(user: Visitor) -> QuerySet[LostIncomeEstimate]:
    """Estimates of visible projects' engagements for people who may see their rates, and a contractor's own."""
    if not _is_active(user):
        return LostIncomeEstimate.objects.none()
    if sees_everything(user):
        return LostIncomeEstimate.objects.all()
    led = Q(engagement__project__in=_desk_of(user))
    own = Q(engagement__contractor__user=user)
    return LostIncomeEstimate.objects.filter(led if _is_nobodys_contractor(user) else led | own)


def corrections_visible_to(user: Visitor) -> QuerySet[Correction]:
    """Corrections of visible projects' engagements; a contractor's own are read in the portal."""
    if not _is_active(user):
        return Correction.objects.none()
    if sees_everything(user):
        return Correction.objects.all()
    return Correction.objects.filter(engagement__project__in=_desk_of(user))


def candidacies_visible_to(user: Visitor) -> QuerySet[Candidacy]:
    """Who asked for seats on visible projects or was offered one, and a contractor's own."""
    if not _is_active(user):
        return Candidacy.objects.none()
    if sees_everything(user):
        return Candidacy.objects.all()
    return Candidacy.objects.filter(Q(seat__project__in=_desk_of(user)) | Q(contractor__user=user))


def approvals_visible_to(user: Visitor) -> QuerySet[Approval]:
    """Second words that were asked for on pauses of the desk; contractors never see one."""
    if not _is_active(user):
        return Approval.objects.none()
    if sees_everything(user):
        return Approval.objects.all()
    return Approval.objects.filter(pause__in=Pause.objects.of_any(_desk_of(user)).values("pk"))


# --- Acts --------------------------------------------------------------------------------------------------------
def may_pause(
    user: Visitor,
    *,
    project: Project | None = None,
    client: Client | None = None,
    only: Collection[str] = (),
) -> bool:
    """Whether somebody may open a pause on this project, this client, or only these projects of it, by code."""
    if project is not None:
        return bool(rules.test_rule("projects.pause_project", user, project))
    if rules.test_rule("projects.pause_client", user, client):
        return True
    return bool(only) and client is not None and _leads_each(user, client, only)


def _leads_each(user: Visitor, client: Client, codes: Collection[str]) -> bool:
    if not _is_active(user):
        return False
    led = Project.objects.filter(client=client, code__in=codes, leads=user)
    return led.count() == len(set(codes))


def may_change_pause(user: Visitor, pause: Pause) -> bool:
    """Whether somebody may update, extend, end or void this pause."""
    return may_pause(user, project=pause.project, client=pause.client, only=pause.chosen)


def may_decide_hours(user: Visitor, project: Project) -> bool:
    """Whether somebody may decide on hours that were logged inside a pause of this project."""
    return may_pause(user, project=project)


def may_answer(user: Visitor, correction: Correction) -> bool:
    """Whether somebody may accept or decline this correction: whoever may pause the project."""
    return may_pause(user, project=correction.engagement.project)


def may_keep_skills_of(user: Visitor, contractor: Contractor) -> bool:
    """Whether somebody may write down what this person can do: operations, and leads of their work."""
    if is_operations(user):
        return True
    return is_lead(user) and contractors_visible_to(user).filter(pk=contractor.pk).exists()


def may_offer_to(user: Visitor, contractor: Contractor, candidacy: Candidacy | None) -> bool:
    """Whether a seat may be offered to this person: who asked for it, or who is on one's own desk already."""
    return candidacy is not None or may_keep_skills_of(user, contractor)


def may_see_rates(user: Visitor, project: Project) -> bool:
    """Whether somebody may read what people on this project are paid."""
    return bool(rules.test_rule("projects.see_rates", user, project))


def may_pull_reports(user: Visitor) -> bool:
    """Whether somebody may pull finance reports."""
    return bool(rules.test_rule("projects.pull_reports", user))


def may_close_periods(user: Visitor) -> bool:
    """Whether somebody may close periods and send reports by a schedule."""
    return bool(rules.test_rule("projects.close_periods", user))


def may_import(user: Visitor) -> bool:
    """Whether somebody may take in hours and rosters."""
    return bool(rules.test_rule("projects.import", user))


def may_see_deliveries(user: Visitor, pause: Pause) -> bool:
    """Whether somebody may see who was reached and who was not."""
    return sees_everything(user) or may_change_pause(user, pause)


def may_see_all_deliveries(user: Visitor) -> bool:
    """Whether somebody may look at every notice and delivery: operations and auditors."""
    return is_operations(user) or is_auditor(user)


def may_connect(user: Visitor) -> bool:
    """Whether somebody may let events be sent to an integration of theirs."""
    return is_operations(user) or is_staff_of_firm(user)


def may_see_audit(user: Visitor) -> bool:
    """Whether somebody may read the audit trail."""
    return bool(rules.test_rule("projects.see_audit", user))
