"""Lists in the admin: brought in, and looked through."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import (
    ListImport,
    Membership,
)
from tests.admin.conftest import errors_of
from tests.admin.list_pages import ADD, SOURCE, page_of, said
from tests.exchange.lists.brought import ambiguous, make_list, matched, unmatched
from tests.factories import (
    make_city,
    make_country,
    make_membership,
    make_network,
    make_policy,
)

pytestmark = pytest.mark.django_db


# --- Bringing a list in ------------------------------------------------------------------------------------


def test_a_pasted_list_becomes_a_plan(editor: Client, cities: Any, fill_in: Any) -> None:
    network = make_network("C40")
    text = "Paris, France\nTokio, Japan\nAtlantis\n"
    response = fill_in(
        editor, f"{ADD}?network={network.pk}", pasted=text, source=SOURCE, observed_on="2025-11"
    )
    assert response.status_code == 302, errors_of(response)
    listing = ListImport.objects.get()
    assert (listing.network, listing.source, listing.observed_on) == (network, SOURCE, "2025-11")
    assert listing.made_by.username == "editor"
    assert listing.rows.get(number=1).city == cities["paris"]
    assert not Membership.objects.exists()
    page = editor.get(response.url)
    assert "3 rows were read" in said(page)


def test_a_file_becomes_a_plan(editor: Client, cities: Any, fill_in: Any) -> None:
    policy = make_policy()
    file = SimpleUploadedFile("signed.csv", b"name,country,role\nTokyo,Japan,lead\n")
    response = fill_in(editor, f"{ADD}?policy={policy.pk}", file=file)
    assert response.status_code == 302, errors_of(response)
    row = ListImport.objects.get(policy=policy, file_name="signed.csv").rows.get()
    assert (row.number, row.city, row.role) == (2, cities["tokyo"], "lead")


BAD = {
    "nothing": ({}, "file", "Choose a file or paste the list."),
    "both": ({"pasted": "Paris", "file": b"name\nParis\n"}, "file", "not both"),
    "binary": ({"file": b"\x00\x01\x02\xff" * 100}, "file", ""),
    "empty": ({"file": b""}, "file", "empty"),
    "header only": ({"file": b"name,country\n"}, "file", ""),
    "no date": ({"pasted": "Paris", "observed_on": "last year"}, "observed_on", "is not a date"),
    "no source": ({"pasted": "Paris", "source": "https://no one"}, "source", "not an address"),
}


@pytest.mark.parametrize(("given", "field", "message"), BAD.values(), ids=BAD)
def test_a_bad_list_is_refused_beside_its_field(
    editor: Client, fill_in: Any, given: Any, field: str, message: str
) -> None:
    given = dict(given)
    if "file" in given:
        given["file"] = SimpleUploadedFile("list.csv", given["file"])
    response = fill_in(editor, f"{ADD}?network={make_network().pk}", **given)
    assert message in " ".join(errors_of(response)[field])
    assert not ListImport.objects.exists()


@pytest.mark.parametrize("both", [True, False])
def test_a_list_is_of_one_network_or_one_policy(editor: Client, fill_in: Any, both: bool) -> None:
    whose = {"network": make_network().pk, "policy": make_policy().pk} if both else {}
    response = fill_in(editor, ADD, pasted="Paris", **whose)
    assert errors_of(response)["__all__"] == ["A list is of one network or of one joint policy."]


def test_it_is_reached_from_the_first_page_and_both_forms(editor: Client) -> None:
    network, policy = make_network(), make_policy()
    assert f'href="{ADD}"' in editor.get("/admin/").content.decode()
    form = editor.get(f"/admin/registry/network/{network.pk}/change/").content.decode()
    assert f'href="{ADD}?network={network.pk}"' in form
    form = editor.get(f"/admin/registry/jointpolicy/{policy.pk}/change/").content.decode()
    assert f'href="{ADD}?policy={policy.pk}"' in form


# --- Looking through the plan ------------------------------------------------------------------------------


def test_the_page_shows_how_rows_stand(editor: Client, cities: Any) -> None:
    network = make_network()
    make_membership(city=cities["sao"], network=network, since="2005")
    gone = make_membership(city=make_city("Lyon"), network=network)
    listing = make_list(
        network,
        ambiguous("Paris", cities["paris"], cities["texas"], number=2),
        unmatched("Atlantis", number=3),
        matched(cities["tokyo"], 4),
        matched(cities["sao"], 5, since="2006"),
    )
    page = editor.get(page_of(listing))
    tabs = {tab["name"]: tab["number"] for tab in page.context["tabs"]}
    assert tabs == {"ambiguous": 1, "unmatched": 1, "changed": 1, "add": 1, "missing": 1}
    text = " ".join(page.content.decode().split())
    assert "Paris, France (2,138,551)" in text
    assert "Paris, United States (24,782)" in text
    assert text.count('class="candidate"') == 2
    changed = editor.get(f"{page_of(listing)}?show=changed").content.decode()
    assert "Since: the registry has 2005, the list 2006." in changed
    missing = editor.get(f"{page_of(listing)}?show=missing").content.decode()
    assert f'name="left" value="{gone.pk}"' in missing


def test_a_page_costs_the_same_for_few_rows_and_many(editor: Client) -> None:
    def queries(number: int) -> int:
        network = make_network()
        rows = []
        for at in range(2, number + 2):
            country = f"{chr(65 + at // 26)}{chr(65 + at % 26)}"
            make_country(country, alpha3=f"{at:03}", name=f"Country {at}")
            pair = [make_city(country=country, latitude=at % 60, longitude=at) for _ in range(2)]
            rows.append(ambiguous("X", *pair, number=at))
        listing = make_list(network, *rows)
        with CaptureQueriesContext(connection) as counted:
            assert editor.get(page_of(listing)).status_code == 200
        return len(counted)

    few = queries(3)
    assert queries(40) == few
    assert few <= 20


def test_fifty_rows_a_page(editor: Client) -> None:
    city = make_city()
    listing = make_list(make_network(), *(matched(city, number) for number in range(2, 125)))
    page = editor.get(f"{page_of(listing)}?show=there&p=2")
    assert len(page.context["row_forms"]) == 50
    assert len(editor.get(f"{page_of(listing)}?show=there&p=99").context["row_forms"]) == 22
    for odd in ("show=nonsense", "p=x", "p=-1", "show=%00"):
        assert editor.get(f"{page_of(listing)}?{odd}").status_code == 200
