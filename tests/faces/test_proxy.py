"""Hosts and proxies: only named hosts are answered, and only a proxy that is said to be there is believed."""

import subprocess
from pathlib import Path

import pytest
from django.test import Client

from tests.integration.infra.test_variables import COMPLETE
from tests.services.processes import CHECKOUT, PYTHON

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "127.0.0.1@evil.example"])
def test_a_host_that_is_not_ours_is_refused(host: str, client: Client) -> None:
    assert client.get("/account/login/", HTTP_HOST=host).status_code == 400


def test_a_forwarded_host_or_scheme_is_not_believed_without_a_proxy(client: Client) -> None:
    page = client.get("/account/login/", HTTP_X_FORWARDED_HOST="evil.example", HTTP_X_FORWARDED_PROTO="https")

    assert "evil.example" not in page.content.decode()
    assert not page.wsgi_request.is_secure()


def test_behind_a_proxy_and_in_production_cookies_are_for_this_host_over_tls_alone(tmp_path: Path) -> None:
    asked = (
        "from django.conf import settings as s; from django.test import Client;"
        "c = Client(); plain = c.get('/api/v1/me/', HTTP_HOST='hub.example');"
        "r = c.get('/api/v1/me/', HTTP_HOST='hub.example', HTTP_X_FORWARDED_PROTO='https');"
        "kinds = ('SESSION', 'CSRF', 'LANGUAGE');"
        "print(plain.status_code, r.status_code, [getattr(s, k + '_COOKIE_NAME') for k in kinds],"
        " {getattr(s, k + '_COOKIE_' + f) for k in kinds for f in ('SECURE', 'HTTPONLY')},"
        " {getattr(s, k + '_COOKIE_DOMAIN') for k in kinds},"
        " r['Strict-Transport-Security'], 'Permissions-Policy' in r)"
    )
    told = subprocess.run(
        [PYTHON, "manage.py", "shell", "-v0", "-c", asked],
        env={
            "PATH": "/usr/bin:/bin",
            "DATA_DIR": str(tmp_path),
            "CONTRACTORHUB_ENV": "production",
            "TRUSTED_PROXY_COUNT": "1",
            **COMPLETE,
        },
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.stdout.strip().splitlines()[-1:] == [
        "301 401 ['__Host-sessionid', '__Host-csrftoken', '__Host-language'] {True} {None} "
        "max-age=31536000; includeSubDomains; preload True"
    ], told.stderr[-2000:]
