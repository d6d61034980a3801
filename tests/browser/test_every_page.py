"""Every type of page in a real browser: read by axe, light and dark, on a phone and on a wide screen."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from citynet.assets import PACKAGES
from tests.views.addresses import SIGNED_IN, make_site

COLOURS = ["color-contrast"]
# What another width can change: sizes, what is hidden with its words, what scrolls.
LAID_OUT = [
    *COLOURS,
    *("target-size", "scrollable-region-focusable", "button-name", "link-name", "label", "select-name"),
]
# Everything is read once, wide and in light. Dark changes nothing but colours.
READINGS: dict[tuple[int, str], list[str] | None] = {
    (1280, "light"): None,
    (1280, "dark"): COLOURS,
    (360, "light"): LAID_OUT,
    (360, "dark"): COLOURS,
}
# What axe finds that hinders somebody, each with the first element it is true of.
FOUND = """async rules => {
    const quick = { resultTypes: ["violations"], selectors: false, preload: false, iframes: false };
    const all = { rules: { "target-size": { enabled: true } } };
    const only = rules ? { runOnly: { type: "rule", values: rules } } : all;
    const { violations } = await axe.run({ ...quick, ...only });
    return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 300)} (${nodes.length})`);
}"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def reader(browser: Browser, live_server: LiveServer) -> Page:
    # A colour on its way to another has the contrast of neither.
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    context.add_init_script(path=PACKAGES / "axe-core" / "axe.min.js")
    return context.new_page()


def problems_of(page: Page) -> list[str]:
    """What is wrong with the page at any width, in light or in dark."""
    found = []
    for (width, scheme), rules in READINGS.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{width} {scheme}: {problem}" for problem in page.evaluate(FOUND, rules)]
        if (over := page.evaluate(TOO_WIDE)) > 0:
            found.append(f"{width}: {over} pixels wider than the screen")
    return found


def sign_in(page: Page, client: Client) -> None:
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": page.url}])


def test_nothing_hinders_a_reader(reader: Page) -> None:
    site, client = make_site(), Client()
    client.force_login(site.reader)
    said: list[str] = []
    reader.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    reader.on("pageerror", lambda error: said.append(str(error)))
    problems = []
    for address in site.types:
        if address == SIGNED_IN:
            sign_in(reader, client)
        reader.goto(address)
        found = problems_of(reader)
        # The browser tells of the one page that is not found as of an error.
        errors = [line for line in said if not (address == "/nowhere/" and "404" in line)]
        problems += [f"{address} {problem}" for problem in [*found, *errors]]
        said.clear()
    reader.context.close()
    assert not problems, "\n".join(problems)
