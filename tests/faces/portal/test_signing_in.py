"""Signing in by emailed code: what works, what is refused, and what a stranger can learn (nothing)."""

import re

import pytest
from django.core import mail
from django.test import Client

from projects.models import User
from projects.operations.people import ContractorFacts, change_contractor
from tests.faces.portal.world import World

pytestmark = pytest.mark.django_db
CODE = re.compile(r"^ {4}(\S+)$", re.MULTILINE)


def ask_for_code(client: Client, email: str, *, next_url: str = "") -> str:
    """Ask for a code and return the one that was mailed."""
    query = f"?next={next_url}" if next_url else ""
    response = client.post(f"/account/login/{query}", {"login": email, "next": next_url})
    assert response.status_code == 302
    found = CODE.search(str(mail.outbox[-1].body))
    return found.group(1) if found else ""


def test_a_mailed_code_signs_in_and_leads_to_the_portal(world: World, client: Client) -> None:
    code = ask_for_code(client, "ana@people.example")

    response = client.post("/account/login/code/confirm/", {"code": code}, follow=True)

    assert response.redirect_chain[-1][0] == "/portal/"
    assert "CHORDUS" in response.content.decode()


def test_the_mail_holds_the_code_in_our_words_and_nothing_that_signs_in_by_a_click(
    world: World, client: Client
) -> None:
    code = ask_for_code(client, "ana@people.example")

    letter = mail.outbox[-1]
    assert letter.subject == "Your sign-in code"
    assert code in letter.body
    assert "It works for 10 minutes" in letter.body
    assert re.findall(r"https?://\S+", str(letter.body)) == ["http://testserver/"]


def test_a_link_in_a_notice_asks_to_sign_in_and_comes_back_to_its_pause(world: World, client: Client) -> None:
    link = f"/portal/pauses/{world.pause.public_id}/"

    asked = client.get(link)
    code = ask_for_code(client, "ana@people.example", next_url=link)
    done = client.post(f"/account/login/code/confirm/?next={link}", {"code": code, "next": link})

    assert asked.status_code == 302
    assert asked["Location"] == f"/account/login/?next={link}"
    assert done["Location"] == link


def test_a_foreign_address_to_come_back_to_is_ignored(world: World, client: Client) -> None:
    code = ask_for_code(client, "ana@people.example", next_url="https://evil.example/")

    done = client.post(
        "/account/login/code/confirm/?next=https://evil.example/",
        {"code": code, "next": "https://evil.example/"},
    )

    assert done["Location"] == "/"


def test_an_unknown_address_sees_the_same_pages_and_gets_no_account(world: World) -> None:
    pages = {}
    for email in ("ana@people.example", "nobody@people.example"):
        client = Client()
        asked = client.post("/account/login/", {"login": email})
        shown = client.get("/account/login/code/confirm/").content.decode().replace(email, "")
        wrong = (
            client.post("/account/login/code/confirm/", {"code": "wrong"}).content.decode().replace(email, "")
        )
        pages[email] = (asked.status_code, asked["Location"], _plain(shown), _plain(wrong))

    assert pages["ana@people.example"] == pages["nobody@people.example"]
    assert not User.objects.filter(email="nobody@people.example").exists()
    assert mail.outbox[-1].subject == "We do not know this address"


def test_a_wrong_code_gets_one_clear_message(world: World, client: Client) -> None:
    ask_for_code(client, "ana@people.example")

    page = client.post("/account/login/code/confirm/", {"code": "AAAAAA"}).content.decode()

    assert page.count("This is not the code we sent.") == 1
    assert page.count('role="alert"') == 1


def test_the_third_wrong_code_ends_the_attempt(world: World, client: Client) -> None:
    code = ask_for_code(client, "ana@people.example")

    for _attempt in range(3):
        client.post("/account/login/code/confirm/", {"code": "AAAAAA"})
    late = client.post("/account/login/code/confirm/", {"code": code}, follow=True)

    assert "_auth_user_id" not in client.session
    assert late.redirect_chain[-1][0].startswith("/account/login/")


def test_a_code_is_refused_in_another_browser(world: World, client: Client) -> None:
    code = ask_for_code(client, "ana@people.example")
    other = Client()

    other.post("/account/login/code/confirm/", {"code": code})

    assert "_auth_user_id" not in other.session


def test_a_code_works_once(world: World, client: Client) -> None:
    code = ask_for_code(client, "ana@people.example")
    client.post("/account/login/code/confirm/", {"code": code})
    client.post("/account/logout/")

    client.post("/account/login/code/confirm/", {"code": code})

    assert "_auth_user_id" not in client.session


def test_a_changed_address_signs_in_and_the_old_one_no_longer_does(world: World) -> None:
    first = Client()
    first.post("/account/login/code/confirm/", {"code": ask_for_code(first, "ana@people.example")})
    facts = ContractorFacts(
        email="ana.new@people.example", name="Ana Reyes", country="PH", time_zone="Asia/Manila"
    )

    change_contractor(contractor=world.ana, facts=facts, by=None, at=world.at)

    assert ask_for_code(Client(), "ana.new@people.example")
    assert ask_for_code(Client(), "ana@people.example") == ""


def test_a_closed_login_is_told_so(world: World, client: Client) -> None:
    code = ask_for_code(client, "ana@people.example")
    User.objects.filter(pk=world.user.pk).update(is_active=False)

    page = client.post("/account/login/code/confirm/", {"code": code}, follow=True)

    assert "_auth_user_id" not in client.session
    assert "This login is closed" in page.content.decode()


@pytest.mark.parametrize(
    "path", ["email/", "password/change/", "password/set/", "password/reset/", "confirm-email/"]
)
def test_pages_that_would_part_a_login_from_its_contractor_do_not_exist(path: str, ana: Client) -> None:
    assert ana.get(f"/account/{path}").status_code == 404


def test_nobody_signs_up_by_themselves(db: None, client: Client) -> None:
    page = client.post("/account/signup/", {"email": "me@people.example"}).content.decode()

    assert "Logins come from your firm" in page
    assert not User.objects.filter(email="me@people.example").exists()


def test_signing_out_everywhere_ends_the_other_browser(world: World) -> None:
    here, there = Client(), Client()
    for browser in (here, there):
        browser.post("/account/login/code/confirm/", {"code": ask_for_code(browser, "ana@people.example")})
        browser.get("/portal/")

    page = here.get("/account/sessions/").content.decode()
    here.post("/account/sessions/")

    assert page.count("Another browser") == 1
    assert there.get("/portal/").status_code == 302
    assert here.get("/portal/").status_code == 200


def _plain(page: str) -> str:
    """A page without its tokens, which differ each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)
