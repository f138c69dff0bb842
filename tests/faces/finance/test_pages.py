"""Finance's pages show the very figures of the files, lead down from each sum, and exist for whoever may see them."""

import csv
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from io import StringIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from projects.models import JobRun, ReportRun, User
from projects.queries.accuracy import COVER_WATCH
from projects.reports.catalogue import REPORTS
from tests.factories import ContractorFactory, ProjectFactory, UserFactory
from tests.integration.estimates.world import colleague, estimated
from tests.integration.reports.test_runs import ana_worked_after_all
from tests.integration.reports.world import AS_OF, AT, Firm, make_firm, member, tell

pytestmark = pytest.mark.django_db
IMPACT = f"/finance/reports/income-impact/?as_of={AS_OF}"


@pytest.fixture(autouse=True)
def on_the_day(db: None) -> object:
    """Tests take place at noon of their day."""
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture(scope="module")
def kept_firm(kept_rows: Callable[[], AbstractContextManager[None]]) -> Firm:
    """Five people, three pauses, and some of what was said about them."""
    with kept_rows(), time_machine.travel(AT, tick=False):
        found = make_firm()
        tell(found)
        return found


@pytest.fixture
def firm(kept_firm: Firm) -> Firm:
    """The firm, for one test to do with as it likes."""
    return deepcopy(kept_firm)


