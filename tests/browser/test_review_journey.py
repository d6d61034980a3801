"""Review in a real browser: a change proposed, accepted and refused; two people on one form."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from registry.models import Network, Proposal
from tests.factories import make_city, make_membership, make_network, make_staff

SignIn = Callable[[str], Page]


@pytest.fixture
def network(transactional_db: None) -> Network:
    """A published network with one member, and an account of each kind."""
    make_staff("carla", "Contributor")
    make_staff("edith", "Editor")
    make_staff("emil", "Editor")
    network = make_network("Cities for Water", region="Asia", acronym="CW")
    make_membership(network=network, city=make_city("Paris"), since="2001")
    return network


def propose(page: Page, network: Network, name: str, reason: str) -> None:
    """Fill in the form of the published network and propose what was changed."""
    page.goto(f"/admin/registry/network/{network.pk}/change/")
    expect(page.get_by_text("waits as a proposal until an editor accepts it")).to_be_visible()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.locator("#id_name").fill(name)
    page.locator("#id_memberships-0-since").fill("2002")
    page.locator("#id_reason").fill(reason)
    page.get_by_role("button", name="Propose these changes").click()
    page.get_by_text("An editor will look at it").wait_for()


def open_proposal(page: Page) -> None:
    """Find the proposal among the work on the first page."""
    page.goto("/admin/")
    queue = page.locator(".work-queue section", has=page.get_by_role("heading", name="Proposed changes"))
    queue.get_by_role("link", name="Cities for Water").click()


def test_a_proposed_change_is_accepted_and_refused(network: Network, sign_in: SignIn, page: Page) -> None:
    """Nothing public changes until an editor accepts; the author is told what became of it."""
    carla, edith = sign_in("carla"), sign_in("edith")
    propose(carla, network, "Cities for the Sea", "Renamed in 2020, says its site")
    page.goto(network.get_absolute_url())
    expect(page.get_by_role("heading", name="Cities for Water").first).to_be_visible()

    open_proposal(edith)
    row = edith.get_by_role("row", name="Name")
    expect(row.get_by_role("cell").nth(0)).to_have_text("Cities for Water")
    expect(row.get_by_role("cell").nth(1)).to_have_text("Cities for the Sea")
    expect(edith.get_by_text("Renamed in 2020, says its site")).to_be_visible()
    edith.get_by_role("button", name="Accept").click()
    edith.get_by_text("Accepted.").wait_for()
    page.reload()
    expect(page.get_by_role("heading", name="Cities for the Sea").first).to_be_visible()
    assert network.memberships.get().since == "2002"

    network.name = "Cities for Water"
    network.save()
    propose(carla, network, "Cities for the Moon", "A rumour")
    open_proposal(edith)
    edith.get_by_label("Comment:").fill("Which source says so?")
    edith.get_by_role("button", name="Refuse").click()
    edith.get_by_text("Refused.").wait_for()
    page.reload()
    expect(page.get_by_role("heading", name="Cities for Water").first).to_be_visible()
    carla.goto("/admin/")
    expect(carla.get_by_text("Refused · edith: Which source says so?")).to_be_visible()
    assert list(Proposal.objects.order_by("pk").values_list("state", flat=True)) == ["accepted", "refused"]


def test_two_browsers_on_one_form(network: Network, sign_in: SignIn) -> None:
    """The second is shown what the first saved, keeps the text typed, and can save all the same."""
    edith, emil = sign_in("edith"), sign_in("emil")
    for one in (edith, emil):
        one.goto(f"/admin/registry/network/{network.pk}/change/")
    edith.locator("#id_name").fill("Edith's name")
    edith.locator("#id_region").fill("Africa")
    edith.locator("#id_memberships-0-since").fill("2003")
    edith.get_by_role("button", name="Save", exact=True).click()
    edith.get_by_text("was changed successfully").wait_for()

    emil.locator("#id_name").fill("Emil's name")
    emil.get_by_role("button", name="Save", exact=True).click()
    told = emil.get_by_role("region", name="Saved while you worked")
    for text in ("Cities for Water", "Edith's name", "edith, ", "Emil's name"):
        expect(told.get_by_role("row", name=re.compile("^Name "))).to_contain_text(text)
    expect(told.get_by_role("row", name=re.compile("^Region "))).to_contain_text("theirs")
    expect(told.get_by_role("row", name=re.compile("^Since "))).to_contain_text("2003")
    expect(emil.locator("#id_name")).to_have_value("Emil's name")
    expect(emil.locator("#id_region")).to_have_value("Africa")
    expect(emil.locator("#id_memberships-0-since")).to_have_value("2003")
    network.refresh_from_db()
    assert network.name == "Edith's name"

    emil.get_by_role("button", name="Save all the same").click()
    emil.get_by_text("was changed successfully").wait_for()
    network.refresh_from_db()
    assert (network.name, network.region) == ("Emil's name", "Africa")
