"""A release is the same bytes each time, holds what runs, says what to do, and can be signed and checked."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from projects.reports.version import CODE_VERSION
from tests.services.processes import CHECKOUT, PYTHON

NAME = f"contractorhub-{CODE_VERSION}"


def run(*command: str, cwd: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        command, cwd=cwd, env=env, input=given, capture_output=True, timeout=120, check=True
    )


@pytest.fixture
def released(tmp_path: Path) -> Path:
    run("make", "release", f"DIST={tmp_path}", cwd=CHECKOUT)
    return tmp_path / f"{NAME}.tar.gz"


def test_two_releases_of_one_commit_are_the_same_bytes(released: Path, tmp_path: Path) -> None:
    run("make", "release", f"DIST={tmp_path / 'again'}", cwd=CHECKOUT)

    assert released.read_bytes() == (tmp_path / "again" / released.name).read_bytes()
    assert b": OK" in run("sha256sum", "--check", f"{released.name}.sha256", cwd=tmp_path).stdout


def test_what_is_released_passes_its_own_checks_where_it_is_unpacked(released: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(released, tmp_path / "there")

    done = run(
        "env", f"DATA_DIR={tmp_path / 'data'}", PYTHON, "manage.py", "check", cwd=tmp_path / "there" / NAME
    )

    assert b"no issues" in done.stdout


def test_a_signed_release_is_known_and_a_changed_one_is_not(tmp_path: Path) -> None:
    if not shutil.which("ssh-keygen"):
        pytest.skip("ssh-keygen is not installed here")
    key = tmp_path / "key"
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key), cwd=tmp_path)
    (tmp_path / "signers").write_text(f"releases@contractorhub.example {key.with_suffix('.pub').read_text()}")

    run("make", "release", f"DIST={tmp_path}", f"SIGNING_KEY={key}", cwd=CHECKOUT)

    whole = (tmp_path / f"{NAME}.tar.gz").read_bytes()
    by_whom = ("-f", "signers", "-I", "releases@contractorhub.example", "-n", "contractorhub-release")
    check = ("ssh-keygen", "-Y", "verify", *by_whom, "-s", f"{NAME}.tar.gz.sig")
    assert b"Good" in run(*check, cwd=tmp_path, given=whole).stdout
    with pytest.raises(subprocess.CalledProcessError):
        run(*check, cwd=tmp_path, given=whole + b"x")


def test_the_newest_changes_say_their_version_and_what_operators_have_to_do() -> None:
    newest = (CHECKOUT / "CHANGELOG.md").read_text().split("\n## ")[1]

    assert f'version = "{CODE_VERSION}"' in (CHECKOUT / "pyproject.toml").read_text()
    assert newest.startswith(CODE_VERSION)
    assert re.search(r"^### Upgrading\n\n\S", newest, re.M)
