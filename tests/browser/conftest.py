"""What several journeys share."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer) -> Callable[[str], Page]:
    """Opens a browser of its own for each account."""

    def sign_in(username: str) -> Page:
        page = browser.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}
        ).new_page()
        page.set_default_timeout(10_000)
        page.goto("/admin/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill("secret")
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("heading", name="Site administration").wait_for()
        return page

    return sign_in
