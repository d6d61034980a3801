"""The search page and what it offers while somebody types."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from registry.models import CityName, JointPolicy, PolicyExperiment
from registry.search.highlight import highlight
from registry.search.words import Words
from tests import factories as make

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return (response.getvalue() if response.streaming else response.content).decode()


def offered(client: Client, address: str) -> str:
    response = client.get(address, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def test_why_a_record_was_found(client: Client) -> None:
    city = make.make_city("São Paulo", country="BR", population=12_400_232)
    CityName.objects.create(city=city, name="San Pablo", language="es")
    assert "also known as" not in page(client, "/search/?q=sao+paulo")
    html = page(client, "/search/?q=san+pablo")
    assert 'also known as <span lang="es"><mark>San</mark> <mark>Pablo</mark></span>' in html
    make.make_network("United Cities", acronym="UCLG")
    assert "acronym <span><mark>UCLG</mark></span>" in page(client, "/search/?q=uclg")
    assert "similar" in page(client, "/search/?q=san+pbalo")


def test_an_experiment_is_found_by_what_it_expected_and_offered(client: Client) -> None:
    policy = make.make_policy("Shade pact")
    expected = {"hypothesis": "Planting trees " + "in every single street " * 20 + "cools neighbourhoods"}
    experiment = PolicyExperiment.objects.create(policy=policy, publication="published", **expected)
    for words in ("planted tree", "neighbourhood", "Planting tress", str(experiment.pid)):
        html = page(client, f"/search/?q={words}")
        assert experiment.get_absolute_url() in html, words
        assert "experiment, Shade pact" in html
    assert "<mark>Planting</mark>" in offered(client, "/search/?q=planting&place=x")
    assert experiment.title in page(client, "/search/?q=planting&format=csv")
    JointPolicy.objects.update(publication="draft")
    assert experiment.get_absolute_url() not in page(client, "/search/?q=planting")


def test_names_are_marked_safely(client: Client) -> None:
    make.make_network("<b>Bold</b> & league")
    html = page(client, "/search/?q=bold")
    assert "&lt;b&gt;<mark>Bold</mark>&lt;/b&gt;" in html or "&lt;b&gt;<mark>Bold</mark>&lt;" in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("name", "text", "marked"),
    [
        ("São Paulo", "sao", ["São"]),
        ("Cities on cycles", "cycling", ["cycles"]),
        ("Paris", "rome", []),
        ("Chief Heat Officer", "heat off", ["Heat", "Officer"]),
    ],
)
def test_the_words_that_answer(name: str, text: str, marked: list[str]) -> None:
    pieces = list(highlight(name, Words.read(text)))
    assert "".join(piece for piece, _ in pieces) == name
    assert [piece for piece, yes in pieces if yes] == marked


def test_kinds_are_counted_as_if_none_were_chosen_and_can_be_combined(client: Client) -> None:
    make.make_city("Marker")
    make.make_network("Marker league")
    make.make_policy("Marker pact")
    html = page(client, "/search/?q=marker&kind=network&kind=policy")
    assert "<strong>2</strong> results" in html
    assert 'Cities <span class="muted">1</span>' in html
    assert 'href="?q=marker&amp;kind=policy"' in html
    assert 'href="?q=marker&amp;kind=network&amp;kind=policy&amp;kind=city"' in html
    assert 'href="?q=marker" class="chip">All kinds' in html
    assert "Nothing in the registry answers" in page(client, "/search/?q=marker&kind=report")


def test_pages_hold_every_result_once(client: Client) -> None:
    for number in range(5):
        make.make_network(f"Marker {number}")
    seen = []
    for number in (1, 2, 3):
        rows = client.get(f"/search/?q=marker&page_size=2&page={number}").context["page"].rows
        seen += [result.record.pk for result in rows]
    assert len(set(seen)) == len(seen) == 5
    html = page(client, "/search/?q=marker&page_size=2&page=4")
    assert "There are 3 pages of these rows" in html
    assert 'href="?q=marker&amp;page_size=2">Go to page 1' in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=%00", "There is a character in it that no text has (NUL)."),
        ("q=" + "x" * 10_240, "This is too long: 200 characters at most, not 10,240."),
        ("q=...", "Write at least one letter or digit to look for."),
        ("q=paris&kind=planet", "“planet” is not one of: city, network"),
        ("q=paris&page=0", "There is no page “0”"),
    ],
)
def test_what_is_wrong_is_said(client: Client, query: str, words: str) -> None:
    make.make_city("Paris")
    html = page(client, f"/search/?{query}")
    assert escape(words) in html
    assert 'class="plain-list found"' not in html
    assert offered(client, f"/search/?{query}").strip() == "" or "page" in query


def test_what_is_offered_while_somebody_types(client: Client) -> None:
    make.make_city("Marker", slug="marker-fr")
    for number in range(9):
        make.make_network(f"Marker {number}")
    html = offered(client, "/search/?q=mark&place=header-search")
    assert html.count('role="option"') == 8
    assert 'id="header-search-1"' in html
    html = offered(client, "/search/?q=mark&kind=city&place=%22%3E%3Cscript%3E")
    assert html.count('role="option"') == 1
    assert 'data-slug="marker-fr"' in html
    assert "<script" not in html
    response = client.get("/search/?q=mark")
    assert "HX-Request" in response["Vary"]


def test_every_page_has_a_search_box_that_works_without_javascript(client: Client) -> None:
    make.make_city("Paris")
    for address in ("/", "/search/", "/cities/?taking_part=any", "/nowhere/"):
        html = client.get(address).content.decode()
        assert html.count('role="search"') == 1, address
        assert 'action="/search/"' in html
        assert 'role="combobox"' not in html, "only a script makes it one"
