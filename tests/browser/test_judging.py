"""How pages are judged is itself judged: what is wrong is found, again and again, and nothing where all is well."""

import pytest
from playwright.sync_api import Page

from tests.browser.pages import is_whole, violations

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_what_is_wrong_with_a_page_is_found_as_often_as_one_looks(page: Page) -> None:
    page.set_content("<img src=''><p style='color: #eee; background: #fff; width: 9999px'>pale and wide</p>")

    found = violations(page)

    assert {"image-alt", "color-contrast", "html-has-lang"} <= {rule for rule, _places in found}
    assert dict(found)["image-alt"] == ['<img src="">']
    assert violations(page) == found
    assert not is_whole(page)


def test_nothing_is_found_where_all_is_well(page: Page) -> None:
    page.set_content("<html lang=en><title>Well</title><main><h1>All is well</h1></main>")

    assert violations(page) == []
    assert is_whole(page)
