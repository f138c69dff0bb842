"""What pages that everybody opens at once may cost: a fixed number of questions, and no template an option."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django import forms
from django.test import Client
from django.test.html import parse_html

from contractorhub.portal.choosing import BriefSelect
from contractorhub.portal.forms import SettingsForm
from tests.faces.portal.world import World, make_estimate

pytestmark = pytest.mark.django_db
Counted = Callable[[int], AbstractContextManager[None]]
PARTS_OF_DJANGO = "django/forms/widgets/select"


@pytest.mark.parametrize(("tail", "questions"), [("", 10), ("estimate/", 11)])
def test_a_page_about_a_pause_asks_a_fixed_number_of_questions(
    tail: str, questions: int, ana: Client, world: World, django_assert_num_queries: Counted
) -> None:
    make_estimate(world)
    address = f"/portal/pauses/{world.pause.public_id}/{tail}"
    ana.get(f"/portal/pauses/{world.pause.public_id}/")  # the first look records that it was opened

    with django_assert_num_queries(questions):
        answer = ana.get(address)

    assert answer.status_code == 200


def test_no_option_of_the_settings_is_a_template_of_its_own(ana: Client) -> None:
    answer = ana.get("/portal/settings/")

    assert answer.content.count(b"<option") > 500
    assert [part.name for part in answer.templates if str(part.name).startswith(PARTS_OF_DJANGO)] == []


@pytest.mark.parametrize("data", [None, {"locale": "<b>", "time_zone": "Nowhere", "display_currency": "EUR"}])
def test_a_drop_down_is_written_as_django_writes_it(data: dict[str, str] | None) -> None:
    form = SettingsForm(data, initial={"locale": "es", "time_zone": "Asia/Manila"})
    for field in form:
        ours = field.field.widget
        theirs = forms.Select(attrs=ours.attrs, choices=list(field.field.choices))  # type: ignore[attr-defined]

        assert isinstance(ours, BriefSelect)
        assert parse_html(field.as_widget()) == parse_html(field.as_widget(widget=theirs))


def test_what_stands_in_an_option_is_never_markup() -> None:
    drop_down = BriefSelect(choices=[('"><script>', "<b>bold</b>")])

    assert "<script" not in drop_down.render("place", '"><script>')
    assert "<b>" not in drop_down.render("place", None)
