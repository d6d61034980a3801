"""From a contributor's form to a researcher's page, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.factories import make_city, make_country, make_issue, make_staff

POLICY = "Aligned cycling policy"
SOURCE = "https://example.org/cycling-talk"


@pytest.fixture
def cities(transactional_db: None) -> None:
    """The three cities, a namesake, and the issue."""
    for code, name in {"BR": "Brazil", "FR": "France", "JP": "Japan", "US": "United States"}.items():
        make_country(code, name=name)
    make_city("São Paulo", country="BR", population=10_021_295)
    make_city("Paris", country="FR", population=2_138_551)
    make_city("Paris", country="US", population=24_782)
    make_city("Tokyo", country="JP", population=9_733_276)
    make_issue("Cycling", slug="cycling", parent=make_issue("Transport", slug="transport"))


def choose(page: Page, box: Locator, typed: str, option: str) -> None:
    """Type into a box that finds records, and take one of those offered."""
    box.click()
    page.locator(".select2-container--open .select2-search__field").fill(typed)
    page.get_by_role("option", name=option).click()


def add_party(page: Page, row: int, typed: str, option: str, role: str) -> None:
    """Fill in a row of the table of parties."""
    if not page.locator(f"#parties-{row}").count():
        page.locator("#parties-group .add-row a").click()
    choose(page, page.locator(f"#parties-{row} .field-city .select2-selection"), typed, option)
    page.locator(f"#id_parties-{row}-role").select_option(label=role)
    page.locator(f"#id_parties-{row}-reference").fill(SOURCE)


def record_the_policy(page: Page) -> None:
    """Record the policy, its cities and their source without leaving the form, and send it to review."""
    page.goto("/admin/registry/jointpolicy/add/")
    page.get_by_label("Name:").fill(POLICY)
    page.get_by_label("Kind:").select_option(label="Agreement")
    page.locator(".field-issues .select2-selection").click()
    page.locator(".field-issues .select2-search__field").fill("cycl")
    page.get_by_role("option", name="Transport › Cycling").click()
    page.locator("#id_since").fill("2019")
    add_party(page, 0, "sao paulo", "São Paulo, Brazil (10,021,295)", "Lead")
    add_party(page, 1, "paris", "Paris, France (2,138,551)", "Partner")
    add_party(page, 2, "tokio", "Tokyo, Japan (9,733,276)", "Partner")
    page.locator("#id_citations-0-reference").fill(SOURCE)
    expect(page.get_by_role("button", name="Publish")).to_have_count(0)
    page.get_by_role("button", name="Send to review").click()
    page.get_by_text("was added successfully").wait_for()


def publish_the_policy(page: Page) -> None:
    """Find what is in review from the first page, and publish it."""
    page.get_by_role("link", name="1 in review").first.click()
    page.get_by_role("link", name=POLICY).click()
    page.get_by_role("button", name="Publish").click()
    page.locator(".messagelist").get_by_text("is saved").wait_for()
    expect(page.locator(".messagelist").get_by_text("unsourced")).to_have_count(0)


def test_a_policy_from_the_form_to_the_public(
    cities: None, sign_in: Callable[[str], Page], page: Page
) -> None:
    """A contributor records, an editor publishes, and a researcher finds it wherever it belongs."""
    make_staff("carla", "Contributor")
    make_staff("edith", "Editor")
    record_the_policy(sign_in("carla"))
    page.goto("/policies/?issue=cycling")
    expect(page.get_by_role("link", name=POLICY)).to_have_count(0)

    publish_the_policy(sign_in("edith"))
    for address in (
        "/policies/?issue=cycling",
        "/cities/sao-paulo-br/",
        "/cities/paris-fr/",
        "/cities/tokyo-jp/",
    ):
        page.goto(address)
        expect(page.get_by_role("link", name=POLICY).first).to_be_visible()
    page.goto("/collaborations/?city=sao-paulo-br")
    for city in ("Paris", "Tokyo"):
        expect(page.get_by_role("link", name=city).first).to_be_visible()
    page.get_by_role("link", name=POLICY).first.click()
    expect(page.get_by_role("heading", name=POLICY)).to_be_visible()
    expect(page.locator(f"a[href='{SOURCE}']").first).to_be_visible()
