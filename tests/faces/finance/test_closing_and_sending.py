"""Finance closes periods, uploads rates and schedules reports on pages that refuse beside the field."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from projects.models import AccountingPeriod, AuditEvent, ExchangeRate, ReportSchedule, User
from projects.models import Client as Client_
from tests.faces.finance.test_pages import finance, page, words
from tests.integration.reports.test_runs import ana_worked_after_all
from tests.integration.reports.world import AS_OF, AT, Firm, make_firm, member

__all__ = ["finance"]
pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def on_the_day(db: None) -> object:
    """Tests take place at noon of their day."""
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def firm() -> Firm:
    """Five people, three pauses."""
    return make_firm()


def test_a_period_is_closed_and_what_moved_since_is_foretold(finance: Client, firm: Firm) -> None:
    said = finance.post("/finance/periods/", {"last_day": "2026-03-05"})
    assert (said.status_code, "Say with which week" in said.content.decode()) == (400, True)
    said = finance.post("/finance/periods/", {"first_day": "2026-03-02", "last_day": "2026-03-30"})
    assert "the last day that can be closed is 2026-03-29" in said.content.decode()
    assert not AccountingPeriod.objects.exists()
    finance.post("/finance/periods/", {"first_day": "2026-03-02", "last_day": "2026-03-05"})
    ana_worked_after_all(firm)
    html = words(page(finance, "/finance/periods/"))
    assert "Close the weeks from 2026-03-09" in html
    assert "-$320.00" in html
    assert "1,600.00" in words(page(finance, "/finance/reports/period-ledger/?period=2026-03-02"))
    assert page(finance, "/finance/reports/journal/?period=2026-03-02")


def test_a_file_of_rates_is_taken_in_or_refused_with_its_line(finance: Client) -> None:
    def upload(text: str) -> str:
        file = SimpleUploadedFile("march.csv", text.encode())
        return finance.post("/finance/rates/", {"file": file}, follow=True).content.decode()

    assert "Line 2: “XQQ” is no currency" in upload("day,from,to,rate\n2026-03-01,XQQ,USD,1\n")
    assert "1 new rate." in upload("day,from,to,rate\n2026-03-01,USD,KES,129.35\n")
    assert "129.35" in page(finance, "/finance/rates/")
    assert finance.post("/finance/rates/", {}).status_code == 400
    assert ExchangeRate.objects.count() == 1
    make_firm()
    assert "129.35" in page(finance, f"/finance/reports/income-impact/?as_of={AS_OF}&in=KES&currency=USD")


def test_a_report_is_put_on_a_schedule_with_the_filters_of_its_page(finance: Client, firm: Firm) -> None:
    html = page(finance, f"/finance/reports/income-impact/?as_of={AS_OF}&by=project&client=ORION")
    address = "/finance/reports/income-impact/schedule/?by=project&client=ORION"
    assert address.replace("&", "&amp;") in html
    assert "client: ORION" in words(page(finance, address))
    me = User.objects.get(role_grants__role="finance")
    typed = {"title": "Orion", "every": "week", "weekday": "", "hour": 6, "recipients": [me.pk]}
    said = finance.post(address, typed)
    assert (said.status_code, "needs its weekday" in said.content.decode()) == (400, True)
    finance.post(address, {**typed, "weekday": 0})
    made = ReportSchedule.objects.get()
    assert made.parameters == {"by": ["project"], "client": ["ORION"]}
    where = f"/finance/schedules/{made.public_id}/"
    assert "every week on Monday at 06:00 UTC" in words(page(finance, where))
    finance.post(f"{where}change/", {**typed, "every": "day", "title": "Orion daily"})
    finance.post(f"{where}toggle/")
    html = words(page(finance, where))
    assert "Orion daily" in html
    assert "Paused since 2026-03-30 12:00 UTC." in html
    assert "Orion daily" in page(finance, "/finance/schedules/")


def test_an_auditor_reads_all_of_it_and_changes_none(client: Client, firm: Firm, finance: Client) -> None:
    finance.post("/finance/periods/", {"first_day": "2026-03-02", "last_day": "2026-03-05"})
    auditor = Client()
    auditor.force_login(member("auditor"), backend=BACKEND)
    for name in ("periods", "rates", "schedules"):
        html = page(auditor, f"/finance/{name}/")
        assert html.count("<form") == 1  # signing out
    assert auditor.post("/finance/periods/", {"last_day": "2026-03-10"}).status_code == 400
    file = SimpleUploadedFile("x.csv", b"day,from,to,rate\n2026-03-01,USD,KES,1\n")
    assert auditor.post("/finance/rates/", {"file": file}).status_code == 400
    assert auditor.get("/finance/reports/promises/schedule/").status_code == 404
    assert (AccountingPeriod.objects.count(), ExchangeRate.objects.count()) == (1, 0)


def test_the_days_of_notice_of_a_client_are_kept_and_refused_where_impossible(
    finance: Client, firm: Firm
) -> None:
    finance.post("/finance/terms/", {"client": "LYRA", "days": "14"})
    said = finance.post("/finance/terms/", {"client": "LYRA", "days": "-1"}, follow=True)
    assert "lie from 0 to 366" in words(said.content.decode())
    assert firm.harp.client.__class__.objects.get(code="LYRA").notice_days == 14
    assert finance.post("/finance/terms/", {"client": "NOBODY", "days": "1"}).status_code == 404
    assert "1,200.00" in words(page(finance, f"/finance/reports/obligations/?as_of={AS_OF}"))


def test_the_policy_of_reference_pay_is_agreed_a_client_and_stands_beside_what_is_expected(
    finance: Client, firm: Firm
) -> None:
    def agree(**typed: str) -> str:
        return words(
            finance.post("/finance/terms/", {"client": "ORION", **typed}, follow=True).content.decode()
        )

    assert "is not a policy" in agree(policy="by-the-moon", share="100")
    assert "a share from 0 to 100 %" in agree(policy="average", share="101")
    assert "needs its currency" in agree(policy="average", share="80", cap="100")
    assert "reference pay by “Mean of the last 52 paid weeks”" in agree(
        policy="paid-weeks", share="80", cap="1000.00", currency="usd"
    )
    client = Client_.objects.get(code="ORION")
    assert (client.pay_policy, client.guaranteed_share_bp, client.monthly_cap_minor) == (
        "paid-weeks",
        8_000,
        100_000,
    )
    assert AuditEvent.objects.filter(verb="client.policy_agreed").count() == 1
    html = words(page(finance, f"/finance/reports/reference-pay/?as_of={AS_OF}&by=contractor"))
    assert "Average of the year before" in html  # runs that are done keep the policy they were made under
    person = firm.people[0].contractor_id
    assert "Expected, a prediction" in words(page(finance, f"/finance/people/{person}/?as_of={AS_OF}"))


def test_for_others_there_is_no_such_page(client: Client) -> None:
    client.force_login(member("operations"), backend=BACKEND)
    assert page(client, "/finance/schedules/")
    nowhere = "00000000-0000-4000-8000-000000000000"
    assert client.get(f"/finance/schedules/{nowhere}/").status_code == 404
    assert client.get("/finance/jobs/999/").status_code == 404