@pytest.fixture
def finance(client: Client) -> Client:
    """A browser of somebody in finance."""
    client.force_login(member("finance"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(html: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def page(browser: Client, address: str, status: int = 200) -> str:
    """A page's text."""
    answer = browser.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def fields(html: str) -> dict[str, list[str]]:
    """The hidden fields of the form that pulls."""
    found: dict[str, list[str]] = {}
    form = html[html.index('/pull/"') :]
    for name, value in re.findall(
        r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]
    ):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
@pytest.mark.parametrize(
    ("role", "status"), [("finance", 200), ("auditor", 200), ("operations", 200), ("", 404), ("lead", 404)]
)
def test_pages_exist_for_finance_auditors_and_operations_only(
    role: str, status: int, client: Client, firm: Firm
) -> None:
    user: User = member(role) if role in {"finance", "auditor", "operations"} else UserFactory.make()
    if role == "lead":
        firm.chordus.leads.add(user)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    person = firm.people[0].contractor_id
    for address in ("/finance/", IMPACT, "/finance/runs/", f"/finance/people/{person}/?as_of={AS_OF}"):
        assert client.get(address).status_code == status, address
    assert client.post("/finance/reports/income-impact/pull/").status_code == (302 if status == 200 else 404)


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    answer = client.get(IMPACT)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/account/login/")


def test_a_contractor_has_no_finance_page(client: Client) -> None:
    user = UserFactory.make()
    ContractorFactory.make(user=user)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/finance/").status_code == 404


def test_the_room_opens_with_the_alarm_only_where_ranges_drift(finance: Client) -> None:
    assert "Trust ranges less" not in page(finance, "/finance/")
    JobRun.objects.create(kind=COVER_WATCH, asked_at=AT, result={"cases": 500, "is_drifting": True})
    assert "of the newest 500 closed cases" in page(finance, "/finance/")


SHOWN_AS_PERCENT = {
    "Goes on",
    "Guaranteed share",
    "Standby",
    "80 % held",
    "Its share",
    "Concentration",
    "Depend on it",
    "Over by then",
}


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
@pytest.mark.parametrize("report", [each.name for each in REPORTS])
def test_every_report_has_a_page_and_what_it_shows_is_what_is_downloaded(
    report: str, finance: Client, firm: Firm
) -> None:
    html = page(finance, f"/finance/reports/{report}/?as_of={AS_OF}")
    answer = finance.post(f"/finance/reports/{report}/pull/", fields(html) | {"format": "csv"})
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == f'attachment; filename="{report.replace("-", "_")}_{AS_OF}.csv"'
    shown = words(html).replace(",", "").replace("_", " ")
    for row in csv.DictReader(StringIO(answer.getvalue().decode())):
        for column, cell in row.items():
            if re.fullmatch(r"-?[\d.:]+", cell) and column not in SHOWN_AS_PERCENT:
                assert cell in shown, (column, cell)


def test_page_csv_json_and_the_kept_run_give_the_same_cents(finance: Client, firm: Firm) -> None:
    html = page(finance, f"{IMPACT}&by=project,contractor&in=EUR")
    finance.post("/finance/reports/income-impact/pull/", fields(html) | {"format": "csv"}).getvalue()
    run = ReportRun.objects.get()
    found = json.loads(finance.get(f"/finance/runs/{run.public_id}/json/").getvalue())
    for each in (
        html,
        page(finance, f"{IMPACT}&by=project,contractor&in=EUR"),
        page(finance, f"/finance/runs/{run.public_id}/"),
    ):
        said = words(each)
        for line in found["totals"]:
            for value in line["sums"].values():
                if isinstance(value, str):
                    assert f"{float(value):,.2f}" in said
        for row in found["rows"]:
            assert f"{float(row['lost']):,.2f}" in said
    assert finance.get(f"/finance/runs/{run.public_id}/pdf/").getvalue().startswith(b"%PDF")
    assert finance.get(f"/finance/runs/{run.public_id}/xlsx/").getvalue().startswith(b"PK")
    assert finance.get(f"/finance/runs/{run.public_id}/doc/").status_code == 404


def test_a_total_leads_to_people_and_a_person_to_the_lines_and_hours(finance: Client, firm: Firm) -> None:
    html = page(finance, f"{IMPACT}&by=client")
    people = next(
        link
        for link in re.findall(r'href="([^"]+by=contractor[^"]*)"', html)
        if "client=ORION" in link and "currency=USD" in link
    )
    html = page(finance, people.replace("&amp;", "&"))
    assert "Ana Reyes" in html
    assert "Eve Kamau" not in html
    ana = firm.people[0].contractor_id
    person = next(link for link in re.findall(r'href="(/finance/people/[^"]+)"', html) if f"/{ana}/" in link)
    said = words(page(finance, person.replace("&amp;", "&")))
    assert said.count("$800.00 lost") == 2
    assert "Usual hours 2026-03-02 to 2026-03-08 at $20.00 an hour" in said
    assert "Hours behind it" in said


def test_after_new_hours_the_page_stays_as_it_was_kept_and_says_what_moved(
    finance: Client, firm: Firm
) -> None:
    address = f"{IMPACT}&by=project,contractor"
    html = page(finance, address)
    finance.post("/finance/reports/income-impact/pull/", fields(html) | {"format": "csv"}).getvalue()
    ana_worked_after_all(firm)
    assert "7,600.00" in words(page(finance, address))
    assert "7,280.00" in words(page(finance, f"{address}&live=1"))
    run = ReportRun.objects.get()
    answer = finance.post(f"/finance/runs/{run.public_id}/again/", follow=True)
    said = words(answer.content.decode())
    assert "1 row moved, 4 did not." in said
    assert "-320.00" in said
    assert "was estimated anew" in said
    newest = ReportRun.objects.latest("pk")
    answer = finance.post(f"/finance/runs/{newest.public_id}/again/", follow=True)
    assert "Nothing has moved" in words(answer.content.decode())


def test_figures_that_moved_while_the_page_was_open_are_shown_before_they_are_handed_over(
    finance: Client, firm: Firm
) -> None:
    html = page(finance, f"{IMPACT}&by=project,contractor")
    ana_worked_after_all(firm)
    answer = finance.post(
        "/finance/reports/income-impact/pull/", fields(html) | {"format": "csv"}, follow=True
    )
    said = words(answer.content.decode())
    assert "The figures moved while the page was open" in said
    assert "7,280.00" in said


def test_a_person_reached_from_a_kept_run_has_the_figures_of_that_run(finance: Client, firm: Firm) -> None:
    html = page(finance, f"{IMPACT}&by=pause,contractor")
    finance.post("/finance/reports/income-impact/pull/", fields(html) | {"format": ""})
    ana_worked_after_all(firm)
    html = page(finance, f"/finance/runs/{ReportRun.objects.get().public_id}/")
    ana = firm.people[0].contractor_id
    link = next(link for link in re.findall(r'href="(/finance/people/[^"]+)"', html) if f"/{ana}/" in link)
    assert "$800.00 lost" in words(page(finance, link.replace("&amp;", "&")))


@pytest.mark.parametrize(
    ("query", "words_"),
    [
        ("as_of=2026-02-30", "is no day"),
        ("as_of=2027-01-01", "nothing is known yet"),
        ("by=weather", "choose from pause, project"),
        ("client=NOBODY", "choose from LYRA, ORION"),
        ("in=KES", "choose from AUD"),
        ("by=week&first_week=2026-03-16&last_week=2026-03-02", "lies before"),
        ("colour=red", "takes no “colour”"),
    ],
)
def test_bad_input_is_refused_beside_the_form(query: str, words_: str, finance: Client, firm: Firm) -> None:
    html = page(finance, f"/finance/reports/income-impact/?{query}", 400)
    assert words_ in html
    assert "<tfoot>" not in html


def test_an_unknown_report_run_or_person_is_not_there(finance: Client) -> None:
    nowhere = "00000000-0000-4000-8000-000000000000"
    for address in ("reports/profit/", f"runs/{nowhere}/", f"runs/{nowhere}/csv/", "people/999999/"):
        assert finance.get(f"/finance/{address}").status_code == 404


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_looking_writes_nothing(finance: Client, firm: Firm) -> None:
    for report in REPORTS:
        page(finance, f"/finance/reports/{report.name}/?as_of={AS_OF}")
    assert not ReportRun.objects.exists()


@pytest.mark.once
def test_the_number_of_queries_does_not_grow_with_people_and_pauses(finance: Client, firm: Firm) -> None:
    def count(name: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page(finance, f"/finance/reports/{name}/?as_of={AS_OF}")
        return len(queries)

    by_client_or_pause = {
        "exposure",
        "paused-hours",
    }  # each client, each project under a pause is looked at apart
    names = [report.name for report in REPORTS if report.name not in by_client_or_pause]
    before = [count(name) for name in names]
    project = ProjectFactory.make(client=firm.chordus.client)
    for _ in range(3):
        colleague(project)
    pause = type(firm.ended).objects.create(
        **{
            name: getattr(firm.ended, name)
            for name in ("starts_at", "ends_at", "state", "reason_code", "what_stopped", "why", "what_happens_to_pay")
        },
        what_to_do_now="Wait.", opened_at=firm.ended.opened_at, closed_at=firm.ended.closed_at, project=project,
    )  # fmt: skip
    estimated(pause, as_of=AS_OF)
    assert [count(name) for name in names] == before
    assert max(before) < 40
