"""What answers to which words, in which order, and that nothing of a draft ever does."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from registry.models import (
    City,
    CityName,
    Identifier,
    IssueMapping,
    IssueScheme,
    JointPolicy,
    Network,
    NetworkName,
    SchemeConcept,
)
from registry.search.find import find
from registry.search.words import Exactness
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(text: str) -> list[tuple[str, str]]:
    """What answers, as kind and the name that does."""
    return [(match.kind, match.name) for match in find(text).matches]


@pytest.fixture
def sao_paulo() -> City:
    city = make.make_city("São Paulo", country="BR", population=12_400_232, geonames_id=3448439)
    City.objects.filter(pk=city.pk).update(wikidata_id="Q174", unlocode="BRSAO")
    for name in ("サンパウロ", "San Pablo", "Сан-Паулу"):
        CityName.objects.create(city=city, name=name)
    make.make_city("Paris")
    return city


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("São Paulo", "São Paulo"),
        ("sao paulo", "São Paulo"),
        ("SAO-PAULO", "São Paulo"),
        ("Paulo São", "São Paulo"),
        ("sao pau", "São Paulo"),
        ("aulo", "São Paulo"),
        ("Sao Paolo", "São Paulo"),
        ("Aso Paulo", "São Paulo"),
        ("サンパウロ", "サンパウロ"),
        ("サンバウロ", "サンパウロ"),
        ("сан-паулу", "Сан-Паулу"),
        ("сан-палуу", "Сан-Паулу"),
        ("Сан-Паул", "Сан-Паулу"),
        ("Сан-Пауло", "Сан-Паулу"),
        ("サンパ", "サンパウロ"),
        ("San Pablo", "San Pablo"),
        ("Q174", "Q174"),
        ("q174", "Q174"),
        ("3448439", "3448439"),
        ("BRSAO", "BRSAO"),
        ("br sao", "BR SAO"),
        ("sao-paulo-br", "sao-paulo-br"),
    ],
)
def test_a_city_by_any_of_its_names_and_codes(sao_paulo: City, text: str, by: str) -> None:
    assert found(text)[:1] == [("city", by)]


def test_a_city_by_its_permanent_identifier(sao_paulo: City) -> None:
    (match,) = find(str(sao_paulo.pid)).matches
    assert (match.key, match.what, match.detail) == (sao_paulo.pk, "code", "Permanent identifier")


def test_a_city_of_staff_that_lacks_its_main_name_among_its_names() -> None:
    city = make.make_city("Greater Somewhere")
    city.names.all().delete()
    assert found("somewhere") == [("city", "Greater Somewhere")]


def test_networks_by_acronym_other_name_and_identifier() -> None:
    network = make.make_network("United Cities and Local Governments", acronym="UCLG")
    NetworkName.objects.create(network=network, name="Cités et gouvernements locaux unis", language="fr")
    Identifier.objects.create(network=network, scheme="web-domain", value="uclg.org")
    for text, by in (("uclg", "acronym"), ("gouvernement local", "name"), ("UCLG.org", "code")):
        (match,) = find(text).matches
        assert (match.kind, match.key, match.what) == ("network", network.pk, by), text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Policies for cycling", "policy cycles"),
        ("Transport durable des villes", "transports durables ville"),
        ("Ciudades sostenibles", "ciudad sostenible"),
        ("Climate Leadership", "climate leadrship"),
        ("Города и климат", "города и клмиат"),
        ("The city of tomorrow", "the city of tomorrow"),
    ],
)
def test_other_forms_of_words_and_typing_errors(title: str, text: str) -> None:
    for factory in (make.make_policy, make.make_report, make.make_office, make.make_organisation):
        factory(title)
    assert {kind for kind, name in found(text) if name == title} == {
        "policy",
        "report",
        "office",
        "organisation",
    }


def test_issues_by_name_and_by_what_other_schemes_call_them() -> None:
    issue = make.make_issue("Cycling")
    scheme = IssueScheme.objects.create(slug="agenda", name="Agenda")
    for code, label, how in (("1", "Bicycle traffic", "exact"), ("2", "Urban mobility", "broad")):
        concept = SchemeConcept.objects.create(scheme=scheme, code=code, label=label)
        IssueMapping.objects.create(issue=issue, concept=concept, match=how)
    (match,) = find("bicycle").matches
    assert (match.key, match.what, match.detail) == (issue.pk, "label", "Agenda")
    assert found("urban mobility") == []


def test_exactness_then_kind_and_size() -> None:
    small = make.make_city("York", country="US", population=43_992, slug="york-us")
    large = make.make_city("York", country="GB", population=156_135)
    beyond = make.make_city("New York City", country="US", population=8_804_190)
    other = make.make_city("Toronto", country="CA", population=2_600_000)
    CityName.objects.create(city=other, name="York")
    begun = make.make_city("Yorkton", country="CA", population=15_669)
    network = make.make_network("York")
    ranked = [(match.kind, match.key) for match in find("york").matches]
    cities = [large, small, other, beyond, begun]
    assert [key for kind, key in ranked if kind == "city"] == [city.pk for city in cities]
    assert ("network", network.pk) in ranked[:3]


def test_networks_of_a_name_by_their_members() -> None:
    few, many = make.make_network("League of ports"), make.make_network("League of lakes")
    make.make_membership(network=few)
    for _ in range(3):
        make.make_membership(network=many)
    for _ in range(4):
        make.make_membership(network=few, publication="draft")
        make.make_membership(network=few, city=make.make_city(publication="draft"))
        make.make_membership(network=few, status="applicant")
    assert found("league") == [("network", "League of lakes"), ("network", "League of ports")]


@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_no_draft_is_found_and_what_is_published_is_at_once(state: str) -> None:
    issue = make.make_issue()
    hidden: Any = {"publication": state}
    city = make.make_city("Zyxwv city", **hidden, wikidata_id="Q99")
    network = make.make_network("Zyxwv network", acronym="ZYX", **hidden)
    NetworkName.objects.create(network=network, name="Zyxwv net")
    Identifier.objects.create(network=network, scheme="wikidata", value="Q98")
    records = [
        city,
        network,
        make.make_policy("Zyxwv policy", issues=[issue], **hidden),
        make.make_office("Zyxwv office", city=make.make_city(), **hidden),
        make.make_organisation("Zyxwv partner", **hidden),
        make.make_report("Zyxwv report", **hidden),
    ]
    of_a_draft = make.make_office("Zyxwv bureau", city=city)
    texts = ["zyxwv", "zyxvw", "zyx", "Q99", "Q98", "zyxwv-network", *(str(one.pid) for one in records)]
    texts += [str(of_a_draft.pid), "Zyxwv bureau"]
    for text in texts:
        assert found(text) == [], text
    for record in records:
        type(record).objects.filter(pk=record.pk).update(publication="published")
    assert len(find("zyxwv").matches) == 7
    for text in texts:
        assert found(text), text


def test_the_cost_is_the_same_however_much_there_is() -> None:
    costs = []
    for number in range(2):
        for _ in range(5 + 30 * number):
            make.make_city("Marker city", slug=f"marker-{make._number()}")
            make.make_network("Marker network", slug=f"marker-{make._number()}")
            make.make_policy("Marker policy", slug=f"marker-{make._number()}")
        with CaptureQueriesContext(connection) as queries:
            find("marker")
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 4


def test_the_largest_cities_are_found_where_too_many_have_the_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.search.cities.NARROW", 3)
    monkeypatch.setattr("registry.search.find.MOST", 4)
    cities = [make.make_city(f"San {number}", population=number) for number in range(1, 9)]
    whole = make.make_city("San", population=0)
    found = find("san")
    assert [match.key for match in found.matches] == [whole.pk, *(city.pk for city in cities[:-4:-1])]
    assert found.more == {"city"}


def test_whole_names_and_words_are_found_where_many_others_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("registry.search.names.MOST", "registry.search.find.MOST"):
        monkeypatch.setattr(name, 3)
    monkeypatch.setattr("registry.search.names.FIRST", 5)
    first, *_ = (make.make_policy(f"Sample policy {number}") for number in range(8))
    drawn, whole = make.make_policy("Draw a samp"), make.make_policy("Samp")
    make.make_policy("Samp", slug="hidden", publication="draft")
    found = find("samp")
    keys = [match.key for match in found.matches]
    assert keys[:2] == [whole.pk, drawn.pk]
    assert first.pk in keys
    assert len(keys) == 5
    assert found.more == {"policy"}
    assert [match.key for match in find("sample policy 7").matches] == [first.pk + 7]
    assert len(find("sampel polcy").matches) == 3
    assert find("draw samp").more == set()


WORDS = ["Paris", "São", "Lima", "Air", "Rio", "Bay"]
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
STATES = st.sampled_from(["published", "published", "draft", "in-review"])
ROWS = st.lists(st.tuples(st.sampled_from(["city", "network", "policy"]), NAMES, STATES), max_size=8)


class Ranking(TestCase):
    """Over random registries."""

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(rows=ROWS, text=NAMES)
    def test_all_that_have_the_words_are_found_whole_names_first_and_no_draft(
        self, rows: list[tuple[str, str, str]], text: str
    ) -> None:
        public = {}
        for number, (kind, name, state) in enumerate(rows):
            factory = {"city": make.make_city, "network": make.make_network, "policy": make.make_policy}[kind]
            record = factory(name, publication=state, slug=f"r{number}", **_size(kind, number))
            if state == "published":
                public[kind, record.pk] = name
        matches = find(text).matches
        keys = [(match.kind, match.key) for match in matches]
        assert len(keys) == len(set(keys))
        assert set(keys) <= set(public)
        asked = set(text.split())
        assert {key for key, name in public.items() if asked <= set(name.split())} <= set(keys)
        whole = [public[key] == text for key in keys]
        assert whole == sorted(whole, reverse=True)
        assert [match.rank for match in matches] == sorted(match.rank for match in matches)
        sizes = [match.size for match in matches if match.kind == "city" and match.exactness == 0]
        assert sizes == sorted(sizes, reverse=True)
        assert Exactness.WHOLE_TITLE == 0


def _size(kind: str, number: int) -> dict[str, int]:
    return {"population": number * 1000} if kind == "city" else {}


@pytest.mark.parametrize(
    "text",
    [
        "a & b | !c <-> d:*",
        "'paris':* & !x",
        "(((",
        "%_\\",
        "par%s",
        "the",
        "l'à",
        "²",
        "a " * 100,
        "x" * 200,
        "漢字 kana かな",
        "🏙️ city",
        "\u202eabc",
        "1e5 -7 .5 2030",
        "٢٠٠٥",
        "00000000-0000-0000-0000-000000000000",
        "9" * 40,
        "ǅ ß ﬁ",
    ],
)
def test_odd_words_find_nothing_wrong(text: str) -> None:
    city, network = make.make_city("Paris"), make.make_network("The Paris network")
    for match in find(text).matches:
        assert match.key in (city.pk, network.pk)
    assert Network.objects.count() == City.objects.count() == 1
    assert not JointPolicy.objects.exists()
