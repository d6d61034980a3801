"""A new record that is there already, and many records one after another, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.models import Network
from tests.factories import make_city, make_network, make_staff


@pytest.fixture
def staff(page: Page, transactional_db: None) -> Page:
    """A contributor who is signed in, and what is recorded."""
    make_staff("contributor", "Contributor")
    make_network("Eurocities", acronym="EC")
    make_city("Lyon")
    page.goto("/admin/")
    page.get_by_label("Username").fill("contributor")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Site administration").wait_for()
    return page


def test_the_warning_comes_while_typing(staff: Page) -> None:
    staff.goto("/admin/registry/network/add/")
    staff.get_by_label("Name:", exact=True).press_sequentially("Eurocites")
    warning = staff.locator(".similar")
    expect(warning.get_by_role("link", name="Eurocities (EC)")).to_be_visible()
    expect(warning).to_contain_text("nearly the same name")
    staff.get_by_label("Name:", exact=True).fill("Metropolis")
    expect(warning.get_by_role("link")).to_have_count(0)


def test_what_was_seen_does_not_hold_up(staff: Page) -> None:
    staff.goto("/admin/registry/network/add/")
    staff.get_by_label("Name:", exact=True).press_sequentially("Eurocites")
    expect(staff.locator(".similar").get_by_role("link")).to_be_visible()
    staff.get_by_label("Scope:").select_option("regional")
    staff.get_by_role("button", name="Save", exact=True).click()
    expect(staff.get_by_text("was added successfully")).to_be_visible()
    assert Network.objects.filter(name="Eurocites").exists()


def test_a_city_chosen_is_offered_as_recently_used(staff: Page) -> None:
    staff.goto("/admin/registry/membership/add/")
    for field, typed in (("city", "lyon"), ("network", "euro")):
        staff.locator(f".field-{field} .select2-selection").click()
        staff.locator(".select2-container--open .select2-search__field").fill(typed)
        staff.locator(".select2-results__option--highlighted", has_text=typed.title()).click()
    staff.get_by_role("button", name="Save and add another").click()
    expect(staff.locator(".field-network .select2-selection")).to_contain_text("Eurocities")
    staff.locator(".field-city .select2-selection").click()
    expect(staff.get_by_role("option", name="Lyon")).to_contain_text("recently used")


def test_pairs_are_shown_on_the_first_page_when_wanted(sign_in: Callable[[str], Page]) -> None:
    """Opening the line compares the records; each pair leads to its merge."""
    make_staff("edith", "Editor")
    for acronym in ("CA", "CAL"):
        make_network("Climate Alliance", acronym=acronym)
    page = sign_in("edith")
    page.get_by_text("Possible duplicates", exact=True).click()
    page.get_by_role("link", name="Climate Alliance — Climate Alliance").click()
    expect(page.get_by_text("Nothing is done yet")).to_be_visible()
