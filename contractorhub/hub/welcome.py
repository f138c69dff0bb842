"""Says where the product is to be found, as soon as it answers."""

import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE_SECONDS = 90.0
DEMO_PEOPLE = (
    ("lead@demo.example", "project lead", "/admin/"),
    ("finance@demo.example", "finance", "/finance/"),
    ("auditor@demo.example", "auditor", "/admin/"),
    ("ana@demo.example", "contractor", "/portal/"),
)


def answers(url: str) -> bool:
    """Whether a page can be had at `url` now."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # an address of our own making
            return bool(answer.status == 200)
    except OSError:
        return False


def wait_for(url: str, *, patience_seconds: float) -> bool:
    """Ask every fifth of a second until the page answers; return False where it never does."""
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        if answers(url):
            return True
        time.sleep(0.2)
    return False


def greeting(*, base: str, has_mailbox: bool, has_demo: bool, logs: Path) -> str:
    """Return what stands on the terminal once the web answers."""
    places = [
        ("Start here", "/"),
        ("Desk of leads and operators", "/admin/"),
        ("Contractors' portal", "/portal/"),
        ("Finance", "/finance/"),
        ("API, with its documentation", "/api/v1/docs/"),
    ]
    if has_mailbox:
        places.append(("Mailbox: every mail sent", "/mailbox/"))
    lines = ["", "ContractorHub is running.", ""]
    lines += [f"  {name:<29}{base}{path}" for name, path in places]
    if has_demo:
        lines += ["", "Demo people:"]
        lines += [f"  {email:<29}{role:<14}{base}{path}" for email, role, path in DEMO_PEOPLE]
        where = f"{base}/mailbox/" if has_mailbox else "their mail"
        lines += [f"Sign in at {base}/account/login/ with the address alone; the code arrives in {where}"]
    return "\n".join([*lines, "", f"Logs: {logs}", "Stop everything with Ctrl-C.", ""])


def trouble(logs: Path) -> str:
    """Return the ends of the logs, for the case that the web never answers."""
    parts = ["", "ContractorHub did not answer in time. The ends of its logs:"]
    for path in sorted(logs.glob("*.log")):
        tail = path.read_text(errors="replace").splitlines()[-8:]
        parts += [f"--- {path}", *tail]
    return "\n".join(parts)


def main() -> int:
    """Wait for the web, then greet; the hub hands over what to say in the environment."""
    port = os.environ["PORT"]
    logs = Path(os.environ["DATA_DIR"]) / "log"
    if not wait_for(f"http://127.0.0.1:{port}/healthz", patience_seconds=PATIENCE_SECONDS):
        sys.stdout.write(trouble(logs) + "\n")
        return 1
    sys.stdout.write(
        greeting(
            base=os.environ.get("BASE_URL", "").rstrip("/") or f"http://127.0.0.1:{port}",
            has_mailbox=os.environ.get("HUB_HAS_MAILBOX") == "1",
            has_demo=os.environ.get("HUB_HAS_DEMO") == "1",
            logs=logs,
        )
        + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
