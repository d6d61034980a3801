"""Names to cities: POST /api/v1/resolve, and the Reconciliation Service API 0.2."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db


def resolve(client: Client, body: Any, query: str = "") -> Any:
    return client.post(f"/api/v1/resolve{query}", json.dumps(body), content_type="application/json")


def reconcile(client: Client, **given: Any) -> Any:
    response = client.post("/api/reconcile/", {name: json.dumps(one) for name, one in given.items()})
    assert response.status_code == 200, response.content
    return response.json()


def test_names_are_resolved_in_their_order_with_reasons(client: Client) -> None:
    lima = make.make_city("Lima", country="PE", geonames_id=3936456)
    rows = resolve(client, ["Lima", {"name": "Lima", "country": "PE"}, "Qqqq", ""]).json()["rows"]
    assert [row["decision"] for row in rows] == ["matched", "matched", "unmatched", "invalid"]
    assert [row["row"] for row in rows] == [1, 2, 3, 4]
    assert rows[0]["city_id"] == rows[1]["candidates"][0]["id"] == str(lima.pid)
    assert rows[1]["geonames_id"] == 3936456
    assert rows[1]["score"] > rows[0]["score"] > 0.9
    assert "in the country in the row" in rows[1]["reason"]
    assert resolve(client, ["Lima"], "?accept_above=1").json()["rows"][0]["decision"] == "ambiguous"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"names": []}, "body"),
        (["Lima"] * 10_001, "body"),
        ([3], "[0]"),
        (["Lima", {"country": "PE"}], "[1].name"),
        ([{"name": "Lima", "contry": "PE"}], "[0].contry"),
        ([{"name": "\ud800"}], "[0].name"),
        ([{"name": "Lima", "geonames_id": 10**30}], "[0].geonames_id"),
        ([{"name": "Lima", "latitude": 91}], "[0].latitude"),
    ],
)
def test_what_is_no_list_of_names_is_refused(client: Client, body: Any, place: str) -> None:
    response = resolve(client, body)
    assert response.status_code == 400
    assert [one["parameter"] for one in response.json()["errors"]] == [place]


def test_other_bodies_are_refused(client: Client) -> None:
    assert client.post("/api/v1/resolve", "{", content_type="application/json").status_code == 400
    assert client.post("/api/v1/resolve", "Lima", content_type="text/plain").status_code == 415
    large = client.post("/api/v1/resolve", "x" * (8 * 2**20 + 1), content_type="application/json")
    assert large.status_code == 413
    assert client.get("/api/v1/resolve").status_code == 405


def test_the_manifest_leads_to_every_service(client: Client) -> None:
    city = make.make_city("Lima", country="PE")
    manifest = client.get("/api/reconcile/").json()
    assert manifest["versions"] == ["0.2"]
    assert (
        client.get(manifest["view"]["url"].replace("{{id}}", str(city.pid)), follow=True).status_code == 200
    )
    preview = client.get(manifest["preview"]["url"].replace("{{id}}", str(city.pid)))
    assert "Lima" in preview.content.decode()
    assert "frame-ancestors *" in preview["Content-Security-Policy"]
    assert "X-Frame-Options" not in preview
    suggest = {
        name: f"{one['service_url']}{one['service_path']}" for name, one in manifest["suggest"].items()
    }
    (found,) = client.get(f"{suggest['entity']}?prefix=lim").json()["result"]
    assert (found["id"], found["description"]) == (str(city.pid), "Country PE")
    assert client.get(f"{suggest['entity']}?prefix=lim&cursor=1").json()["result"] == []
    assert client.get(f"{suggest['type']}?prefix=ci").json()["result"] == manifest["defaultTypes"]
    names = [one["id"] for one in client.get(f"{suggest['property']}?prefix=country").json()["result"]]
    assert names == ["country_id", "country_name"]
    proposed = manifest["extend"]["propose_properties"]
    address = f"{proposed['service_url']}{proposed['service_path']}?type=city&limit=2"
    assert [one["id"] for one in client.get(address).json()["properties"]] == ["id", "name"]


def test_queries_are_answered_with_candidates(client: Client) -> None:
    lima = make.make_city("Lima", country="PE", wikidata_id="Q2868")
    other = make.make_city("Lima", country="US")
    country = [{"pid": "country_id", "v": "US"}]
    found = reconcile(
        client,
        queries={
            "a": {"query": "Lima", "properties": country, "limit": 1},
            "b": {"query": str(lima.pid)},
            "c": {"query": "Q2868", "type": ["city"]},
            "d": {"query": "Lima", "type": "person"},
        },
    )
    (first,) = found["a"]["result"]
    assert (first["id"], first["match"]) == (str(other.pid), True)
    assert found["b"]["result"][0] == found["c"]["result"][0]
    assert (found["b"]["result"][0]["id"], found["b"]["result"][0]["match"]) == (str(lima.pid), True)
    assert found["d"]["result"] == []
    queries = json.dumps({"q": {"query": "Lima"}})
    assert client.get("/api/reconcile/", {"queries": queries}).json()["q"]["result"]


def test_data_extension_gives_values_of_properties(client: Client) -> None:
    city = make.make_city("Lima", country="PE", population=9_000_000, latitude=-12.0, longitude=-77.0)
    ids = [str(city.pid), "nobody", str(make.make_city("D", publication="draft").pid)]
    properties = [{"id": name} for name in ("country_name", "population", "latitude", "wikidata_id")]
    found = reconcile(client, extend={"ids": ids, "properties": properties})
    assert [one["id"] for one in found["meta"]] == [one["id"] for one in properties]
    assert found["rows"][ids[0]] == {
        "country_name": [{"str": "Country PE"}],
        "population": [{"int": 9_000_000}],
        "latitude": [{"float": -12.0}],
        "wikidata_id": [],
    }
    assert found["rows"]["nobody"] == found["rows"][ids[2]] == {one["id"]: [] for one in properties}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("queries", "x"),
        ("queries", "[]"),
        ("queries", '{"q": 3}'),
        ("queries", '{"q": {}}'),
        ("queries", '{"q": {"query": "x", "properties": [{"pid": "colour", "v": "red"}]}}'),
        ("queries", '{"q": {"query": "x", "limit": "x"}}'),
        ("queries", '{"q": {"query": "x", "limit": -1}}'),
        ("queries", "[" * 100_000),
        ("extend", '{"ids": 3, "properties": []}'),
        ("extend", '{"ids": [], "properties": [{"id": "colour"}]}'),
        ("other", "{}"),
    ],
)
def test_queries_that_are_none_are_refused(client: Client, name: str, value: str) -> None:
    response = client.post("/api/reconcile/", {name: value})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def test_too_many_queries_are_refused(client: Client) -> None:
    queries = json.dumps({str(number): {"query": "x"} for number in range(101)})
    assert client.post("/api/reconcile/", {"queries": queries}).status_code == 413


def test_old_clients_have_the_answer_called(client: Client) -> None:
    response = client.get("/api/reconcile/?callback=jQuery.done")
    assert response["Content-Type"] == "application/javascript"
    assert response.content.decode().startswith('/**/jQuery.done({"versions":["0.2"]')
    assert client.get("/api/reconcile/?callback=alert(1)").status_code == 400


def test_many_names_cost_no_more_queries_than_few(client: Client, django_assert_max_num_queries: Any) -> None:
    make.make_cities((f"Town {number}", "FR") for number in range(40))
    with django_assert_max_num_queries(60) as few:
        resolve(client, ["Town 1"])
    with django_assert_max_num_queries(len(few)):
        resolve(client, [f"Town {number}" for number in range(40)])
