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


LIGHT = """() => [...document.querySelectorAll("#api *")].filter(one => {
  const [red, green, blue, opacity] = getComputedStyle(one).backgroundColor.match(/[\\d.]+/g).map(Number);
  return (opacity ?? 1) > 0.5 && red + green + blue > 600 && one.getClientRects().length;
}).map(one => one.className)"""


def test_the_page_is_as_dark_as_the_others(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto("/api/docs/")
    page.get_by_role("button", name="GET /api/v1/networks/", exact=False).first.click()
    expect(page.locator(".parameters").first).to_be_visible()
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(LIGHT) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.emulate_media(color_scheme="light")
    expect(page.locator("html.dark-mode")).to_have_count(0)
    assert page.evaluate(LIGHT) != []
