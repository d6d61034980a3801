"""Two records are merged and the merge is undone, in a real browser, by the keyboard where it counts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.factories import make_city, make_membership, make_network, make_staff


@pytest.fixture
def cities(transactional_db: None) -> None:
    """A city recorded twice, both in one network, with different roles."""
    network = make_network("C40")
    for name, role in (("Sao Paulo", "Vice chair"), ("São Paulo (city)", "Chair")):
        city = make_city(name, country="BR", website=f"https://{role[0].lower()}.example.org/")
        make_membership(city=city, network=network, since="2005", role=role)
    make_membership(city=city, network=make_network("ICLEI"))
    make_staff("edith", "Editor")


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def context_options(request: Any) -> dict[str, Any]:
    """The journey works without JavaScript as well."""
    return {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": request.param}


def test_a_merge_and_its_undoing(cities: None, page: Page) -> None:
    """Staff choose the two in the list, choose what stays, merge, and undo it."""
    page.goto("/admin/registry/city/")
    page.get_by_label("Username").fill("edith")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    page.locator("#result_list").wait_for()
    for box in page.locator("input[name=_selected_action]").all():
        box.check()
    page.locator("select[name=action]").select_option(label="Merge the two selected")
    page.get_by_role("button", name="Run").or_(page.get_by_role("button", name="Go")).first.click()

    expect(page.get_by_text("Nothing is done yet")).to_be_visible()
    expect(page.get_by_text("ICLEI")).to_be_visible()
    page.get_by_label("Role: Chair").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Merge", exact=True).focus()
    page.keyboard.press("Enter")
    page.get_by_text("was merged into this record").wait_for()

    visitor = page.context.new_page()
    visitor.goto("/cities/sao-paulo-city-br/")
    expect(visitor).to_have_url(re.compile("/cities/sao-paulo-br/$"))
    expect(visitor.get_by_role("link", name="ICLEI").first).to_be_visible()
    page.get_by_role("link", name="Undo the merge").click()
    page.get_by_role("button", name="Undo the merge").click()
    page.get_by_text("The merge is undone").wait_for()
    page.goto("/cities/sao-paulo-city-br/")
    expect(page.get_by_role("heading", name="São Paulo (city)")).to_be_visible()
