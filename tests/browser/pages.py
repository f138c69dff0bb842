"""How a page that is open is judged: pictures, sideways scroll, accessibility; each waits until the page is there."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe().axe_script


def keep_picture(page: Page, name: str) -> None:
    """Save the whole page as a picture where SCREENSHOTS_DIR says; nowhere without it."""
    if folder := os.environ.get("SCREENSHOTS_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds wrong, with where.

    It loads no style sheets beside the browser: it would put them into the page, against our policy, and ask for what
    they import relative to the page's own address. What holds stays in the browser: it is hundreds of times as much.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(_AXE)
    found = page.evaluate(
        """axe.run({resultTypes: ["violations"], preload: false}).then(
            found => found.violations.map(each => [each.id, each.nodes.map(node => node.html)]))"""
    )
    return [(rule, nodes) for rule, nodes in found]


def is_whole(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways, once the page has its style sheets (a click waits for none) and its
    charts their new width (they are drawn anew a moment after the window has changed)."""
    page.wait_for_load_state("load")
    for _look in range(30):
        if page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"):
            return True
        page.wait_for_timeout(100)
    return False
