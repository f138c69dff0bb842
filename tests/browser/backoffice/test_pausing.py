"""A lead pauses a project by hand: page loads and inputs are counted, with scripts and without."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from notifications import states
from notifications.models import Delivery
from projects.models import Pause
from projects.models.pauses import PauseState
from tests.conftest import Complaints
from tests.faces.backoffice.world import Desk, pause_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST_LOADS, MOST_INPUTS = 4, 9


@dataclass
class Hand:
    """A hand on the mouse that counts what it does; pages that load are counted by the browser itself."""

    page: Page
    inputs: int = 0
    loads: int = 0

    def __post_init__(self) -> None:
        self.page.on("domcontentloaded", lambda _page: self._count_load())

    def _count_load(self) -> None:
        self.loads += 1

    def choose(self, label: str, option: str) -> None:
        self.inputs += 1
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def type_into(self, label: str, words: str) -> None:
        self.inputs += 1
        self.page.get_by_label(label).fill(words)

    def press(self, name: str) -> None:
        self.inputs += 1
        self.page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_the_front_page_to_a_complete_pause_in_few_steps(
    scripts: bool, opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    hand = Hand(opened("/admin/", scripts=scripts))
    hand.choose("What is paused?", "CHORDUS · Chordus")
    hand.choose("Why?", "Security incident")
    hand.press("Write the pause")
    hand.press("See what it will do")
    hand.press("Pause now")
    expect(hand.page.get_by_text("its notices are on their way")).to_be_visible()
    pause = Pause.objects.get()
    assert pause.state == PauseState.IN_EFFECT
    assert all(
        (pause.what_stopped, pause.why, pause.what_happens_to_pay, pause.what_to_do_now, pause.next_update_by)
    )
    assert hand.loads <= MOST_LOADS
    assert hand.inputs <= MOST_INPUTS
    assert complaints.lines == []


def test_what_was_typed_survives_leaving_the_page(opened: Callable[..., Page], desk: Desk) -> None:
    page = opened(f"/admin/projects/pause/add/?project={desk.chordus.pk}")
    page.get_by_label("Confidential note").fill("Ask Sam before anything is said.")
    page.get_by_label("Confidential note").blur()
    expect(page.locator("#kept")).to_contain_text("Draft kept")
    page.goto(page.url)
    page.get_by_role("link", name="Go on with that draft").click()
    expect(page.get_by_label("Confidential note")).to_have_value("Ask Sam before anything is said.")


def test_another_recipient_is_shown_without_loading_the_page_again(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    page = opened(f"/admin/projects/pause/add/?project={desk.chordus.pk}")
    page.get_by_role("button", name="See what it will do", exact=True).click()
    page.wait_for_url("**/preview/")
    page.wait_for_load_state()
    hand = Hand(page)
    hand.type_into("Show it as it goes to", "Person 0003")
    hand.press("Show")
    expect(page.get_by_text("Hello Person 0003")).to_be_visible()
    assert hand.loads == 0
    assert complaints.lines == []


def test_the_drain_meter_moves_by_itself(
    opened: Callable[..., Page], desk: Desk, complaints: Complaints
) -> None:
    pause = pause_of(desk)
    page = opened(f"/admin/projects/pause/{pause.pk}/change/")
    expect(page.locator("#drain")).to_contain_text("0 / 6")
    delivered = Pause.objects.get().ref
    _deliver(delivered)
    expect(page.locator("#drain")).to_contain_text("6 / 6")
    expect(page.locator("#drain")).to_contain_text("through")
    assert complaints.lines == []


def test_a_lead_resumes_work(opened: Callable[..., Page], desk: Desk, complaints: Complaints) -> None:
    pause = pause_of(desk)
    hand = Hand(opened(f"/admin/projects/pause/{pause.pk}/change/"))
    hand.page.get_by_role("link", name="Resume work").click()
    hand.press("Resume work now")
    expect(hand.page.get_by_text("Work goes on; everybody is being told.")).to_be_visible()
    assert Pause.objects.get().state == PauseState.ENDED
    assert complaints.lines == []


def _deliver(ref: str) -> None:
    Delivery.objects.filter(notice__subject_ref=ref).update(state=states.SENT)
