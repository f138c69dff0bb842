"""No form works without its token: every POST from another site is refused, or its door proves the sender otherwise."""

from typing import Final

import pytest
from django.test import Client

from tests.faces.access.asking import Asker, address, values_for
from tests.faces.access.doors import doors
from tests.faces.access.world import make_world

SAID: Final = b"The page was open too long"
"""The heading over a form that was refused."""
PROVEN_OTHERWISE: Final = {
    "slack:events": "Slack signs it",
    "slack:commands": "Slack signs it",
    "slack:interactivity": "Slack signs it",
    "returns:provider": "the mail provider signs it",
    "returns:mail": "it bears the mail server's secret",
    "returns:unsubscribe": "the link is signed, and a mail program posts to it (RFC 8058)",
    "healthz": "a probe is answered before any view, and refuses POST",
    "readyz": "a probe is answered before any view, and refuses POST",
    "metrics": "a probe is answered before any view, and refuses POST",
    "api:nothing-here": "there is nothing to do",
    "api:schema": "it only answers GET",
    "api:docs": "it only answers GET",
}


@pytest.mark.django_db
@pytest.mark.once
def test_every_post_without_a_token_is_refused() -> None:
    asker, passed = Asker(make_world(), csrf=True), []
    for door in doors():
        if door.method == "GET" or door.name in PROVEN_OTHERWISE:
            continue
        values = values_for(door, asker.world, "superuser", "own") or {}
        response = asker.clients["superuser"].generic(door.method, address(door, values))
        told = response.status_code, SAID in response.content or door.room == "API"
        if told != (403, True) and not (response.status_code == 404 and door.room == "API"):
            passed.append(f"{door.method} /{door.title}: {response.status_code}")
    assert not passed, "\n".join(passed)


@pytest.mark.django_db
@pytest.mark.once
def test_a_token_of_another_browser_or_from_another_site_opens_no_form() -> None:
    asker = Asker(make_world(), csrf=True)
    client, other = asker.clients["contractor"], Client()
    client.get("/portal/settings/")
    other.get("/account/login/")
    own, foreign = (browser.cookies["csrftoken"].value for browser in (client, other))
    form = {"language": "es", "next": "/portal/"}

    sent = [
        client.post("/portal/language/", {**form, "csrfmiddlewaretoken": foreign}),
        client.post(
            "/portal/language/", {**form, "csrfmiddlewaretoken": own}, HTTP_ORIGIN="https://evil.example"
        ),
        client.post("/portal/language/", {**form, "csrfmiddlewaretoken": own}),
    ]

    assert [response.status_code for response in sent] == [403, 403, 302]


def test_only_these_doors_take_a_post_without_the_token_of_a_form() -> None:
    exempt = {
        door.name for door in doors() if getattr(door.callback, "csrf_exempt", False) and door.room != "API"
    }

    assert exempt <= set(PROVEN_OTHERWISE)
