"""Suggestions while somebody types, by keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from registry.models import CityName
from tests import factories as make

# How much of the page has moved since, from 0 to 1: also what moved because somebody typed.
MOVED = """() => {
    window.moved = 0;
    const add = (list) => list.getEntries().forEach(({ value }) => (window.moved += value));
    new PerformanceObserver(add).observe({ type: "layout-shift" });
}"""


def test_a_city_is_found_by_another_name_and_opened_by_keyboard(page: Page) -> None:
    city = make.make_city("São Paulo", country="BR", slug="sao-paulo-br")
    CityName.objects.create(city=city, name="San Pablo")
    page.goto("/networks/")
    box = page.get_by_role("combobox", name="Search the registry")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.evaluate(MOVED)
    box.press_sequentially("san pab")
    option = page.get_by_role("option", name="São Paulo")
    expect(option).to_contain_text("also known as San Pablo")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(box).to_be_focused()
    assert page.evaluate("moved") == 0
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
    box.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("san pab")
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_url("**/cities/sao-paulo-br/")


def test_a_filter_by_a_city_offers_cities_and_takes_what_is_chosen(page: Page) -> None:
    rome = make.make_city("Rome", slug="rome-fr")
    network = make.make_network("Rome club")
    make.make_network("Other club")
    make.make_membership(city=rome, network=network)
    page.goto("/networks/")
    box = page.get_by_role("combobox", name="With the member")
    box.press_sequentially("rom")
    expect(page.locator("#filter-city-options").get_by_role("option")).to_have_text("Rome city, Country FR")
    box.press("ArrowDown")
    box.press("Enter")
    expect(box).to_have_value(rome.slug)
    expect(box).to_be_focused()
    box.press("Enter")
    page.wait_for_url("**/networks/?city=rome-fr")
    expect(page.get_by_role("link", name="Rome club")).to_be_visible()
    expect(page.get_by_role("link", name="Other club")).to_have_count(0)


def test_what_is_chosen_for_a_comparison_stays_in_the_form(page: Page) -> None:
    paris, rome = make.make_city("Paris", slug="paris-fr"), make.make_city("Rome", slug="rome-fr")
    make.make_network("Paris club")
    page.goto(f"/compare/?city={paris.slug}")
    box = page.get_by_role("combobox", name="City to compare").last
    box.press_sequentially("rom")
    page.get_by_role("option", name="Rome").click()
    expect(box).to_have_value(rome.slug)
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("heading", name="At a glance")).to_be_visible()
    assert page.url.endswith("/compare/?city=paris-fr&city=rome-fr")
