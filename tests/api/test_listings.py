"""Every listing by the API: the rows of its files, a page at a time, at a cost that does not grow."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from registry.actions.merge import merge
from registry.api.resources import LISTED, RESOURCES
from registry.models import City, Network
from tests import factories as make
from tests.listings import embeds_of
from tests.models.past import happened_on
from tests.views.rows import make_hub, surround
from tests.views.test_formats import needed, text

pytestmark = pytest.mark.django_db
FILED = [name for name in LISTED if name != "search"]


def asked(name: str) -> str:
    return "&q=hub" if name == "search" else needed(name)


def get(client: Client, address: str, **headers: str) -> Any:
    response = client.get(address, headers=headers or None)
    assert response.status_code == 200, response.content
    return response.json()


def pages(client: Client, address: str) -> list[list[Any]]:
    found, following = [], address
    while following:
        page = get(client, following)
        found.append(page["rows"])
        following = page["next"]
    return found


def test_pages_hold_the_rows_of_the_file(client: Client) -> None:
    surround(make_hub(), 2)
    for name in FILED:
        filed = json.loads(text(client, f"/{name}/?format=json{needed(name)}"))["rows"]
        found = pages(client, f"/api/v1/{name}/?page_size=3{needed(name)}")
        assert [row for page in found for row in page] == filed, name


@pytest.mark.parametrize(
    ("name", "orders"),
    [
        ("cities", ["name", "-name", "population", "-population", "country", "-country"]),
        ("networks", ["since", "-since"]),
        ("policies", ["since", "-since"]),
        ("reports", ["since", "-since", "name"]),
        ("offices", ["since", "-since", "population", "-population"]),
        ("experiments", ["since", "-since"]),
        ("collaborations", ["since", "-since", "policies", "-policies"]),
    ],
)
def test_every_order_is_paged_whole(client: Client, name: str, orders: list[str]) -> None:
    hub = make_hub()
    surround(hub, 4)
    for number, city in enumerate(City.objects.order_by("pk")[:3]):
        City.objects.filter(pk=city.pk).update(population=number * 1000)
    for number, network in enumerate(Network.objects.order_by("pk")[:2]):
        Network.objects.filter(pk=network.pk).update(founded=str(1990 + number))
    for order in orders:
        filed = json.loads(text(client, f"/{name}/?format=json&order={order}"))["rows"]
        found = pages(client, f"/api/v1/{name}/?page_size=2&order={order}")
        assert [row for page in found for row in page] == filed, order
        assert all(found)


def test_collaborations_of_a_city_are_paged_by_its_partners(client: Client) -> None:
    surround(make_hub(), 4)
    for query in ("city=hub-city-fr", "city=hub-city-fr&ties=all"):
        filed = json.loads(text(client, f"/collaborations/?format=json&{query}"))["rows"]
        found = pages(client, f"/api/v1/collaborations/?page_size=2&{query}")
        assert [row for page in found for row in page] == filed


def test_what_is_written_meanwhile_moves_no_row(client: Client) -> None:
    for name in ("Ba", "Da", "Fa", "Ha"):
        make.make_network(name)
    first = get(client, "/api/v1/networks/?page_size=2&fields=name")
    make.make_network("Aa")
    make.make_network("Ea")
    Network.objects.get(name="Da").delete()
    second = get(client, first["next"])
    assert [row["name"] for row in first["rows"] + second["rows"]] == ["Ba", "Da", "Ea", "Fa"]


def test_computed_rows_go_on_after_the_last_one_given(client: Client) -> None:
    issue = make.make_issue()
    cities = [make.make_city(name) for name in ("Ca", "Cb", "Cc", "Cd")]
    for other in cities[1:]:
        make.make_policy(issues=[issue], cities=[cities[0], other])
    make.settle()
    first = get(client, "/api/v1/collaborations/measures/?page_size=2&fields=city_name")
    make.make_policy(issues=[issue], cities=[make.make_city("Aa"), make.make_city("Ab")])
    make.settle()
    second = get(client, first["next"])
    assert [row["city_name"] for row in first["rows"]] == ["Ca", "Cb"]
    assert [row["city_name"] for row in second["rows"]] == ["Cc", "Cd"]


def test_changes_go_on_after_the_last_one_given(client: Client) -> None:
    surround(make_hub(), 2)
    happened_on("2024-01-01")
    every = [row for page in pages(client, "/api/v1/changes/?page_size=200") for row in page]
    first = get(client, "/api/v1/changes/?page_size=3")
    make.make_network("Newest")
    second = get(client, first["next"])
    assert get(client, "/api/v1/changes/?page_size=1")["rows"][0]["name"] == "Newest"
    assert first["rows"] + second["rows"] == every[:6]


def test_a_page_costs_the_same_with_few_rows_and_with_many(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    hub = make_hub()
    surround(hub, 1)
    costs = {}
    for name in RESOURCES:
        for embedded in ("", *(f"&embed={names}" for names in embeds_of(name))):
            address = f"/api/v1/{name}/?page_size=200{asked(name)}{embedded}"
            with django_assert_max_num_queries(60) as few:
                get(client, address)
            costs[address] = len(few)
    surround(hub, 8)
    for address, cost in costs.items():
        with django_assert_max_num_queries(cost, info=address):
            get(client, address)


@pytest.mark.parametrize(
    ("address", "parameter", "words"),
    [
        ("networks/?fields=colour", "fields", "“colour” is not a field here. There are: id, name"),
        ("networks/?contry=FR", "contry", "There are: active_on"),
        ("networks/?scope=global", "scope", "“global” is not one of: subnational"),
        ("networks/?scope=", "scope", "it has no value"),
        ("networks/?format=csv", "format", "“csv” is not one of: json."),
        ("networks/?page_size=500", "page_size", "from 1 to 200"),
        ("networks/?page_size=5&page_size=6", "page_size", "Only one value"),
        ("networks/?page=2", "page", "there is no such parameter"),
        ("networks/?embed=colours", "embed", "What can be: cities"),
        ("networks/?embed=cities.networks.cities", "embed", "goes too deep"),
        ("collaborations/?embed=cities", "embed", "nothing can here"),
        ("networks/?cursor=x", "cursor", "of another question"),
        ("networks/?active_on=yesterday", "active_on", "is not a date"),
        ("search/", "q", "it is needed here"),
        ("opportunities/", "city", "Name a city or an issue"),
        ("cities/?city=x", "city", "there is no such parameter"),
    ],
)
def test_what_is_not_understood_is_refused(client: Client, address: str, parameter: str, words: str) -> None:
    response = client.get(f"/api/v1/{address}")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    (error,) = [one for one in response.json()["errors"] if one["parameter"] == parameter]
    assert words in error["message"]


def test_a_cursor_is_of_one_question(client: Client) -> None:
    for name in ("Aa", "Ba", "Ca"):
        make.make_network(name)
    following = get(client, "/api/v1/networks/?page_size=1")["next"]
    assert client.get(f"{following}&order=-name").status_code == 400
    assert client.get(f"{following}&fields=name").status_code == 200


def test_fields_and_what_is_embedded(client: Client) -> None:
    city, left = make.make_city("Lima"), make.make_city("Lomé")
    network = make.make_network("League")
    make.make_membership(city=city, network=network)
    make.make_membership(city=left, network=network, status="never")
    policy = make.make_policy("Pact", cities=[city], networks=[network])
    make.settle()
    row = get(client, f"/api/v1/cities/{city.pid}/?fields=name&embed=networks.policies,policies")
    assert list(row) == ["name", "networks", "policies"]
    (embedded,) = row["networks"]["rows"]
    assert embedded["id"] == str(network.pid)
    assert [one["id"] for one in embedded["policies"]["rows"]] == [str(policy.pid)]
    assert row["networks"]["all"].endswith("/api/v1/networks/?city=lima-fr")
    assert get(client, row["networks"]["all"])["rows"][0]["name"] == "League"
    assert get(client, f"/api/v1/cities/{left.pid}/?embed=networks")["networks"]["rows"] == []


def test_addresses_lead_to_the_permanent_one(client: Client) -> None:
    kept, gone = make.make_city("Lima"), make.make_city("Lyma")
    merge(kept, gone, by=make.make_staff("editor"))
    for address in ("lima-fr", "lyma-fr", str(gone.pid), str(kept.pid).upper()):
        response = client.get(f"/api/v1/cities/{address}/?fields=name")
        assert response.status_code == 301, address
        assert response["Location"] == f"/api/v1/cities/{kept.pid}/?fields=name"
    for address in ("nowhere", "%00", str(make.make_city("Draft", publication="draft").pid)):
        response = client.get(f"/api/v1/cities/{address}/")
        assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")


def test_an_answer_that_has_not_changed_is_not_sent_again(client: Client) -> None:
    network = make.make_network("League")
    first = client.get("/api/v1/networks/")
    headers = {"If-None-Match": first["ETag"]}
    again = client.get("/api/v1/networks/", headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    Network.objects.filter(pk=network.pk).update(acronym="LG")
    assert client.get("/api/v1/networks/", headers=headers).status_code == 200


def test_names_are_in_the_language_preferred(client: Client) -> None:
    city = make.make_city("Wien", country="AT")
    city.names.create(name="Vienne", language="fr", kind="exonym")
    make.make_office("Bureau", city=city)
    french = {"Accept-Language": "fr-CA, de;q=0.9"}
    row = get(client, f"/api/v1/cities/{city.pid}/", **french)
    assert (row["name"], row["country_name"]) == ("Vienne", "Autriche")
    assert get(client, "/api/v1/offices/", **french)["rows"][0]["city_name"] == "Vienne"
    assert get(client, f"/api/v1/cities/{city.pid}/")["name"] == "Wien"
    response = client.get("/api/v1/cities/", headers=french)
    assert response["Content-Language"] == "fr"
    assert "Accept-Language" in response["Vary"]


def test_any_site_may_read_and_is_told_how_much(client: Client, settings: Any) -> None:
    response = client.get("/api/v1/cities/", headers={"Origin": "https://example.org"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "RateLimit" in response["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Origin" not in client.get("/", headers={"Origin": "https://example.org"})
    settings.API_LIMITS = {**settings.API_LIMITS, "read": 2}
    where = {"REMOTE_ADDR": "192.0.2.7"}
    first = client.get("/api/v1/", **where)  # type: ignore[arg-type]
    assert first["RateLimit"].startswith('"read";r=1;t=')
    assert first["RateLimit-Policy"] == '"read";q=2;w=60'
    client.get("/api/v1/", **where)  # type: ignore[arg-type]
    refused = client.get("/api/v1/", **where)  # type: ignore[arg-type]
    assert refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 61
    assert refused["Content-Type"] == "application/problem+json"


def test_only_reading_and_only_json(client: Client) -> None:
    for method in ("post", "put", "delete", "patch"):
        response = getattr(client, method)("/api/v1/collaborations/")
        assert response.status_code == 405
        assert response["Allow"] == "GET, HEAD, OPTIONS"
    response = client.put("/api/v1/cities/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert client.get("/api/v1/cities/", headers={"Accept": "text/csv"}).status_code == 406
    assert client.head("/api/v1/cities/").status_code == 200
    response = client.get("/api/v1/nowhere/")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
