"""The embedded mailbox: a real SMTP conversation ends on a page that only this machine may read."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client, override_settings

from contractorhub.hub.ports import free_port, is_free
from contractorhub.mailbox.server import drop_oldest
from tests.services.processes import PYTHON, Part, running

pytestmark = pytest.mark.once


@pytest.fixture
def mail_port(tmp_path: Path) -> Iterator[int]:
    """A mail server of this test's own, keeping mail in `mail` under its folder."""
    port = free_port()
    part = Part(
        command=(
            PYTHON,
            "-m",
            "contractorhub.mailbox",
            "--port",
            str(port),
            "--folder",
            str(tmp_path / "mail"),
        ),
        env={"PATH": "/usr/bin:/bin", "DJANGO_SETTINGS_MODULE": "contractorhub.settings"},
        log=tmp_path / "mailbox.log",
        is_ready=lambda: not is_free(port),
    )
    with running(part):
        yield port


@pytest.fixture
def inbox(client: Client, tmp_path: Path) -> Iterator[Client]:
    """A browser on this machine, with the mailbox in use."""
    with override_settings(
        MAILBOX_DIR=str(tmp_path / "mail"), ROOT_URLCONF="tests.integration.infra.mailbox_urls"
    ):
        yield client


def letter(*, to: str = "ana@demo.example", subject: str = "Your code", html: str = "") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "notices@hub.example", to, subject
    message.set_content("Code: 482913 – ñ <b>")
    if html:
        message.add_alternative(html, subtype="html")
    return message


def send(port: int, *messages: EmailMessage) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as server:
        for message in messages:
            assert server.send_message(message) == {}


def first_link(inbox: Client) -> str:
    page = inbox.get("/mailbox/").content.decode()
    return page.split('<td><a href="')[1].split('"')[0]


def test_a_mail_that_was_accepted_can_be_read(mail_port: int, inbox: Client) -> None:
    send(mail_port, letter())

    opened = inbox.get(first_link(inbox)).content.decode()

    assert "Code: 482913 – ñ &lt;b&gt;" in opened
    assert "ana@demo.example" in opened


def test_the_newest_comes_first_and_a_recipient_can_be_picked(mail_port: int, inbox: Client) -> None:
    send(
        mail_port,
        letter(subject="first"),
        letter(subject="second", to="bo@demo.example"),
        letter(subject="third"),
    )

    everything = inbox.get("/mailbox/").content.decode()
    only_bo = inbox.get("/mailbox/?to=BO@").content.decode()

    assert everything.index("third") < everything.index("second") < everything.index("first")
    assert "second" in only_bo
    assert "third" not in only_bo


def test_html_is_shown_in_a_sandbox_that_runs_and_fetches_nothing(mail_port: int, inbox: Client) -> None:
    send(mail_port, letter(html="<p onclick='x()'>Hi</p><script>alert(1)</script>"))
    link = first_link(inbox)

    page, framed = inbox.get(link), inbox.get(f"{link}html")

    assert "<script>alert" not in page.content.decode()
    assert 'sandbox="allow-popups"' in page.content.decode()
    policy = framed["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe" not in page["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/mailbox/", "/mailbox/some-key/", "/mailbox/some-key/html"])
def test_nobody_else_may_read_it(inbox: Client, path: str, tmp_path: Path) -> None:
    drop_oldest(tmp_path / "mail", kept=5)

    assert inbox.get(path, REMOTE_ADDR="192.0.2.7").status_code == 404
    assert inbox.get(path, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404
    with override_settings(MAILBOX_DIR=""):
        assert inbox.get(path).status_code == 404


@pytest.mark.parametrize("key", ["..", "nothing", "%2e%2e%2fmailbox.log", "x" * 300])
def test_a_key_that_is_no_message_is_not_found(inbox: Client, key: str) -> None:
    assert inbox.get(f"/mailbox/{key}/").status_code == 404


def test_only_the_newest_are_kept(mail_port: int, inbox: Client, tmp_path: Path) -> None:
    send(mail_port, *(letter(subject=f"mail number {number}") for number in range(6)))

    drop_oldest(tmp_path / "mail", kept=2)

    page = inbox.get("/mailbox/").content.decode()
    assert [number for number in range(6) if f"mail number {number}" in page] == [4, 5]


def test_a_mail_larger_than_allowed_is_refused_and_the_next_one_taken(mail_port: int, inbox: Client) -> None:
    huge = letter(subject="huge")
    huge.set_content("x" * 70 + "\n" + ("y" * 70 + "\n") * 160_000)

    with pytest.raises(smtplib.SMTPException):
        send(mail_port, huge)
    send(mail_port, letter(subject="small"))

    page = inbox.get("/mailbox/").content.decode()
    assert "small" in page
    assert "huge" not in page
