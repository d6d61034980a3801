"""The diagram of a city's offices in a real browser, and from it to the records."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from registry.models import OfficeLink
from tests import factories as make
from tests.browser.test_pictures import drawn


@pytest.fixture(autouse=True)
def offices(transactional_db: None) -> None:
    city, heat = make.make_city("Athens", country="GR"), make.make_issue("Heat")
    one = make.make_office("Heat office", city=city, remit=[heat])
    other = make.make_office("Resilience office", city=city)
    OfficeLink.objects.create(office=one, other=other, issue=heat, how="Weekly", publication="published")
    policy = make.make_policy("Shade pact", issues=[heat, make.make_issue("Water")])
    make.make_party(policy=policy, city=city, office=one)


def test_the_diagram_is_drawn_and_a_node_leads_to_its_record(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto("/cities/athens-gr/")
    page.get_by_role("link", name="Who is charged with what within Athens").click()
    drawn(page)
    box = page.locator(".chart-canvas canvas").bounding_box()
    assert box
    # Two offices stand above each other in the middle; the joint policy is alone at the right.
    across, down = box["width"] - min(box["width"] * 0.26, 260), (box["height"] - 20) / 2
    page.mouse.click(box["x"] + across, box["y"] + down)
    expect(page.locator(".chart-said")).to_contain_text("Shade pact")
    assert not complaints
    page.get_by_role("link", name="No office has it in its remit").click()
    row = page.get_by_role("row", name="Water")
    expect(row).to_contain_text("none")
    expect(page.get_by_role("row", name="Heat office").first).to_contain_text("Resilience office on Heat")
