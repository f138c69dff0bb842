"""What people type stays what they typed: no tag, no header, no template, no other site comes of it."""

import re
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import pytest
from django.core import mail
from django.test import Client

from notifications.mail import _unstructured, mailbox
from tests.faces.access.asking import BACKEND, Asker
from tests.faces.access.doors import doors
from tests.faces.access.world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TYPED = "<script>x</script>\"'><img src=x onerror=y>{{ 7|add:7 }}{% debug %}${7*7}<!channel>"
LINE_ENDS = (
    "\r\nBcc: all@evil.example",
    "\nBcc: all@evil.example",
    "\r",
    "\u2028Bcc: x",
    "\x85Bcc: x",
    "\x00",
    "\x0bBcc: x",
)
ELSEWHERE = (
    "https://evil.example", "//evil.example", "///evil.example", "\\\\evil.example", "/\\evil.example",
    "https:evil.example", "https:/evil.example", "javascript:alert(1)", "data:text/html,x",
    "/%0d%0aLocation:%20//evil.example",
    "\thttps://evil.example", " //evil.example", "http://testserver@evil.example", "//testserver.evil.example",
    "https://evil.example\\@testserver", "/\t/evil.example", "//evil%E3%80%82example", "ftp://evil.example",
    "https://[::1]@evil.example", "%2f%2fevil.example", "//evil.example/%2e%2e", "\x00//evil.example",
)  # fmt: skip
PAGES = frozenset(
    {"portal", "finance", "admin: pause", "admin: contractor", "admin: project", "admin: correction"}
)


@pytest.fixture
def world(db: None) -> World:
    """A world in which everything that somebody typed is an attack."""
    world = make_world()
    for place in world.places.values():
        for name, fields in {
            "contractor": ("name",), "project": ("name",), "client": ("name",),
            "pause": ("what_stopped", "why", "what_happens_to_pay", "what_to_do_now", "confidential_note"),
            "correction": ("words", "answer"), "openseat": ("title",), "scopereassessment": ("what_it_means",),
            "draft": ("what_stopped", "why"), "hoursdecision": ("reason",),
        }.items():  # fmt: skip
            place[name].__class__._default_manager.filter(pk=place[name].pk).update(
                **dict.fromkeys(fields, TYPED)
            )
    return world


def test_no_page_writes_what_was_typed_as_a_tag_or_a_template(world: World) -> None:
    asker, seen, wrong = Asker(world), 0, []
    for door in doors():
        if door.method != "GET" or door.room not in PAGES:
            continue
        role = "contractor" if door.room == "portal" else "superuser"
        answer = asker.ask(door, role, "own")
        if answer is None or not answer.word.startswith("2"):
            continue
        seen += b"&lt;script&gt;x" in answer.body
        if re.search(rb"<script>x|<img src=x", answer.body) and b"<html" in answer.body:
            wrong.append(door.title)
        assert b"{{ 7|add:7 }}" in answer.body or b"&lt;script" not in answer.body, door.title
    assert not wrong
    assert seen > 15


@pytest.mark.parametrize("ending", LINE_ENDS)
def test_no_name_and_no_subject_breaks_out_of_its_header(ending: str) -> None:
    for line in (
        mailbox(f"Ana{ending}", "ana@people.example"),
        _unstructured("Subject", f"Pause{ending}").rstrip(),
    ):
        unfolded = line.replace(b"\r\n ", b" ")
        assert b"\r" not in unfolded
        assert b"\n" not in unfolded
        assert b"\x00" not in unfolded


@pytest.mark.parametrize("ending", LINE_ENDS[:3])
def test_an_address_with_a_line_end_gets_no_mail(ending: str, client: Client) -> None:
    client.post("/account/login/", {"login": f"ana@people.example{ending}"})

    assert all("evil" not in str(letter.message()) for letter in mail.outbox)


@pytest.mark.parametrize("place", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(place: str, client: Client, django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("ana@people.example")
    client.force_login(user, backend=BACKEND)

    answers = [
        client.get(f"/account/login/?next={quote(place)}"),
        client.get(f"/account/logout/?next={quote(place)}"),
        client.post("/portal/language/", {"language": "es", "next": place}),
    ]
    for answer in answers:
        led = urlsplit(urljoin("http://testserver/account/login/", answer.get("Location", "")))
        assert (led.scheme, led.netloc) == ("http", "testserver")
        assert "\\" not in led.path[:2]


@pytest.mark.parametrize(
    "path", ["../../settings.py", "..%2f..%2fsettings.py", "/etc/passwd", "....//....//etc/passwd", "%00"]
)
def test_no_path_leads_out_of_its_folder(path: str, client: Client) -> None:
    for door in ("/static/", "/mailbox/", "/verify/", "/portal/statement/"):
        body = client.get(f"{door}{path}").content
        assert b"INSTALLED_APPS" not in body
        assert b"root:" not in body
