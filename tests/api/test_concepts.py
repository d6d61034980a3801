"""Everything that the registry records can be read by the API, and docs/api.md says where."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from registry.api.docs import EXAMPLES
from registry.api.resources import RESOURCES
from registry.exchange.package.tables import Table, tables
from registry.models import DatasetFile, PolicyExperiment, Source
from tests import factories as make
from tests.api.test_listings import get
from tests.views.rows import make_hub, surround

pytestmark = pytest.mark.django_db
NOT_BY_THEMSELVES = {
    Source: "`source_…` of `/api/v1/citations/`",
    DatasetFile: "as it was brought in, from the page of its table",
    PolicyExperiment.replicated_by.through: "`embed=replications` of `/api/v1/experiments/`",
}


def read_at(table: Table) -> str:
    """Where the rows of a table are read."""
    if table.name in RESOURCES:
        return f"`/api/v1/{table.name}/`"
    if words := NOT_BY_THEMSELVES.get(table.model):
        return words
    owner = table.model._meta.auto_created
    (listing,) = (one for one in RESOURCES.values() if one.records and one.view.queryset.model is owner)
    (relation,) = (one for one in owner._meta.many_to_many if one.remote_field.through is table.model)
    (field,) = (one for one in listing.fields.values() if one.path == f"{relation.name}.pid")
    return f"`{field.name}` of `/api/v1/{listing.name}/`"


def lines() -> list[str]:
    """The table of docs/api.md."""
    found = []
    for table in tables(everything=False):
        beside = [
            f"{one.name}.{name}"
            for one in RESOURCES.values()
            for name, embed in one.embeds.items()
            if embed.resource == table.name
        ]
        found.append(f"| {table.title} | {read_at(table)} | {', '.join(beside)} |")
    return found


def test_the_documentation_says_where_each_table_is_read() -> None:
    written = EXAMPLES.read_text().splitlines()
    start = written.index("| what | read at | embedded in |") + 2
    expected = lines()
    assert written[start : start + len(expected)] == expected, "\n".join(expected)
    assert written[start + len(expected)] == ""


def test_a_part_in_a_policy_is_read_by_its_ends_and_with_its_sources(client: Client) -> None:
    hub = make_hub()
    surround(hub, 2)
    one = make.make_party(
        policy=make.make_policy("Pact"), city=make.make_city("Lima"), role="lead", since="2001"
    )
    make.cite(one, source=make.make_source(title="The pact", url="https://example.org/pact"))
    make.settle()
    assert len(get(client, "/api/v1/parties/?page_size=200")["rows"]) > 1
    (row,) = get(client, "/api/v1/parties/?city=lima-fr&role=lead&embed=citations")["rows"]
    assert (row["policy_name"], row["role"], row["since"], row["office_id"]) == ("Pact", "lead", "2001", None)
    (citation,) = row["citations"]["rows"]
    assert (citation["source_title"], citation["party_id"]) == ("The pact", str(one.pid))
    assert get(client, f"/api/v1/parties/{one.pid}/?embed=citations") == row
    (embedded,) = get(client, "/api/v1/policies/?q=pact&embed=parties.citations")["rows"]
    assert embedded["parties"]["rows"] == [row]
    assert get(client, embedded["parties"]["all"])["rows"] == [
        {key: row[key] for key in row if key != "citations"}
    ]


def test_links_of_two_cities_are_read_from_both_ends(client: Client) -> None:
    surround(make_hub(), 2)
    (row,) = get(client, "/api/v1/cities/?q=hub&taking_part=any&embed=links,linked_from")["rows"]
    for name, here, there in (("links", "city", "other"), ("linked_from", "other", "city")):
        assert {one[f"{here}_name"] for one in row[name]["rows"]} == {"Hub city"}
        assert len({one[f"{there}_id"] for one in row[name]["rows"]}) == 2
        assert get(client, row[name]["all"])["rows"] == row[name]["rows"]


@pytest.mark.parametrize("publication", ["draft", "published"])
def test_an_end_that_is_a_draft_is_left_out_where_a_row_can_do_without(
    client: Client, publication: str
) -> None:
    city = make.make_city("Lima")
    office = make.make_office("Bureau", city=city, publication=publication)
    make.make_party(policy=make.make_policy("Pact"), city=city, office=office)
    make.settle()
    (row,) = get(client, "/api/v1/parties/")["rows"]
    shown: Any = ("Bureau", str(office.pid)) if publication == "published" else (None, None)
    assert (row["office_name"], row["office_id"]) == shown


def test_names_are_asked_for_in_words_of_the_record(client: Client) -> None:
    make.make_city("Lima").names.create(name="Ciudad de los Reyes", kind="former", language="es")
    rows = get(client, "/api/v1/city-names/?city=lima-fr&kind=former")["rows"]
    assert [(row["name"], row["city_name"], row["language"]) for row in rows] == [
        ("Ciudad de los Reyes", "Lima", "es")
    ]
    assert client.get("/api/v1/city-names/?kind=nickname").status_code == 400
