"""Nothing of a draft is in any answer of the API, however it is linked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from registry.api.resources import RESOURCES
from tests import factories as make
from tests.api.test_listings import asked
from tests.listings import embeds_of
from tests.views.rows import Hub, make_hub, surround

pytestmark = pytest.mark.django_db
MARKER = "Zyxwv"
# Always public, and so the same whatever is a draft.
STANDARDS = ("countries", "divisions", "issue-schemes", "scheme-concepts", "issue-mappings")


def answers(client: Client, hub: Hub) -> dict[str, str]:
    """Every answer as it stands, without the word that was looked for."""
    addresses = [f"/api/v1/{name}/?page_size=200{asked(name)}" for name in RESOURCES if name != "search"]
    addresses += ["/api/v1/cities/?taking_part=any", "/api/v1/collaborations/?ties=all"]
    addresses += [f"/api/v1/search/?q={MARKER}", "/api/v1/search/?q=hub"]
    addresses += [f"/api/v1/{name}/?q={MARKER}" for name in ("cities", "networks", "policies", "offices")]
    for record, name in ((hub.city, "cities"), (hub.network, "networks"), (hub.policy, "policies")):
        addresses += [f"/api/v1/{name}/{record.pid}/?embed={names}" for names in embeds_of(name)]
    addresses += [f"/api/v1/{name}/?embed={names}" for name in RESOURCES for names in embeds_of(name)]
    addresses += [f"/api/reconcile/suggest/entity/?prefix={MARKER}"]
    addresses += [f"/api/reconcile/preview/{hub.city.pid}/"]
    found = {}
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = response.content.decode().replace(f"q={MARKER}", "")
    return found | dict(posted(client))


def posted(client: Client) -> list[tuple[str, str]]:
    names = [f"{MARKER} {state} 2 0 city" for state in ("draft", "in-review")] + ["Hub city", MARKER]
    body = json.dumps([*names, {"name": f"{MARKER} draft 2 1 city", "country": "FR"}])
    resolved = client.post("/api/v1/resolve", body, content_type="application/json")
    queries = {name: {"query": name} for name in names}
    reconciled = client.post("/api/reconcile/", {"queries": json.dumps(queries)})
    rows = [{**row, "name": ""} for row in resolved.json()["rows"]]
    results = [one["result"] for one in reconciled.json().values()]
    return [("resolve", json.dumps(rows)), ("reconcile", json.dumps(results))]


def test_drafts_linked_in_every_way_change_no_answer(client: Client) -> None:
    hub = make_hub()
    surround(hub, 1)
    before = answers(client, hub)
    for state in ("draft", "in-review"):
        surround(hub, 2, f"{MARKER} {state}", state)
    for address, said in answers(client, hub).items():
        assert MARKER not in said, address
        assert said == before[address], address


def test_the_same_rows_show_once_they_are_published(client: Client) -> None:
    hub = make_hub()
    surround(hub, 2, MARKER)
    # No source supports the hub itself.
    silent = [*STANDARDS, "preview", "q=hub", "resolve", "reconcile", "opportunities", "roster"]
    silent.append("embed=citations")
    for address, said in answers(client, hub).items():
        if not any(word in address for word in silent) or "suggest" in address:
            assert MARKER in said, address


def test_a_draft_city_keeps_no_name_from_being_looked_for_further(client: Client) -> None:
    make.make_city("Sao Pedro")
    make.make_city("São Pedra", publication="draft")

    def candidates() -> Any:
        body = json.dumps([{"name": "São Pedra", "country": "FR"}, "São Pedra"])
        rows = client.post("/api/v1/resolve", body, content_type="application/json").json()["rows"]
        return [[one["name"] for one in row["candidates"]] for row in rows]

    assert candidates() == [["Sao Pedro"], ["Sao Pedro"]]
