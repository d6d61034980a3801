"""Ninety-seven members pasted, the ambiguous ones resolved by keyboard, and the list applied."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from registry.models import City, Membership, Network
from tests.factories import make_city, make_country, make_network, make_staff

MEMBERS = 97
SOURCE = "https://example.org/members"


@pytest.fixture
def network(transactional_db: None) -> Network:
    """A network, and a gazetteer in which three of the names are those of two cities."""
    make_country("FR", name="France")
    make_country("US", name="United States")
    for number in range(MEMBERS - 4):
        make_city(f"Ville {_letters(number)}", population=100_000 + number, latitude=45, longitude=2)
    for number, name in enumerate(("Springfield", "Arlington", "Bloomington")):
        for state in range(2):
            make_city(
                name,
                country="US",
                population=150_000 + state,
                latitude=38 + state,
                longitude=-90 - 5 * number,
            )
    make_city("Nouméa", population=94_000)
    make_staff("edith", "Editor")
    return make_network("League of Cities")


def _letters(number: int) -> str:
    """A name of its own: digits would be taken for years."""
    return "".join(chr(97 + int(digit)) * 2 for digit in f"{number:03}").title()


def pasted() -> str:
    """The list: each line a name, most with the country."""
    names = [f"Ville {_letters(number)}, France" for number in range(MEMBERS - 4)]
    names += [f"{name}, United States" for name in ("Springfield", "Arlington", "Bloomington")]
    return "\n".join([*names, "Port-de-France"])


def sign_in(page: Page) -> None:
    """As the editor."""
    page.goto("/admin/")
    page.get_by_label("Username").fill("edith")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()


def bring_in(page: Page, network: Network) -> None:
    """From the first page through the form to the plan."""
    page.get_by_role("link", name="Import a list").click()
    page.locator(".field-network .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill("league")
    page.get_by_role("option", name=network.name).click()
    page.locator("#id_pasted").fill(pasted())
    page.locator("#id_source").fill(SOURCE)
    page.locator("#id_observed_on").fill("2025-11-03")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text(f"{MEMBERS} rows were read").wait_for()


def test_a_list_from_the_paste_to_the_network(network: Network, page: Page) -> None:
    """Choices are made with the keyboard alone, kept while the browser is elsewhere, applied, and undone."""
    sign_in(page)
    bring_in(page, network)
    plan = page.url
    expect(page.locator(".list-tabs a[aria-current]")).to_have_text("Ambiguous 3")
    expect(page.locator(".list-map").first).to_be_visible()

    rows = page.locator("[data-row]")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    page.get_by_role("button", name="Save choices").last.click()
    page.get_by_text("Your choices are saved.").wait_for()

    page.goto("/admin/")
    page.goto(plan)
    expect(page.locator(".list-tabs a[aria-current]")).to_have_text("Not found 1")
    page.locator(".list-other .select2-selection").click()
    page.locator(".select2-container--open .select2-search__field").fill("noumea")
    page.get_by_role("option", name="Nouméa").click()
    expect(page.locator(".list-other input[type=radio]")).to_be_checked()
    page.get_by_label("Published records").check()
    page.get_by_role("button", name="Apply the list").click()
    page.get_by_text("96 memberships added published").wait_for()

    public = Membership.objects.public().filter(network=network)
    assert public.count() == MEMBERS - 1
    assert set(public.values_list("citations__source__url", "observed_on")) == {(SOURCE, "2025-11-03")}
    # Of each name the larger city stands first.
    chosen = City.objects.filter(memberships__network=network, country="US").order_by("name")
    assert list(chosen.values_list("name", "population")) == [
        ("Arlington", 150_001),
        ("Springfield", 150_000),
    ]

    page.goto(plan)
    expect(page.get_by_text("This list was applied by edith")).to_be_visible()
    expect(page.get_by_role("button", name="Apply the list")).to_have_count(0)

    page.get_by_role("link", name="Undo this import").click()
    page.get_by_role("button", name="Undo the batch").click()
    page.get_by_text("The batch is undone").wait_for()
    assert not Membership.objects.filter(network=network).exists()
    page.goto(plan)
    expect(page.get_by_role("button", name="Apply the list")).to_be_visible()


@pytest.mark.parametrize("context_options", [{"java_script_enabled": False}])
def test_a_plan_without_a_script(network: Network, page: Page) -> None:
    """Another name is looked for by the server, and the answer chosen like any other."""
    sign_in(page)
    page.goto(f"/admin/registry/listimport/add/?network={network.pk}")
    page.locator("#id_pasted").fill("Port-de-France")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("search of row 1").fill("Noumea, France")
    page.get_by_role("button", name="Save choices").last.click()
    page.get_by_text("Your choices are saved.").wait_for()
    expect(page.locator("[data-row]")).to_contain_text("Nouméa")
