"""Possible duplicates in the staff site: the page of pairs, and the warning about a new record."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import City, Network, NotDuplicate
from tests.admin.conftest import errors_of
from tests.exchange.lists.brought import make_list, unmatched
from tests.factories import (
    make_city,
    make_country,
    make_membership,
    make_network,
    make_office,
    make_organisation,
    make_policy,
)

pytestmark = pytest.mark.django_db
ADD_NETWORK = "/admin/registry/network/add/"
PAIRS = "/admin/registry/network/duplicates/"


def text(response: Any) -> str:
    """The page as it is sent."""
    return response.content.decode()


def pair() -> tuple[Network, Network]:
    """Two networks that look alike."""
    return make_network("Climate Alliance", acronym="CA"), make_network("Climate Alliance", acronym="CAL")


# --- While typing -----------------------------------------------------------------------------------------


def test_a_name_being_typed_shows_what_is_like_it(contributor: Client) -> None:
    known = make_network("Eurocities", acronym="EC")
    response = contributor.get("/admin/registry/network/similar/", {"name": "Eurocites"})
    assert f"/admin/registry/network/{known.pk}/change/" in text(response)
    assert "Eurocities (EC)" in text(response)
    assert "(published): nearly the same name" in text(response)


def test_the_form_asks_while_its_fields_are_typed(contributor: Client) -> None:
    page = text(contributor.get(ADD_NETWORK))
    assert 'hx-get="/admin/registry/network/similar/"' in page
    assert 'hx-include="#id_name, #id_acronym, #id_website"' in page
    assert "input changed delay:400ms from:#id_acronym" in page
    city = text(contributor.get("/admin/registry/city/add/"))
    assert "chosen from:#id_country" in city
    assert "change from:#id_kind" in city


def test_a_record_that_is_there_is_not_asked_about(editor: Client, fill_in: Any) -> None:
    one, _ = pair()
    address = f"/admin/registry/network/{one.pk}/change/"
    assert "hx-get" not in text(editor.get(address))
    assert fill_in(editor, address, region="Europe").status_code == 302


def test_nothing_like_it_is_no_warning(contributor: Client, fill_in: Any) -> None:
    make_network("Eurocities")
    assert "<li>" not in text(contributor.get("/admin/registry/network/similar/", {"name": "Metropolis"}))
    assert fill_in(contributor, ADD_NETWORK, name="Metropolis", scope="regional").status_code == 302


def test_without_javascript_the_first_save_is_held_up_once(contributor: Client, fill_in: Any) -> None:
    known = make_network("Eurocities")
    typed = {"name": "Eurocities", "scope": "regional", "region": "Europe"}
    rows = {"names": [{"name": "Villes", "language": "fr"}]}
    held = fill_in(contributor, ADD_NETWORK, rows=rows, **typed)
    assert held.status_code == 200
    assert list(errors_of(held)) == ["name"]
    page = text(held)
    assert f'href="/admin/registry/network/{known.pk}/change/"' in page
    assert 'value="Save all the same"' in page
    for kept in ('value="Europe"', 'value="Villes"'):
        assert kept in page
    assert f'name="similar_seen" value="{known.pk}"' in page
    saved = fill_in(contributor, ADD_NETWORK, rows=rows, similar_seen=str(known.pk), **typed)
    assert saved.status_code == 302
    assert Network.objects.filter(name="Eurocities").count() == 2


def test_what_came_since_the_warning_holds_up_again(contributor: Client, fill_in: Any) -> None:
    known, newer = pair()
    typed = {"name": "Climate Alliance", "scope": "regional", "similar_seen": str(known.pk)}
    assert f'value="{known.pk},{newer.pk}"' in text(fill_in(contributor, ADD_NETWORK, **typed))


def test_the_warning_stands_beside_other_errors(contributor: Client, fill_in: Any) -> None:
    make_network("Eurocities")
    held = fill_in(contributor, ADD_NETWORK, name="Eurocities", scope="", founded="x")
    assert set(errors_of(held)) == {"name", "scope", "founded"}


@pytest.mark.parametrize(
    ("model", "given"),
    [
        ("city", {"name": "Paris", "country": "FR", "kind": "city"}),
        ("jointpolicy", {"name": "Paris pact"}),
        ("cityoffice", {"name": "Heat office", "kind": "chief-heat-officer"}),
        ("organisation", {"name": "Sorbonne"}),
    ],
)
def test_each_kind_warns(contributor: Client, model: str, given: dict[str, Any]) -> None:
    city = make_city("Paris")
    make_policy("Paris pact")
    make_office("Heat office", city=city, kind="chief-heat-officer")
    make_organisation("Sorbonne", country=make_country())
    asked = {**given, "city": city.pk} if model == "cityoffice" else given
    assert "Recorded already?" in text(contributor.get(f"/admin/registry/{model}/similar/", asked))


@pytest.mark.parametrize("value", ["\x00", "x" * 10_000, "%", "'", "99999999999999999999", "-1", " "])
def test_odd_values_break_nothing(contributor: Client, value: str) -> None:
    for model in ("city", "network", "jointpolicy", "cityoffice", "organisation"):
        fields = ("name", "country", "city", "kind", "latitude", "website", "since", "established")
        asked = {**dict.fromkeys(fields, value), "name": f"A{value}"}
        assert contributor.get(f"/admin/registry/{model}/similar/", asked).status_code == 200


def test_a_warning_costs_the_same_however_many(contributor: Client) -> None:
    counts = []
    for _ in range(2):
        for number in range(3):
            make_city("Paris", slug=f"paris-{City.objects.count()}-{number}")
        with CaptureQueriesContext(connection) as queries:
            contributor.get("/admin/registry/city/similar/", {"name": "Paris", "country": "FR"})
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_strangers_are_shown_nothing(client: Client) -> None:
    assert client.get("/admin/registry/network/similar/", {"name": "x"}).status_code == 302
    assert client.get(PAIRS).status_code == 302


# --- Pairs ------------------------------------------------------------------------------------------------


def test_a_pair_with_its_facts_and_reasons(contributor: Client) -> None:
    one, other = pair()
    make_membership(network=one)
    page = text(contributor.get(PAIRS))
    assert "The same name" in page
    for record in (one, other):
        assert f'href="/admin/registry/network/{record.pk}/change/"' in page
    assert "<td>CA</td><td>CAL</td>" in page
    assert "<td>1</td><td>0</td>" in page
    assert PAIRS in text(contributor.get("/admin/registry/network/"))


def test_not_a_duplicate(contributor: Client) -> None:
    one, other = pair()
    response = contributor.post(PAIRS, {"one": other.pk, "other": one.pk}, follow=True)
    assert "are kept apart from now on" in text(response)
    assert "None is known." in text(response)
    said = NotDuplicate.objects.get()
    assert (said.kind, {said.one, said.other}) == ("network", {one.pid, other.pid})
    assert said.by is not None
    assert said.by.username == "contributor"


def test_a_pair_told_apart_can_be_asked_about_again(editor: Client) -> None:
    one, other = pair()
    editor.post(PAIRS, {"one": one.pk, "other": other.pk})
    assert "Climate Alliance" in text(editor.get("/admin/registry/notduplicate/"))
    said = NotDuplicate.objects.get()
    editor.post(f"/admin/registry/notduplicate/{said.pk}/delete/", {"post": "yes"})
    assert "The same name" in text(editor.get(PAIRS))


@pytest.mark.parametrize("keys", [("", ""), ("x", "1"), ("1", "1"), ("9" * 30, "2"), ("\x00", "1")])
def test_odd_pairs_are_refused_in_words(contributor: Client, keys: tuple[str, str]) -> None:
    response = contributor.post(PAIRS, {"one": keys[0], "other": keys[1]}, follow=True)
    assert "Look again" in text(response)
    assert not NotDuplicate.objects.exists()


def test_pages_and_queries(contributor: Client) -> None:
    costs = []
    for many in (3, 30):
        for number in range(many):
            for _ in range(2):
                make_network(f"{chr(97 + number % 26) * 6} {number}", secretariat=make_city())
        with CaptureQueriesContext(connection) as queries:
            page = text(contributor.get(PAIRS))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12
    assert 'href="?page=2"' in page
    assert 'href="?page=1"' in text(contributor.get(f"{PAIRS}?page=2"))
    assert contributor.get(f"{PAIRS}?page=x").status_code == 200
    assert "There are no more." in text(contributor.get(f"{PAIRS}?page=999999"))


def test_every_kind_has_its_page(contributor: Client) -> None:
    for model in ("city", "network", "jointpolicy", "cityoffice", "organisation"):
        assert contributor.get(f"/admin/registry/{model}/duplicates/").status_code == 200


# --- On the first page ------------------------------------------------------------------------------------


def test_the_first_page_asks_for_the_likeliest_pairs(editor: Client) -> None:
    one, other = pair()
    address = "/admin/duplicates/"
    assert f'hx-get="{address}"' in text(editor.get("/admin/"))
    merge = f"/admin/registry/network/{one.pk}/merge/?other={other.pk}"
    for headers in ({}, {"HX-Request": "true"}):
        response = editor.get(address, headers=headers)
        assert f'href="{merge}"' in text(response)
        assert ("<html" in text(response)) == (not headers)
    assert "Merge: Climate Alliance" in text(editor.get(merge))
    assert f'href="{merge}"' in text(editor.get(PAIRS))


def test_without_pairs_the_page_says_so(editor: Client) -> None:
    assert "No two records are so much alike" in text(editor.get("/admin/duplicates/"))


def test_lists_with_names_to_decide_wait_on_the_first_page(editor: Client) -> None:
    listing = make_list(make_network("Eurocities"), unmatched("Atlantis"))
    page = text(editor.get("/admin/"))
    assert "Lists with names to decide" in page
    assert f"/admin/registry/listimport/{listing.pk}/change/" in page
    assert "1 names to decide" not in page
    assert "1 name to decide" in page
