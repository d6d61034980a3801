"""Each parameter of each listing: what it leaves, what it drops, and what it says of nonsense."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict

from registry.filters import LISTINGS
from registry.filters.table import parameters_table
from registry.models import (
    Division,
    NetworkName,
    Partnership,
    Report,
)
from tests import factories as make
from tests.kept import kept
from tests.listings import RECORDS

pytestmark = pytest.mark.django_db


def filterset(listing: str, query: str) -> Any:
    return LISTINGS[listing](QueryDict(query), queryset=RECORDS[listing]())


def names(listing: str, query: str) -> set[str]:
    """The names of the rows that a query leaves; the query must be understood."""
    asked = filterset(listing, query)
    assert asked.is_valid(), asked.errors
    return {row.name for row in asked.qs}


def problems(listing: str, query: str) -> dict[str, list[str]]:
    """What is wrong with a query; nothing must be left by it."""
    asked = filterset(listing, query)
    assert not asked.is_valid()
    assert not asked.qs.exists()
    return dict(asked.errors)


def make_world() -> dict[str, Any]:
    """Three cities in three countries, two networks, two policies, and what belongs to them."""
    transport = make.make_issue("Transport")
    cycling = make.make_issue("Cycling", parent=transport)
    energy = make.make_issue("Energy")
    make.make_country("BR", world_region="south-america")
    make.make_country("JP", world_region="asia")
    state = Division.objects.create(code="BR.27", iso_code="BR-SP", country_id="BR", name="São Paulo")
    sao_paulo = make.make_city("São Paulo", country="BR", division=state, population=12_000_000)
    paris = make.make_city("Paris", population=2_100_000)
    tokyo = make.make_city("Tokyo", country="JP", kind="regional-government")
    idle = make.make_city("Idle Town")
    c40 = make.make_network("C40 Cities", acronym="C40", issues=[energy], founded="2005")
    local = make.make_network("Réseau local", scope="national", issues=[cycling], founded="1998-04")
    NetworkName.objects.create(network=local, name="Local Network", language="en")
    make.make_membership(city=paris, network=c40, since="2006", until="2012", status="left", tier="full")
    make.make_membership(city=sao_paulo, network=c40, since="2011", ended="ongoing", tier="observer")
    make.make_membership(city=tokyo, network=c40, status="applicant", since="2010")
    make.make_membership(city=paris, network=local)
    policy = make.make_policy("Cycling pact", issues=[cycling], since="2010", until="2014", networks=[c40])
    make.make_party(policy=policy, city=paris, role="lead")
    make.make_party(policy=policy, city=sao_paulo, since="2013")
    twinning = make.make_policy("Old twinning", issues=[energy], kind="twinning", status="concluded")
    make.make_party(policy=twinning, city=paris)
    make.make_party(policy=twinning, city=tokyo)
    make.make_office(
        "Bicycle office", city=paris, remit=[cycling], kind="chief-heat-officer", established="2001"
    )
    make.make_office("Foreign office", city=tokyo, remit=[energy], kind="international-affairs")
    make.make_report("On bicycles", cities=[paris], issues=[cycling], published_on="2015-06", kind="study")
    Report.objects.get(name="On bicycles").policies.add(policy)
    undated = make.make_report("On power", issues=[energy])
    undated.networks.add(c40)
    insurer = make.make_organisation("Big Insurer", kind="insurer", country=make.make_country("FR"))
    make.make_organisation("Quiet University")
    Partnership.objects.create(organisation=insurer, policy=policy, publication="published", since="2012")
    Partnership.objects.create(organisation=insurer, network=local, publication="published")
    make.settle()
    return {
        "paris": paris,
        "sao_paulo": sao_paulo,
        "tokyo": tokyo,
        "idle": idle,
        "c40": c40,
        "policy": policy,
    }


world = kept(make_world, "world")


@pytest.mark.parametrize(
    ("listing", "query", "expected"),
    [
        ("cities", "", {"Paris", "São Paulo", "Tokyo"}),
        ("cities", "taking_part=any", {"Paris", "São Paulo", "Tokyo", "Idle Town"}),
        ("cities", "q=sao+PAULO", {"São Paulo"}),
        ("cities", "q=nowhere", set()),
        ("cities", "country=br", {"São Paulo"}),
        ("cities", "country=BR&country=JP", {"São Paulo", "Tokyo"}),
        ("cities", "country=Country+FR", {"Paris"}),
        ("cities", "world_region=asia&world_region=europe", {"Paris", "Tokyo"}),
        ("cities", "admin1=br-sp", {"São Paulo"}),
        ("cities", "admin1=BR.27", {"São Paulo"}),
        ("cities", "kind=regional-government", {"Tokyo"}),
        ("cities", "network=c40-cities", {"Paris", "São Paulo"}),
        ("cities", "network=C40", {"Paris", "São Paulo"}),
        ("cities", "network=local+network", {"Paris"}),
        ("cities", "network=c40-cities&network=reseau-local&country=FR", {"Paris"}),
        ("cities", "network=c40-cities&active_on=2010", {"Paris"}),
        ("cities", "network=c40-cities&active_on=2012-05", {"Paris", "São Paulo"}),
        ("cities", "network=c40-cities&active_on=2020", {"São Paulo"}),
        ("cities", "network=c40-cities&since=2000&until=2007", {"Paris"}),
        ("cities", "network=c40-cities&status=applicant", {"Tokyo"}),
        ("cities", "network=c40-cities&status=left&status=applicant", {"Paris", "Tokyo"}),
        ("cities", "network=c40-cities&tier=observer&active_on=2008", set()),
        ("cities", "network=reseau-local&tier=full", set()),
        ("cities", "network=reseau-local&active_on=2010", set()),
        ("cities", "network=reseau-local&active_on=2010&certainty=possible", {"Paris"}),
        ("cities", "issue=transport", {"Paris", "São Paulo"}),
        ("cities", "issue=cycling&active_on=2012", {"Paris"}),
        ("cities", "issue=cycling&active_on=2013", {"Paris", "São Paulo"}),
        ("cities", "active_on=2007", {"Paris"}),
        ("cities", "active_on=2007&since=2007&until=2010", {"Paris"}),
        ("cities", "active_on=2007&until=2007-01", {"Paris"}),
        ("cities", "q=paris&q=paris&q=+paris+&q=", {"Paris"}),
        ("cities", "active_on=2007&active_on=2007&page=&page=1", {"Paris"}),
        ("networks", "", {"C40 Cities", "Réseau local"}),
        ("networks", "q=c40", {"C40 Cities"}),
        ("networks", "q=reseau", {"Réseau local"}),
        ("networks", "q=network+local", {"Réseau local"}),
        ("networks", "scope=national", {"Réseau local"}),
        ("networks", "scope=national&scope=international", {"C40 Cities", "Réseau local"}),
        ("networks", "issue=transport", {"Réseau local"}),
        ("networks", "city=paris-fr", {"C40 Cities", "Réseau local"}),
        ("networks", "city=Paris&active_on=2007", {"C40 Cities"}),
        ("networks", "city=paris-fr&tier=observer", set()),
        ("networks", "city=tokyo-jp&status=applicant", {"C40 Cities"}),
        ("networks", "country=BR", {"C40 Cities"}),
        ("networks", "world_region=asia", set()),
        ("networks", "decade=1990s&decade=1980", {"Réseau local"}),
        ("networks", "active_on=2005", {"C40 Cities"}),
        ("networks", "active_on=2006&certainty=possible", {"C40 Cities", "Réseau local"}),
        ("policies", "", {"Cycling pact", "Old twinning"}),
        ("policies", "q=pact+cycl", {"Cycling pact"}),
        ("policies", "kind=twinning", {"Old twinning"}),
        ("policies", "status=active", {"Cycling pact"}),
        ("policies", "issue=transport&issue=energy", {"Cycling pact", "Old twinning"}),
        ("policies", "network=c40-cities", {"Cycling pact"}),
        ("policies", "city=sao-paulo-br", {"Cycling pact"}),
        ("policies", "city=sao-paulo-br&active_on=2011", set()),
        ("policies", "city=sao-paulo-br&active_on=2014", {"Cycling pact"}),
        ("policies", "city=paris-fr&active_on=2011", {"Cycling pact"}),
        ("policies", "city=paris-fr&role=lead", {"Cycling pact"}),
        ("policies", "city=sao-paulo-br&role=lead", set()),
        ("policies", "country=JP", {"Old twinning"}),
        ("policies", "world_region=south-america", {"Cycling pact"}),
        ("policies", "decade=2010", {"Cycling pact"}),
        ("policies", "since=2014&until=2020", {"Cycling pact"}),
        ("policies", "since=2015", set()),
        ("policies", "since=2015&certainty=possible", {"Old twinning"}),
        ("offices", "", {"Bicycle office", "Foreign office"}),
        ("offices", "q=paris", {"Bicycle office"}),
        ("offices", "q=office+foreign", {"Foreign office"}),
        ("offices", "kind=chief-heat-officer", {"Bicycle office"}),
        ("offices", "issue=transport", {"Bicycle office"}),
        ("offices", "city=tokyo-jp", {"Foreign office"}),
        ("offices", "country=FR", {"Bicycle office"}),
        ("offices", "world_region=asia", {"Foreign office"}),
        ("offices", "admin1=BR-SP", set()),
        ("offices", "decade=2000", {"Bicycle office"}),
        ("offices", "active_on=2001", {"Bicycle office"}),
        ("issues", "", {"Transport", "Cycling", "Energy"}),
        ("issues", "q=cycl", {"Cycling"}),
        ("issues", "issue=transport", {"Transport", "Cycling"}),
        ("issues", "network=c40-cities", {"Energy"}),
        ("issues", "city=sao-paulo-br", {"Cycling", "Energy"}),
        ("reports", "", {"On bicycles", "On power"}),
        ("reports", "q=power", {"On power"}),
        ("reports", "kind=study", {"On bicycles"}),
        ("reports", "issue=transport", {"On bicycles"}),
        ("reports", "network=c40-cities", {"On power"}),
        ("reports", "city=paris-fr", {"On bicycles"}),
        ("reports", "country=FR", {"On bicycles"}),
        ("reports", "policy=cycling-pact", {"On bicycles"}),
        ("reports", "policy=old-twinning", set()),
        ("cities", "policy=cycling-pact", {"Paris", "São Paulo"}),
        ("cities", "policy=cycling-pact&active_on=2011", {"Paris"}),
        ("cities", "policy=cycling-pact&network=c40-cities&active_on=2020", {"São Paulo"}),
        ("networks", "organisation=big-insurer", {"Réseau local"}),
        ("networks", "organisation=quiet-university", set()),
        ("policies", "organisation=big-insurer", {"Cycling pact"}),
        ("policies", "organisation=quiet-university", set()),
        ("organisations", "policy=cycling-pact", {"Big Insurer"}),
        ("organisations", "policy=old-twinning", set()),
        ("reports", "decade=2010", {"On bicycles"}),
        ("reports", "active_on=2015", {"On bicycles"}),
        ("reports", "since=2016", set()),
        ("reports", "since=2016&certainty=possible", {"On power"}),
        ("organisations", "", {"Big Insurer", "Quiet University"}),
        ("organisations", "q=insurer", {"Big Insurer"}),
        ("organisations", "kind=insurer", {"Big Insurer"}),
        ("organisations", "country=FR", {"Big Insurer"}),
        ("organisations", "world_region=asia", set()),
        ("organisations", "network=c40-cities", {"Big Insurer"}),
        ("organisations", "issue=transport", {"Big Insurer"}),
        ("organisations", "issue=energy", set()),
        ("organisations", "city=sao-paulo-br", {"Big Insurer"}),
        ("organisations", "active_on=2012", {"Big Insurer"}),
        ("organisations", "active_on=2011", set()),
    ],
)
def test_listing(world: dict[str, Any], listing: str, query: str, expected: set[str]) -> None:
    assert names(listing, query) == expected


def pairs(query: str) -> set[tuple[str, str, str]]:
    asked = filterset("collaborations", query)
    assert asked.is_valid(), asked.errors
    return {(tie.city_a.name, tie.city_b.name, tie.issue.name) for tie in asked.qs}


CYCLING, ENERGY = ("São Paulo", "Paris", "Cycling"), ("Paris", "Tokyo", "Energy")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {CYCLING, ENERGY}),
        ("view=table&ties=direct", {CYCLING, ENERGY}),
        ("city=paris-fr", {CYCLING, ENERGY}),
        ("city=tokyo-jp", {ENERGY}),
        ("city=paris-fr&partner=sao-paulo-br", {CYCLING}),
        ("city=sao-paulo-br&partner=tokyo-jp", set()),
        ("city=tokyo-jp&city=sao-paulo-br", {CYCLING, ENERGY}),
        ("partner=tokyo-jp", {ENERGY}),
        ("country=BR", {CYCLING}),
        ("country=BR&country=JP", {CYCLING, ENERGY}),
        ("world_region=asia", {ENERGY}),
        ("issue=transport", {CYCLING}),
        ("network=c40-cities", {CYCLING}),
        ("kind=twinning", {ENERGY}),
        ("policy=cycling-pact", {CYCLING}),
        ("active_on=2013", {CYCLING}),
        ("active_on=2011", set()),
        ("active_on=2013&certainty=possible", {CYCLING, ENERGY}),
        ("since=2014&until=2015", {CYCLING}),
    ],
)
def test_collaborations(world: dict[str, Any], query: str, expected: set[tuple[str, str, str]]) -> None:
    assert pairs(query) == expected


@pytest.mark.parametrize(
    ("listing", "query", "parameter", "words"),
    [
        ("cities", "country=ZZ", "country", "No country has the code “ZZ”"),
        ("cities", "country=FR&country=ZZ", "country", "No country has the code “ZZ”"),
        ("cities", "active_on=yesterday", "active_on", "“yesterday” is not a date the registry can keep"),
        ("cities", "since=20005", "since", "“20005” is not a date"),
        ("cities", "since=2010&until=2005", "until", "ends before it begins"),
        ("cities", "page=0", "page", "There is no page “0”"),
        ("cities", "page=abc", "page", "There is no page “abc”"),
        ("cities", "page_size=201", "page_size", "from 1 to 200 rows"),
        ("cities", "order=population%3B", "order", "is not one of: name, -name"),
        ("cities", "kind=village", "kind", "“village” is not one of: city, borough"),
        ("cities", "certainty=sure", "certainty", "is not one of: certain, possible"),
        ("cities", "admin1=XX-99", "admin1", "No division has the code"),
        ("cities", "issue=nonsense", "issue", "The registry has no issue “nonsense”"),
        ("cities", "policy=nonsense", "policy", "The registry has no joint policy “nonsense”"),
        ("policies", "organisation=no", "organisation", "The registry has no organisation “no”"),
        ("cities", "network=nonsense", "network", "The registry has no network “nonsense”"),
        ("cities", "taking_part=none", "taking_part", "is not one of: any"),
        ("cities", "q=" + "x" * 201, "q", "too long: 200 characters at most, not 201"),
        ("cities", "q=%00", "q", "NUL"),
        ("cities", "country=%00", "country", "NUL"),
        ("cities", "q=---", "q", "at least one letter or digit"),
        ("cities", "&".join(f"kind=k{number}" for number in range(51)), "kind", "At most 50 values"),
        ("networks", "city=nowhere", "city", "The registry has no city “nowhere”"),
        ("networks", "decade=1995", "decade", "“1995” is not a decade"),
        ("networks", "scope=global", "scope", "subnational, national, regional, international"),
        ("policies", "role=boss", "role", "is not one of: lead, partner, signatory, observer"),
        ("cities", "q=a&q=b", "q", "Only one value is allowed here"),
        (
            "cities",
            "active_on=2010&active_on=2011",
            "active_on",
            "Only one value is allowed here; 2 are given.",
        ),
        (
            "cities",
            "since=2010&since=2011&since=2012",
            "since",
            "Only one value is allowed here; 3 are given.",
        ),
        ("cities", "page=1&page=2", "page", "Only one value is allowed here"),
        ("reports", "page_size=25&page_size=50", "page_size", "Only one value is allowed here"),
        ("cities", "active_on=2004&since=2005", "active_on", "“2004” lies outside the period asked about"),
        ("offices", "active_on=2011-01&until=2010", "active_on", "“2011-01” lies outside the period"),
        ("collaborations", "active_on=2011&since=2005&until=2010", "active_on", "lies outside the period"),
        ("cities", "active_on=2004&since=2010&until=2005", "until", "ends before it begins"),
        ("collaborations", "order=since&order=-policies", "order", "Only one value is allowed here"),
        ("collaborations", "view=tree", "view", "is not one of: table, matrix, graph, map"),
        ("collaborations", "ties=some", "ties", "is not one of: direct, network, all"),
        ("collaborations", "partner=nowhere", "partner", "The registry has no city “nowhere”"),
        ("opportunities", "country=FR", "city", "Name a city or an issue"),
        ("opportunities", "format=csv", "city", "Name a city or an issue"),
        ("opportunities", "city=nowhere", "city", "The registry has no city “nowhere”"),
        ("opportunities", "issue=cycling&world_region=moon", "world_region", "is not one of: africa"),
        ("opportunities/policies", "issue=cycling", "city", "Name a city"),
    ],
)
def test_nonsense_is_named_beside_its_field(
    world: dict[str, Any], listing: str, query: str, parameter: str, words: str
) -> None:
    found = problems(listing, query)
    assert list(found) == [parameter]
    assert words in " ".join(found[parameter])


def test_an_old_address_leads_to_the_record_in_filters_too(world: dict[str, Any]) -> None:
    c40 = world["c40"]
    c40.slug = "c40-renamed"
    c40.save()
    asked = filterset("cities", "network=c40-cities")
    assert {city.name for city in asked.qs} == {"Paris", "São Paulo"}
    assert asked.canonical()["network"] == "c40-renamed"


def test_a_name_that_several_have_is_asked_back(world: dict[str, Any]) -> None:
    for number in range(6):
        make.make_city("Springfield", country="US", population=number, slug=f"springfield-us-{number}")
    errors = filterset("networks", "city=springfield").form.errors["city"].as_data()
    assert "Many records are named “springfield”" in errors[0].message
    assert [city.slug for city in errors[0].candidates] == [f"springfield-us-{n}" for n in (5, 4, 3, 2, 1)]


def test_a_draft_answers_to_no_name(world: dict[str, Any]) -> None:
    make.make_city("Hidden", publication="draft")
    make.make_network("Secret club", publication="in-review")
    assert "no city" in problems("networks", "city=hidden-fr")["city"][0]
    assert "no city" in problems("networks", "city=Hidden")["city"][0]
    assert "no network" in problems("cities", "network=secret-club")["network"][0]


def test_canonical_addresses_hold_codes_and_slugs_and_nothing_else(world: dict[str, Any]) -> None:
    asked = filterset("cities", "utm_source=x&q=&country=br&country=BR&network=C40&issue=Transport&page=1")
    assert asked.is_valid()
    assert asked.canonical().urlencode() == "page=1&country=BR&network=c40-cities&issue=transport"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("order=name", ["Paris", "São Paulo", "Tokyo"]),
        ("order=-name", ["Tokyo", "São Paulo", "Paris"]),
        ("order=population", ["Paris", "São Paulo", "Tokyo"]),
        ("order=-population", ["São Paulo", "Paris", "Tokyo"]),
        ("order=country&order=-name", ["São Paulo", "Paris", "Tokyo"]),
    ],
)
def test_order(world: dict[str, Any], query: str, expected: list[str]) -> None:
    assert [city.name for city in filterset("cities", query).qs] == expected


def test_every_parameter_of_a_listing_has_a_label(world: dict[str, Any]) -> None:
    for listing, filterset_class in LISTINGS.items():
        for name, parameter in filterset_class.base_filters.items():
            assert parameter.label, (listing, name)


def test_the_documentation_of_the_parameters_is_true() -> None:
    written = (settings.BASE_DIR / "docs" / "parameters.md").read_text()
    assert written == parameters_table(), "run manage.py parameters_table > docs/parameters.md"
