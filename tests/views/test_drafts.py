"""Nothing of a draft shows on any page, whatever it is linked to."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from registry.models import CityOffice, Membership, PolicyParty
from registry.views.crawlers import SITEMAPS
from tests import factories as make
from tests.views.rows import Hub, make_hub, surround

pytestmark = pytest.mark.django_db
MARKER = "Zyxwv"
LISTINGS = (
    "cities",
    "networks",
    "memberships",
    "policies",
    "experiments",
    "offices",
    "issues",
    "reports",
    "organisations",
    "datasets",
)
PAGES = [
    "/",
    f"/search/?q={MARKER}",
    "/changes/",
    "/changes/?city=hub-city-fr",
    "/collaborations/",
    "/collaborations/?ties=all",
    "/collaborations/?ties=network&issue=hub-issue",
    *(f"/collaborations/?ties=all&view={view}" for view in ("matrix", "graph", "map")),
    "/collaborations/?ties=all&view=matrix&by=city-city",
    "/collaborations/drawing/?ties=all&view=graph",
    "/collaborations/measures/?ties=all",
    "/collaborations/overlap/",
    "/cities/hub-city-fr/drawing/",
    "/cities/hub-city-fr/offices/",
    "/cities/hub-city-fr/offices/drawing/",
    f"/experiments/{uuid.uuid5(uuid.NAMESPACE_URL, 'Hub')}/",
    "/opportunities/?issue=hub-issue",
    "/opportunities/?city=hub-city-fr",
    "/opportunities/policies/?city=hub-city-fr",
    *(f"/{name}/" for name in LISTINGS),
    "/datasets/hub-table/",
    "/cities/?taking_part=any",
    *(f"/{name}/?q={MARKER}" for name in LISTINGS),
    *(
        f"/{name}/?city=hub-city-fr"
        for name in ("networks", "policies", "experiments", "offices", "reports", "organisations", "datasets")
    ),
    *(
        f"/{name}/?network=hub-network"
        for name in ("cities", "policies", "experiments", "reports", "organisations", "datasets")
    ),
    *(
        f"/{name}/?policy=hub-policy"
        for name in ("cities", "experiments", "reports", "organisations", "collaborations")
    ),
    *(f"/{name}/?organisation=hub-organisation" for name in ("networks", "policies")),
    *(f"/{name}/?issue=hub-issue" for name in LISTINGS),
]
PAST = f"?as_recorded_on={timezone.now().year}"


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def everything(client: Client, hub: Hub) -> dict[str, str]:
    """Every page as it stands, without the words the reader put in the search box."""
    past = [f"{address}{PAST}" for address in hub.pages]
    pages = {address: read(client, address) for address in [*PAGES, *hub.pages, *past]}
    return {address: html.replace(f'value="{MARKER}"', "") for address, html in pages.items()}


@pytest.fixture
def hub() -> Hub:
    hub = make_hub()
    surround(hub, 1)
    return hub


def test_drafts_linked_in_every_way_change_no_page(client: Client, hub: Hub) -> None:
    before = everything(client, hub)
    for state in ("draft", "in-review"):
        surround(hub, 2, f"{MARKER} {state}", state)
    for address, html in everything(client, hub).items():
        asked = html.replace(f"“{MARKER}”", "").replace(f"q={MARKER}", "").replace(f"</span> {MARKER}", "")
        heads = asked.replace(f"<title>{MARKER}", "").replace(f'"og:title" content="{MARKER}', "")
        assert MARKER not in heads, address
        assert html == before[address], f"{address} counts a draft"
        assert _counts(html) == _counts(before[address]), address


def _counts(html: str) -> list[str]:
    """The numbers that a page gives of its lists."""
    return [piece.partition("<")[0] for piece in html.split('class="count-mark">')[1:]]


def test_the_same_rows_show_once_they_are_published(client: Client, hub: Hub) -> None:
    surround(hub, 2, MARKER)
    for address, html in everything(client, hub).items():
        assert MARKER in html, address


def for_programs(client: Client, hub: Hub) -> dict[str, str]:
    """What programs and crawlers are told, in small letters, as addresses have them."""
    documents = [f"{address}?format=jsonld" for address in hub.pages]
    sitemaps = [f"/sitemap-{section}.xml" for section in SITEMAPS]
    return {address: read(client, address).lower() for address in [*documents, "/sitemap.xml", *sitemaps]}


def test_drafts_linked_in_every_way_are_told_to_no_program(client: Client, hub: Hub) -> None:
    before = for_programs(client, hub)
    for state in ("draft", "in-review"):
        surround(hub, 2, f"{MARKER} {state}", state)
    assert for_programs(client, hub) == before
    surround(hub, 3, MARKER)
    for address, told in for_programs(client, hub).items():
        assert (MARKER.lower() in told) == (not address.endswith(("map.xml", "pages.xml", "experiments.xml")))


def test_links_between_published_records_stay_hidden_while_they_are_drafts(client: Client, hub: Hub) -> None:
    city, network = make.make_city(f"{MARKER} town"), make.make_network(f"{MARKER} league")
    policy = make.make_policy(f"{MARKER} pact", issues=[hub.issue])
    make.make_membership(city=hub.city, network=network, publication="draft")
    make.make_membership(city=city, network=hub.network, publication="draft")
    make.make_party(policy=policy, city=hub.city, publication="draft")
    make.make_party(policy=hub.policy, city=city, publication="draft")
    make.settle()
    for address in hub.pages:
        if address != hub.issue.get_absolute_url():
            assert MARKER not in read(client, address), address


def test_a_draft_office_carrying_a_part_is_not_named(client: Client, hub: Hub) -> None:
    CityOffice.objects.filter(pk=hub.office.pk).update(publication="draft")
    assert PolicyParty.objects.public().filter(office=hub.office).exists()
    for record in (hub.city, hub.policy):
        assert hub.office.slug not in read(client, record.get_absolute_url())


def test_a_draft_secretariat_is_not_named(client: Client, hub: Hub) -> None:
    seat = make.make_city(f"{MARKER} seat", publication="draft")
    hub.network.secretariat = seat
    hub.network.save()
    assert MARKER not in read(client, hub.network.get_absolute_url())


def test_a_draft_has_no_page_and_its_address_says_no_more_than_an_unknown_one(client: Client) -> None:
    hub = make_hub(MARKER)
    unknown = client.get("/cities/nowhere-at-all/").content.decode()
    for record in (hub.network, hub.policy, hub.office, hub.organisation, hub.report, hub.city):
        assert client.get(record.get_absolute_url()).status_code == 200
        type(record).objects.filter(pk=record.pk).update(publication="draft")
        for address in (record.slug, str(record.pid)):
            base = record.get_absolute_url().rsplit("/", 2)[0]
            response = client.get(f"{base}/{address}/")
            assert response.status_code == 404
            assert f"{MARKER} " not in response.content.decode()
    assert client.get("/cities/nowhere-at-all/").content.decode() == unknown


def test_the_page_of_an_office_goes_with_its_city(client: Client, hub: Hub) -> None:
    type(hub.city).objects.filter(pk=hub.city.pk).update(publication="draft")
    make.settle()
    assert client.get(hub.office.get_absolute_url()).status_code == 404
    assert hub.city.slug not in read(client, hub.policy.get_absolute_url())
    assert hub.city.slug not in read(client, hub.network.get_absolute_url())


def test_notes_of_staff_are_never_shown(client: Client, hub: Hub) -> None:
    for record in (hub.city, hub.network, hub.policy, hub.office, hub.organisation, hub.report):
        type(record).objects.filter(pk=record.pk).update(note=MARKER)
    Membership.objects.update(note=MARKER)
    PolicyParty.objects.update(note=MARKER)
    for address in [*PAGES, *hub.pages]:
        html: Any = read(client, address)
        if "q=" not in address:
            assert MARKER not in html, address
