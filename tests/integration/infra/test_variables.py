"""Variables: what is given wins, secrets come from files, an incomplete production start is refused by name."""

import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from contractorhub import env as environment
from contractorhub.env import (
    REQUIRED_IN_PRODUCTION,
    Variables,
    embedded_secret,
    parse_mail_server,
    read_base_url,
    refuse_incomplete_production,
)
from tests.services.processes import CHECKOUT, PYTHON

pytestmark = pytest.mark.once

COMPLETE = {
    "SECRET_KEY": "Zq8-w3Rt_" * 6,
    "FIELD_KEYS": "f" * 50,
    "DATABASE_URL": "postgresql://hub@db/hub",
    "CELERY_BROKER_URL": "redis://redis:6379/0",
    "CACHE_URL": "redis://redis:6379/1",
    "EMAIL_URL": "smtp://mail:25",
    "BASE_URL": "https://hub.example",
    "ALLOWED_HOSTS": "hub.example",
}


def start(variables: Mapping[str, str], *command: str, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run one of the product's commands with these variables and no others."""
    return subprocess.run(
        [PYTHON, "manage.py", *command],
        env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(data_dir), **variables},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("missing", REQUIRED_IN_PRODUCTION)
def test_a_production_start_names_the_variable_it_lacks(missing: str) -> None:
    given = {name: value for name, value in COMPLETE.items() if name != missing}

    with pytest.raises(ImproperlyConfigured, match=rf"missing: {missing}\."):
        refuse_incomplete_production(Variables(given))


def test_a_production_start_without_anything_names_every_variable(tmp_path: Path) -> None:
    run = start({"CONTRACTORHUB_ENV": "production"}, "check", data_dir=tmp_path)

    assert run.returncode != 0
    assert "missing: " + ", ".join(REQUIRED_IN_PRODUCTION) in run.stderr


def test_a_complete_production_start_passes_the_deployment_check_without_a_warning(tmp_path: Path) -> None:
    variables = {"CONTRACTORHUB_ENV": "production", **COMPLETE}

    run = start(variables, "check", "--deploy", "--fail-level", "WARNING", data_dir=tmp_path)

    assert run.returncode == 0, run.stderr


def test_a_misspelt_production_does_not_start_a_demo(tmp_path: Path) -> None:
    run = start({"CONTRACTORHUB_ENV": "Production"}, "check", data_dir=tmp_path)

    assert run.returncode != 0
    assert "CONTRACTORHUB_ENV must be one of embedded, production, not 'Production'" in run.stderr


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY must have at least 32"),
        ({"FIELD_KEYS": "f" * 50 + ",short"}, "FIELD_KEYS must have at least 32"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS must name the hosts"),
    ],
)
def test_an_unsafe_production_start_is_refused(change: dict[str, str], complaint: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=complaint):
        refuse_incomplete_production(Variables({**COMPLETE, **change}))


def test_a_secret_is_read_from_the_file_that_its_twin_names_without_the_line_end(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file $1\n")

    read = Variables({"SECRET_KEY_FILE": str(tmp_path / "secret"), "SECRET_KEY": "given"}).text("SECRET_KEY")

    assert read == "from a file $1"


def test_a_secret_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    variables = Variables({"SECRET_KEY_FILE": str(tmp_path / "nowhere")})

    with pytest.raises(
        ImproperlyConfigured, match=r"SECRET_KEY_FILE names a file that cannot be read: .*nowhere"
    ):
        variables.text("SECRET_KEY")


@pytest.mark.parametrize("value", ["", "80a", "-1", "8000.5", "٨"])
def test_a_port_that_is_no_number_is_refused_by_name(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PORT must be a whole number"):
        Variables({"PORT": value}).number("PORT", 8000)


def test_a_switch_takes_words_and_refuses_others() -> None:
    variables = Variables({"A": "Yes", "B": "off", "C": "maybe"})

    assert variables.flag("A", default=False)
    assert not variables.flag("B", default=True)
    assert variables.flag("UNSET", default=True)
    with pytest.raises(ImproperlyConfigured, match="C must be yes or no, not 'maybe'"):
        variables.flag("C", default=True)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail", ("mail", 25, "", "", False, False)),
        ("smtp+tls://a%40b:p%2Fw@mail", ("mail", 587, "a@b", "p/w", True, False)),
        ("smtps://u:p@mail:2465", ("mail", 2465, "u", "p", False, True)),
    ],
)
def test_a_mail_address_says_host_port_user_and_protection(url: str, expected: tuple[object, ...]) -> None:
    server = parse_mail_server(url)

    assert (
        server.host,
        server.port,
        server.user,
        server.password,
        server.use_tls,
        server.use_ssl,
    ) == expected


