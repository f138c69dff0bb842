"""Rates that finance uploads and that the bank publishes are dated, kept, and never taken from after the day."""

import zipfile
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from projects.bank import BankIsAway
from projects.domain.errors import NotAllowed, UnableToReport
from projects.models import AuditEvent, ExchangeRate
from projects.operations.rates import upload_rates
from projects.queries.exchange_rates import last_day_of_rates, last_day_shipped, rate_known
from projects.reports.rates_update import try_to_update_rates, update_rates
from tests.factories import UserFactory
from tests.integration.reports.world import member

pytestmark = pytest.mark.django_db
AT = datetime(2099, 1, 9, 18, tzinfo=UTC)
LATER = last_day_shipped() + timedelta(days=3)


def upload(text: str) -> int:
    """Take in a file as somebody in finance."""
    return upload_rates(data=text.encode(), file_name="march.csv", by=member("finance"), at=AT)


def published(folder: Path, *days: tuple[date, str]) -> str:
    """The address of a history as the bank publishes it: dollars and yen to the euro, newest first."""
    rows = "".join(f"{day},{dollars},160.5,\n" for day, dollars in sorted(days, reverse=True))
    with zipfile.ZipFile(folder / "hist.zip", "w") as file:
        file.writestr("eurofxref-hist.csv", f"Date,USD,JPY,\n{rows}")
    return (folder / "hist.zip").as_uri()


def test_an_uploaded_rate_goes_before_the_banks_until_it_is_old() -> None:
    assert upload("day,from,to,rate\n2026-03-01,EUR,USD,1.25\n2026-03-01,USD,KES,129.35\n") == 2
    own = rate_known("EUR", "USD", as_of=date(2026, 3, 30))
    assert (own.rate, own.on, own.said_by) == (Decimal("1.25"), date(2026, 3, 1), "march.csv")
    assert rate_known("USD", "EUR", as_of=date(2026, 3, 30)).rate == Decimal("0.8")
    assert rate_known("USD", "KES", as_of=date(2026, 3, 30)).convert(10_000) == 1_293_500
    assert rate_known("EUR", "USD", as_of=date(2026, 2, 28)).said_by == "European Central Bank"
    assert rate_known("EUR", "USD", as_of=date(2026, 5, 1)).said_by == "European Central Bank"
    with pytest.raises(UnableToReport, match="Upload a rate of the pair"):
        rate_known("USD", "KES", as_of=date(2026, 5, 1))


def test_a_corrected_rate_is_a_new_row_and_the_same_again_is_none() -> None:
    upload("day;from;to;rate\n2026-03-01;EUR;USD;1.25\n")
    assert upload("day,from,to,rate\n2026-03-01,EUR,USD,1.25\n") == 0
    assert upload("day,from,to,rate\n2026-03-01,EUR,USD,1.2512345678\n") == 1
    assert rate_known("EUR", "USD", as_of=date(2026, 3, 1)).rate == Decimal("1.251234568")
    assert ExchangeRate.objects.count() == 2
    assert AuditEvent.objects.filter(verb="rates.uploaded").count() == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must name day, from, to and rate"),
        ("day,from,to\n", "“rate” is missing"),
        ("day,from,to,rate\n", "no rates"),
        ("day,from,to,rate\n2026-02-30,EUR,USD,1\n", "Line 2: “2026-02-30” is no day"),
        ("day,from,to,rate\n2099-02-01,EUR,USD,1\n", "Line 2: 2099-02-01 lies outside"),
        ("day,from,to,rate\n2026-03-01,EUR,XQQ,1\n", "Line 2: “XQQ” is no currency"),
        ("day,from,to,rate\n2026-03-01,EUR,EUR,1\n", "Line 2: the two currencies are the same"),
        ("day,from,to,rate\n2026-03-01,EUR,USD,0\n", "Line 2: a rate lies above zero"),
        ("day,from,to,rate\n2026-03-01,EUR,USD,NaN\n", "Line 2: a rate lies above zero"),
        ("day,from,to,rate\n2026-03-01,EUR,USD,one\n", "Line 2: “one” is no rate"),
        ("day,from,to,rate\n2026-03-01,EUR,USD,1\n2026-03-01,EUR\n", "Line 3 has 2 cells, not 4"),
        ("day,from,to,rate\n2026-03-01,EUR,USD,1\n2026-03-01,eur,usd,2\n", "one day and pair twice"),
        ("day,from,to,rate\n2026-03-01,EUR,\x00,1\n", "not text in UTF-8"),
    ],
)
def test_an_unfit_file_is_refused_whole_with_its_line(text: str, said: str) -> None:
    with pytest.raises(UnableToReport, match=said) as refused:
        upload(text)
    assert refused.value.field == "file"
    assert not ExchangeRate.objects.exists()


def test_only_finance_and_operations_upload() -> None:
    with pytest.raises(NotAllowed):
        upload_rates(data=b"", file_name="x.csv", by=UserFactory.make(), at=AT)


def test_the_nightly_job_adds_what_was_published_since_once(tmp_path: Path, settings: Any) -> None:
    settings.ECB_RATES_URL = published(tmp_path, (last_day_shipped(), "9.9"), (LATER, "1.5"))
    assert update_rates(at=AT) == 2
    assert try_to_update_rates(at=AT) == 0
    assert last_day_of_rates() == LATER
    assert rate_known("EUR", "USD", as_of=LATER + timedelta(days=2)).rate == Decimal("1.5")
    assert rate_known("USD", "JPY", as_of=LATER).rate == Decimal(107)
    assert rate_known("EUR", "USD", as_of=last_day_shipped()).rate < 9


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/hist.zip", "file:///nowhere.zip", "gopher://x"])
def test_without_a_network_the_last_known_rates_go_on(address: str, settings: Any) -> None:
    settings.ECB_RATES_URL = address
    with pytest.raises(BankIsAway):
        update_rates(at=AT)
    assert try_to_update_rates(at=AT) == 0
    with pytest.raises(CommandError, match=f"rates end on {last_day_shipped()}"):
        call_command("update_rates")


def test_a_file_that_is_no_history_changes_nothing(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "page.zip").write_bytes(b"<html>Maintenance</html>")
    settings.ECB_RATES_URL = (tmp_path / "page.zip").as_uri()
    assert try_to_update_rates(at=AT) == 0


def test_rates_come_in_from_the_command_line(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("day,from,to,rate\n2026-03-01,USD,KES,129.35\n")
    call_command("import_rates", str(tmp_path / "rates.csv"))
    assert ExchangeRate.objects.get().by is None
