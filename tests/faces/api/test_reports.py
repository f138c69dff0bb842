"""The API gives the very figures of finance's pages and files, and refuses with the field and what is allowed."""

import json
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client

from projects.models import ReportRun
from projects.reports.files import FORMATS
from projects.reports.frozen import table_of_run
from projects.reports.runs import pull_report
from tests.integration.reports.test_runs import ana_worked_after_all
from tests.integration.reports.world import AS_OF, AT, make_firm, member

pytestmark = pytest.mark.django_db
IMPACT = f"/api/v1/reports/income-impact/?as_of={AS_OF}&by=project,contractor"


@pytest.fixture
def finance(client: Client) -> Any:
    """A program of somebody in finance, at noon of the tests' day."""
    client.force_login(member("finance"), backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(AT, tick=False):
        yield client


@pytest.mark.once  # its statements are all put to PostgreSQL by other tests
def test_a_kept_run_comes_back_whatever_came_in_and_looking_keeps_nothing(finance: Client) -> None:
    firm = make_firm()
    assert json.loads(finance.get(IMPACT).content)["row_count"] == 5
    assert not ReportRun.objects.exists()
    run = pull_report(
        name="income-impact", parameters={"by": ["project,contractor"]}, as_of=AS_OF, by=None, at=AT
    )
    ana_worked_after_all(firm)
    out = BytesIO()
    FORMATS["json"].write(table_of_run(run), out)
    assert finance.get(IMPACT).content == out.getvalue()


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("as_of=2026-02-30", "as_of", "is no day"),
        ("by=weather", "by", "choose from pause, project"),
        ("colour=red", "colour", "takes no “colour”"),
        ("contractor=%00", "contractor", "give numbers"),
    ],
)
def test_bad_input_is_a_problem_with_its_field(query: str, field: str, said: str, finance: Client) -> None:
    answer = finance.get(f"/api/v1/reports/income-impact/?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert said in error["message"]