@pytest.mark.parametrize("url", ["http://mail", "mail:25", "smtp://", "smtp://u:verysecret@mail:99999"])
def test_a_mail_address_of_another_kind_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        parse_mail_server(url)

    assert "verysecret" not in str(refusal.value)


@pytest.mark.parametrize("value", ["hub.example", "ftp://hub.example", "https://"])
def test_an_address_without_scheme_or_host_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BASE_URL must be an address"):
        read_base_url(value)


def test_a_secret_of_the_installation_is_made_once_and_is_its_owners_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    first, second = embedded_secret("key"), embedded_secret("key")

    assert first == second
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "run" / "key.secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["key.secret"]


class TestTheNoteOfARunningHub:
    """What `manage.py hub` wrote down completes the variables of a command started by hand."""

    @pytest.fixture
    def note(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        (tmp_path / "run").mkdir()
        path = tmp_path / "run" / "hub.env"
        path.write_text("# a comment\nEMAIL_URL=smtp://127.0.0.1:2525\nPORT=8123\nSECRET_KEY=a=b=c\n")
        monkeypatch.setenv("DATA_DIR", str(tmp_path))
        for name in ("EMAIL_URL", "PORT", "SECRET_KEY", "CONTRACTORHUB_ENV"):
            monkeypatch.delenv(name, raising=False)
        return path

    @pytest.mark.usefixtures("note")
    def test_it_fills_in_what_is_not_given(self) -> None:
        variables = environment.read_environment()

        assert variables.text("EMAIL_URL") == "smtp://127.0.0.1:2525"
        assert variables.number("PORT", 8000) == 8123
        assert variables.text("SECRET_KEY") == "a=b=c"

    @pytest.mark.usefixtures("note")
    def test_what_is_given_wins(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("EMAIL_URL", "console:")

        assert environment.read_environment().text("EMAIL_URL") == "console:"

    @pytest.mark.usefixtures("note")
    def test_production_never_reads_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CONTRACTORHUB_ENV", "production")

        assert environment.read_environment().text("EMAIL_URL") == ""


def test_a_database_of_another_kind_is_refused(tmp_path: Path) -> None:
    run = start({"DATABASE_URL": "mysql://u:verysecret@host/name"}, "check", data_dir=tmp_path)

    assert run.returncode != 0
    assert "DATABASE_URL must be postgresql://" in run.stderr.splitlines()[-1]
    assert "verysecret" not in run.stderr.splitlines()[-1]


def test_hosts_follow_the_address_of_the_installation(tmp_path: Path) -> None:
    code = "from contractorhub import settings as s; print(sorted(s.ALLOWED_HOSTS), s.CSRF_TRUSTED_ORIGINS)"
    env = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), "BASE_URL": "http://hub.example:8443/"}
    run = subprocess.run(
        [PYTHON, "-c", code], env=env, cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=False
    )

    assert run.stdout.strip() == (
        "['127.0.0.1', '[::1]', 'hub.example', 'localhost'] ['http://hub.example:8443']"
    ), run.stderr
