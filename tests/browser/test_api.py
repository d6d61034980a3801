"""The page on which the API is tried works under the site's own policy, with nothing from elsewhere."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests import factories as make


def test_an_address_is_tried_out(page: Page) -> None:
    make.make_network("League")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs/")
    page.get_by_role("button", name="GET /api/v1/networks/", exact=False).first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    expect(page.locator(".live-responses-table")).to_contain_text('"name": "League"')
    origin = page.evaluate("location.origin")
    assert all(url.startswith((origin, "data:")) for url in asked), asked
