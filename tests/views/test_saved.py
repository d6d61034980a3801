"""Saved searches: kept, renamed and deleted by their owner, and seen by nobody else."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.filters import SAVEABLE
from registry.models import SavedSearch
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(make.make_staff("ada", "Contributor"))
    return client


def save(client: Client, name: str = "French", listing: str = "networks", query: str = "") -> str:
    return client.post(
        "/saved/", {"name": name, "listing": listing, "query": query}, follow=True
    ).content.decode()


def test_a_search_is_kept_as_the_listing_writes_it(ada: Client) -> None:
    make.make_country("FR")
    save(ada, query="country=fr&page=3&scope=national&utm_source=mail&format=csv")
    search = SavedSearch.objects.get()
    assert search.query == "scope=national&country=FR"
    page = ada.get("/saved/").content.decode()
    assert 'href="/networks/?scope=national&amp;country=FR">French</a>' in page
    assert 'href="/networks/?scope=national&amp;country=FR&amp;format=atom"' in page
    assert "French</a>" in ada.get("/admin/").content.decode()
    assert "You have saved this search already." in save(ada, "Again", query="country=FR&scope=national")


def test_the_listing_offers_to_save_what_is_asked(ada: Client) -> None:
    html = ada.get("/networks/?scope=national").content.decode()
    assert '<input type="hidden" name="query" value="scope=national">' in html
    assert "save-search" not in Client().get("/networks/").content.decode()


@pytest.mark.parametrize("listing", SAVEABLE)
def test_a_search_of_any_listing_can_be_saved(ada: Client, listing: str) -> None:
    html = ada.get(f"/{listing}/").content.decode()
    assert f'<input type="hidden" name="listing" value="{listing}">' in html
    feed = f"/{listing}/?format=atom"
    save(ada, listing=listing)
    page = ada.get("/saved/").content.decode()
    assert f'href="/{listing}/">French</a>' in page
    assert (f'href="{feed}"' in page) == ("format=atom" in html) == (ada.get(feed).status_code == 200)


def test_ties_through_networks_have_no_feed(ada: Client) -> None:
    address = "/collaborations/?ties=network"
    assert "format=atom" not in ada.get(address).content.decode()
    refused = ada.get(f"{address}&format=atom")
    assert refused.status_code == 400
    assert "there is no feed of this" in refused.content.decode()
    save(ada, listing="collaborations", query="ties=network")
    assert "Subscribe" not in ada.get("/saved/").content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"listing": "secrets"}, "There is no such listing. There are: cities"),
        ({"query": "scope=global"}, "The listing does not understand this question."),
        ({"name": " "}, "This field is required."),
    ],
)
def test_nonsense_is_not_saved(ada: Client, given: dict[str, str], words: str) -> None:
    assert words in save(ada, **given)
    assert not SavedSearch.objects.exists()


def test_renaming_and_deleting(ada: Client) -> None:
    save(ada)
    search = SavedSearch.objects.get()
    ada.post(f"/saved/{search.pk}/", {"name": "Networks"})
    search.refresh_from_db()
    assert search.name == "Networks"
    assert b"The search was not renamed" in ada.post(f"/saved/{search.pk}/", {"name": ""}).content
    ada.post(f"/saved/{search.pk}/", {"name": "Networks", "delete": "yes"})
    assert not SavedSearch.objects.exists()


def test_nobody_else_sees_or_changes_it(ada: Client) -> None:
    save(ada, "Mine alone")
    search = SavedSearch.objects.get()
    other = Client()
    other.force_login(make.make_staff("bob"))
    assert b"Mine alone" not in other.get("/saved/").content
    for given in ({"name": "Stolen"}, {"delete": "yes"}):
        assert other.post(f"/saved/{search.pk}/", given).status_code == 404
    assert SavedSearch.objects.get().name == "Mine alone"
    assert Client().get("/saved/").status_code == 302
