"""The pages of opportunities: what they ask for, what they show and what they keep to themselves."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from registry.collaboration import gaps
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> dict[str, Any]:
    """Paris and Lima work on cycling with Rome and Oslo, but not with each other."""
    cycling, energy = make.make_issue("Cycling"), make.make_issue("Energy")
    make.make_country("PE", name="Peru", world_region="south-america")
    paris, rome = make.make_city("Paris"), make.make_city("Rome")
    lima, oslo = make.make_city("Lima", country="PE"), make.make_city("Oslo")
    make.make_policy("Lanes", issues=[cycling], cities=[paris, rome])
    make.make_policy("Bikes", issues=[cycling], cities=[lima, oslo])
    make.make_policy("Sun", issues=[energy], cities=[paris, lima, rome, oslo])
    make.settle()
    return {"paris": paris, "rome": rome, "lima": lima, "oslo": oslo, "cycling": cycling, "energy": energy}


def get(client: Client, address: str) -> Any:
    response = client.get(address)
    assert response.status_code == 200, address
    return response


def partners(client: Client, query: str) -> list[tuple[str, str]]:
    rows = get(client, f"/opportunities/?{query}").context["page"].rows
    return [(row.city.name, row.partner.name) for row in rows]


def test_a_city_and_an_issue_have_their_own_rows(client: Client, world: dict[str, Any]) -> None:
    assert partners(client, "city=paris-fr") == [("Paris", "Lima"), ("Paris", "Oslo")]
    assert partners(client, "city=paris-fr&issue=energy") == []
    assert partners(client, "city=paris-fr&country=PE") == [("Paris", "Lima")]
    assert partners(client, "city=Paris&world_region=south-america") == [("Paris", "Lima")]
    assert {*map(frozenset, partners(client, "issue=cycling"))} == {
        frozenset(pair) for pair in (("Paris", "Lima"), ("Paris", "Oslo"), ("Rome", "Lima"), ("Rome", "Oslo"))
    }
    assert partners(client, "issue=cycling&country=PE&page_size=1&page=2") != []


def test_the_reasons_and_the_order_are_explained(client: Client, world: dict[str, Any]) -> None:
    html = get(client, "/opportunities/?city=paris-fr").content.decode()
    assert 'already partners on <a href="/collaborations/paris-fr/lima-pe/?issue=energy">Energy</a>' in html
    assert '<a href="/compare/?city=paris-fr&amp;city=lima-pe#partners">2</a> partners in common' in html
    assert "How the order is made" in html
    assert "No gap answers this" in get(client, "/opportunities/?city=paris-fr&issue=energy").content.decode()


def test_the_numbers_are_those_that_their_links_lead_to(client: Client, world: dict[str, Any]) -> None:
    (row, *_) = get(client, "/opportunities/?city=paris-fr").context["page"].rows
    sections = get(client, "/compare/?city=paris-fr&city=lima-pe").context["sections"]
    shared = {section.aspect.key: section.aspect.of_all for section in sections}
    assert row.common.partner_count == shared["partners"]
    assert row.common.policy_count == get(client, "/policies/?city=lima-pe").context["page"].count == 2


def test_nothing_asked_for_is_where_to_start(client: Client, world: dict[str, Any]) -> None:
    html = get(client, "/opportunities/").content.decode()
    assert "Name a city to see who works on the same issues" in html
    assert '<a href="?city=paris-fr">Paris</a>' in html
    assert '<a href="?issue=cycling">Cycling</a>' in html
    assert "Nothing is shown" not in html
    assert '<a href="?city=paris-fr">Paris</a>' in get(client, "/opportunities/policies/").content.decode()


def test_an_empty_registry_says_so(client: Client) -> None:
    for address in ("/opportunities/", "/opportunities/policies/"):
        assert "No joint policy is published yet" in get(client, address).content.decode()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("country=FR", "Name a city or an issue"),
        ("city=nowhere", "The registry has no city “nowhere”"),
        ("issue=nothing", "The registry has no issue “nothing”"),
        ("city=paris-fr&world_region=moon", "is not one of"),
        ("city=paris-fr&page=9", "There is no page 9"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    client: Client, world: dict[str, Any], query: str, words: str
) -> None:
    response = get(client, f"/opportunities/?{query}")
    assert words in response.content.decode()
    assert not response.context["page"].rows
    if "page=" not in query:
        refused = client.get(f"/opportunities/?{query}&format=csv")
        assert refused.status_code == 400
        assert words in refused.content.decode()


def test_files_hold_all_rows_with_their_reasons(client: Client, world: dict[str, Any]) -> None:
    response: Any = client.get("/opportunities/?city=paris-fr&format=csv&page_size=1")
    rows = list(csv.DictReader(StringIO(b"".join(response.streaming_content).decode())))
    assert [row["partner_name"] for row in rows] == ["Lima", "Oslo"]
    assert rows[0]["reasons"].startswith("already partners on Energy; 2 partners in common: ")
    assert rows[0]["issue_ids"] == str(world["cycling"].pid)


def test_policies_to_take_up_name_their_cities(client: Client, world: dict[str, Any]) -> None:
    response = get(client, "/opportunities/policies/?city=paris-fr")
    assert [row.policy.name for row in response.context["page"].rows] == ["Bikes"]
    html = response.content.decode()
    assert '<a href="/policies/bikes/">Bikes</a>' in html
    assert '<a href="/cities/lima-pe/">Lima</a>' in html


def test_pages_of_cities_and_issues_lead_here(client: Client, world: dict[str, Any]) -> None:
    assert "/opportunities/?city=paris-fr" in get(client, "/cities/paris-fr/").content.decode()
    assert "/opportunities/?issue=cycling" in get(client, "/issues/cycling/").content.decode()
    assert 'href="/opportunities/"' in get(client, "/").content.decode()


def test_more_than_are_listed_are_counted(
    client: Client, world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gaps, "MOST_PAIRED", 3)
    monkeypatch.setattr(gaps.find, "__defaults__", ((), None, None, 1))
    html = get(client, "/opportunities/?issue=cycling").content.decode()
    assert "1 other is active" in html
    assert "There are 2 in all; the 1 likeliest" in html


def test_a_draft_changes_no_row_no_reason_and_no_order(client: Client, world: dict[str, Any]) -> None:
    addresses = ["/opportunities/?city=paris-fr", "/opportunities/policies/?city=paris-fr"]
    addresses += ["/opportunities/?issue=cycling", "/opportunities/"]
    before = [get(client, address).content for address in addresses]
    cycling, oslo = world["cycling"], world["oslo"]
    draft: dict[str, Any] = {"publication": "draft"}
    network = make.make_network("Hidden league", **draft)
    for name in ("paris", "oslo"):
        make.make_membership(city=world[name], network=network)
    make.make_policy("Hidden pact", issues=[cycling], cities=[oslo, world["paris"]], **draft)
    make.make_party(policy=make.make_policy("Open pact", issues=[world["energy"]]), city=oslo, **draft)
    make.make_office("Hidden office", city=make.make_city("Bonn"), remit=[cycling], **draft)
    make.make_policy("Club", issues=[cycling], cities=[make.make_city("Hidden town", **draft)])
    make.settle()
    assert [get(client, address).content for address in addresses] == before
