"""Graph, map and matrix in a real browser: drawn on their canvas, under the content security policy."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make

# Whether anything but the ground is on the canvas.
INKED = """canvas => {
    const { width, height } = canvas;
    const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
    const colours = new Set();
    for (let at = 0; at < pixels.length; at += 4) colours.add(pixels.slice(at, at + 4).join());
    return colours.size;
}"""


@pytest.fixture(autouse=True)
def ties() -> None:
    issue = make.make_issue("Transport")
    places = [("Paris", 48.9, 2.3, "FR"), ("Rome", 41.9, 12.5, "IT"), ("Tokyo", 35.7, 139.7, "JP")]
    cities = [
        make.make_city(name, latitude=latitude, longitude=longitude, country=country)
        for name, latitude, longitude, country in places
    ]
    make.make_policy("Bicycle pact", issues=[issue], cities=cities, since="2010", ended="ongoing")
    make.make_policy(issues=[issue], cities=cities[:2], since="2015", ended="ongoing")


def drawn(page: Page) -> None:
    figure = page.locator("[data-chart]")
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-drawn", "true")
    page.wait_for_function(f"() => ({INKED})(document.querySelector('.chart-canvas canvas')) > 10")


def test_from_the_matrix_to_the_graph_and_the_map(page: Page) -> None:
    page.goto("/collaborations/")
    page.get_by_role("link", name="Matrix").click()
    page.locator(".matrix tr", has_text="Tokyo").get_by_role("link", name="2", exact=True).first.click()
    expect(page.locator(".count")).to_contain_text("2 collaborations")

    page.get_by_role("link", name="Graph", exact=True).click()
    drawn(page)
    page.get_by_label(re.compile("Year, 2010 to")).fill("2012")
    page.wait_for_url("**active_on=2012**")
    drawn(page)
    page.get_by_role("link", name="Map", exact=True).click()
    drawn(page)
    page.get_by_role("link", name=re.compile("Evidence.*Paris and Tokyo")).click()
    expect(page.get_by_role("heading", name="Paris and Tokyo")).to_be_visible()
    expect(page.get_by_role("link", name="Bicycle pact").first).to_be_visible()


def test_the_graph_of_a_city_and_a_chosen_neighbour(page: Page) -> None:
    page.goto("/cities/paris-fr/")
    drawn(page)
    box = page.locator(".chart-canvas canvas").bounding_box()
    assert box
    # The node of the city has a colour of its own: click where most of it is.
    point = page.evaluate(
        """() => {
            const canvas = document.querySelector(".chart-canvas canvas");
            const { width, height } = canvas;
            const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
            let [x, y, number] = [0, 0, 0];
            for (let at = 0; at < pixels.length; at += 4) {
                if (pixels[at] !== 213 || pixels[at + 1] !== 94 || pixels[at + 2] !== 0) continue;
                x += (at / 4) % width; y += Math.floor(at / 4 / width); number += 1;
            }
            return [x / number / width, y / number / height];
        }"""
    )
    page.mouse.click(box["x"] + point[0] * box["width"], box["y"] + point[1] * box["height"])
    expect(page.locator(".chart-said")).to_contain_text("Paris, Country FR: 2 neighbours")
