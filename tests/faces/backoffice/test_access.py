"""Who sees and does what on the desk: rows of others do not exist, and nothing is written past the operations."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from projects.models import Engagement, User
from projects.models.people import Role
from projects.operations.drafts import save_draft
from projects.operations.pauses import PauseTerms
from tests.faces.backoffice.world import Desk, answers, pause_of, with_role
from tests.factories import ContractorFactory, RateFactory, UserFactory
from tests.factories.base import NOW

SignIn = Callable[[User], Client]
LISTS = (
    "client",
    "project",
    "engagement",
    "contractor",
    "openseat",
    "pause",
    "scopereassessment",
    "lostincomeestimate",
)
FIRM_ONLY = ("auditevent", "hoursimport", "user")


def of_the_pause(pk: int) -> tuple[str, ...]:
    """Every address of one pause."""
    base = f"/admin/projects/pause/{pk}/"
    acts = tuple(f"{base}act/{name}/" for name in ("update", "nothing-new", "extend", "resume", "void"))
    return (
        f"{base}change/",
        f"{base}unseen/",
        f"{base}unseen.csv",
        f"{base}deliveries/",
        f"{base}history/",
        *acts,
    )


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
@pytest.mark.parametrize("name", LISTS)
def test_a_lead_needs_no_permission_rows_to_open_a_list(name: str, lea: Client) -> None:
    assert lea.get(f"/admin/projects/{name}/").status_code == 200


@pytest.mark.parametrize("name", FIRM_ONLY)
def test_a_lead_does_not_open_what_belongs_to_the_firm(name: str, lea: Client) -> None:
    assert lea.get(f"/admin/projects/{name}/").status_code == 403


def test_a_lead_sees_the_own_projects_alone(lea: Client, desk: Desk) -> None:
    page = lea.get("/admin/projects/project/").content.decode()
    assert "CHORDUS" in page
    assert "HARP" not in page
    assert "Stranger of Harp" not in lea.get("/admin/projects/contractor/").content.decode()


def test_a_foreign_row_is_not_found(lea: Client, desk: Desk) -> None:
    foreign = Engagement.objects.get(project=desk.harp)
    for name, pk in (
        ("project", desk.harp.pk),
        ("engagement", foreign.pk),
        ("contractor", foreign.contractor_id),
    ):
        assert lea.get(f"/admin/projects/{name}/{pk}/change/").status_code == 404
        assert lea.get(f"/admin/projects/{name}/{pk}/history/").status_code == 404


def test_a_contractors_engagements_elsewhere_stay_hidden(lea: Client, desk: Desk) -> None:
    Engagement.objects.create(contractor=desk.people[0], project=desk.harp, starts_on="2026-01-01")
    page = lea.get(f"/admin/projects/contractor/{desk.people[0].pk}/change/").content.decode()
    assert "CHORDUS" in page
    assert "HARP" not in page


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_every_address_of_a_foreign_pause_is_not_found(desk: Desk, signed_in: SignIn) -> None:
    pause = pause_of(desk)
    sam = signed_in(desk.stranger)
    assert {sam.get(address).status_code for address in of_the_pause(pause.pk)} == {404}
    assert {sam.post(address).status_code for address in of_the_pause(pause.pk)[5:]} == {404}
    assert sam.post(f"/admin/projects/pause/{pause.pk}/requeue/").status_code == 404


def test_a_foreign_target_cannot_be_composed(lea: Client, desk: Desk) -> None:
    assert lea.get(f"/admin/projects/pause/add/?project={desk.harp.pk}").status_code == 404
    assert lea.get(f"/admin/projects/pause/add/?client={desk.orion.pk}").status_code == 404
    assert lea.get(f"/admin/projects/scopereassessment/add/?project={desk.harp.pk}").status_code == 404


def test_a_foreign_draft_is_not_found_and_not_listed(desk: Desk, signed_in: SignIn) -> None:
    terms = PauseTerms(reason_code="budget")
    draft = save_draft(answers=answers(), terms=terms, project=desk.chordus, by=desk.lead, at=NOW)
    auditor = signed_in(with_role(Role.AUDITOR))
    for name in ("compose", "preview"):
        assert auditor.get(f"/admin/projects/pause/{draft.pk}/{name}/").status_code == 404
    assert "CHORDUS" not in auditor.get("/admin/projects/pause/").content.decode()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR])
def test_finance_and_auditors_look_and_change_nothing(role: Role, desk: Desk, signed_in: SignIn) -> None:
    pause = pause_of(desk)
    reader = signed_in(with_role(role))
    page = reader.get(f"/admin/projects/pause/{pause.pk}/change/")
    assert page.status_code == 200
    assert not page.context["may_change"]
    assert reader.post(f"/admin/projects/pause/{pause.pk}/act/void/", {"reason": "No"}).status_code == 404
    assert reader.get(f"/admin/projects/pause/add/?project={desk.chordus.pk}").status_code == 404
    assert "HARP" in reader.get("/admin/projects/project/").content.decode()


def test_an_auditor_reads_the_audit_trail_and_nobody_changes_it(desk: Desk, signed_in: SignIn) -> None:
    pause_of(desk)
    auditor = signed_in(with_role(Role.AUDITOR))
    page = auditor.get("/admin/projects/auditevent/")
    assert "pause.opened" in page.content.decode()
    root = signed_in(User.objects.create_superuser("root@firm.example", "x" * 20))
    assert root.get("/admin/projects/auditevent/add/").status_code == 403


def test_rates_are_for_those_who_may_see_them(lea: Client, desk: Desk) -> None:
    elsewhere = RateFactory.make(
        engagement__project=desk.harp, engagement__contractor=ContractorFactory.make(user=desk.lead)
    ).engagement
    assert "$20.00" in lea.get(_address(Engagement.objects.filter(project=desk.chordus)[0])).content.decode()
    assert "$20.00" not in lea.get(_address(elsewhere)).content.decode()


def test_staff_without_a_desk_find_an_empty_one(desk: Desk, signed_in: SignIn) -> None:
    nobody = signed_in(UserFactory.make(is_staff=True))
    assert "Nothing is on your desk yet" in nobody.get("/admin/").content.decode()
    assert nobody.get("/admin/projects/project/").status_code == 403


def test_a_contractor_is_no_staff(desk: Desk, signed_in: SignIn) -> None:
    assert signed_in(UserFactory.make()).get("/admin/").status_code in {302, 403}


def test_a_project_lead_does_not_see_deliveries_of_a_pause_of_the_whole_client(
    lea: Client, desk: Desk
) -> None:
    desk.orion.owners.add(desk.stranger)
    address = f"/admin/projects/pause/add/?client={desk.orion.pk}"
    assert lea.get(address).status_code == 404


def _address(engagement: Engagement) -> str:
    return reverse("admin:projects_engagement_change", args=[engagement.pk])


def test_every_page_of_the_desk_answers_or_refuses_a_lead(lea: Client) -> None:
    answers = {
        address: lea.get(address).status_code
        for model in admin.site._registry
        for page in ("", "1/change/", "1/delete/", "1/history/")
        for address in [f"/admin/{model._meta.app_label}/{model._meta.model_name}/{page}"]
    }

    assert "/admin/django_celery_beat/periodictask/1/change/" in answers
    assert {address: code for address, code in answers.items() if code not in {200, 302, 403, 404}} == {}
