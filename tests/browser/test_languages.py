"""A reader in French: what scripts say, and the way to the same page in another language."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from registry.models import CityName
from tests import factories as make


def test_scripts_speak_the_language_of_the_page_and_lead_on_in_it(page: Page) -> None:
    city = make.make_city("London", country="GB", slug="london-gb")
    CityName.objects.create(city=city, name="Londres", language="fr", kind="exonym")
    page.goto("/fr/networks/?q=climat")
    box = page.get_by_role("combobox", name="Rechercher dans le registre")
    box.press_sequentially("lond")
    option = page.get_by_role("option", name="Londres")
    expect(option).to_contain_text("Royaume-Uni")
    expect(page.locator("#header-search-status")).to_have_text("1 suggestion")
    box.fill("qqqqqq")
    expect(page.locator("#header-search-status")).to_have_text("Aucune suggestion")
    box.fill("lond")
    option.click()
    page.wait_for_url("**/fr/cities/london-gb/")
    page.go_back()
    page.get_by_role("navigation", name="Langue").get_by_role("link", name="Español").click()
    page.wait_for_url("**/es/networks/?q=climat")
    expect(page.get_by_role("heading", level=1)).to_have_text("Redes")
