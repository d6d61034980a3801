"""The starter registry: what is in it, its evidence, and that loading it twice changes nothing."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model

from registry.choices import Publication
from registry.exchange.starter import load_starter, read
from registry.exchange.starter.files import Row
from registry.models import (
    Alias,
    Citation,
    City,
    CityOffice,
    Issue,
    IssueMapping,
    IssueScheme,
    JointPolicy,
    Membership,
    Network,
    NetworkLink,
    OfficeLink,
    Organisation,
    Partnership,
    PolicyParty,
    Proposal,
    Report,
    SchemeConcept,
    Source,
    Tie,
)
from tests.factories import settle
from tests.starter import starter

TALK = "City Leadership and the Challenge of City Diplomacy"
CYCLING = "sao-paulo-paris-tokyo-cooperation-on-sustainable-transport-cycling-policy"
NAMED_IN_THE_TALK = [
    *("environment", "poverty", "energy", "peace", "culture", "local-governance"),
    *("sustainability", "safety", "smart-city", "disaster-risk"),
]
EVERYTHING: list[Any] = [
    *(Alias, Citation, City, CityOffice, Issue, IssueMapping, IssueScheme, JointPolicy, Membership, Network),
    *(
        NetworkLink,
        OfficeLink,
        Organisation,
        Partnership,
        PolicyParty,
        Proposal,
        Report,
        SchemeConcept,
        Source,
    ),
    *(Tie, JointPolicy.issues.through, Network.issues.through, CityOffice.remit.through),
]


__all__ = ["starter"]  # a fixture
# The starter is loaded once: by one worker.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("starter")]
loaded = pytest.mark.usefixtures("starter")


def published(model: Any) -> Any:
    return model.objects.filter(publication=Publication.PUBLISHED)


# --- What is in it ---------------------------------------------------------------------------------------


@loaded
@pytest.mark.parametrize(
    ("model", "least"),
    [(Network, 60), (Membership, 200), (JointPolicy, 25), (PolicyParty, 400), (CityOffice, 55), (Report, 20)],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_it_publishes_enough(model: type[Model], least: int) -> None:
    assert published(model).count() >= least


@loaded
def test_the_issues_cover_the_talk_and_stand_in_a_tree() -> None:
    assert Issue.objects.count() >= 60
    assert set(NAMED_IN_THE_TALK) <= set(Issue.objects.values_list("slug", flat=True))
    assert Issue.objects.filter(slug="cycling", parent__slug="transport").exists()
    assert not Issue.objects.filter(description="").exists()


@loaded
def test_every_concept_of_the_other_schemes_is_mapped() -> None:
    assert set(IssueScheme.objects.values_list("slug", flat=True)) == {"un-sdg", "urban-agenda-eu", "cap"}
    assert not SchemeConcept.objects.filter(mappings=None).exists()
    assert not Issue.objects.filter(parent=None, mappings=None).exists()


@loaded
def test_the_talks_own_example_is_there_with_its_source() -> None:
    policy = JointPolicy.objects.public().get(slug=CYCLING)
    assert set(policy.issues.values_list("slug", flat=True)) == {"cycling", "sustainable-transport"}
    assert TALK in policy.citations.get().source.title
    assert {party.city.slug for party in policy.parties.public()} == {"sao-paulo-br", "paris-fr", "tokyo-jp"}


@loaded
def test_the_three_cities_are_tied_on_cycling() -> None:
    ties = Tie.objects.filter(issue__slug="cycling")
    pairs = {frozenset(pair) for pair in ties.values_list("city_a__slug", "city_b__slug")}
    cities = ["sao-paulo-br", "paris-fr", "tokyo-jp"]
    assert pairs == {frozenset({one, other}) for one in cities for other in cities if one != other}


# --- Evidence --------------------------------------------------------------------------------------------


@loaded
@pytest.mark.parametrize("model", [Membership, JointPolicy, PolicyParty, CityOffice, Network, Report])
def test_whatever_is_published_cites_a_source(model: type[Model]) -> None:
    assert not published(model).filter(citations=None).exists()


@loaded
def test_what_is_known_from_memory_is_a_draft() -> None:
    drafts = Membership.objects.filter(publication=Publication.DRAFT)
    assert {draft.city.name for draft in drafts} == {"Phnom Penh", "Singapore", "Toyama"}


@loaded
def test_an_unchecked_founding_year_and_seat_wait_as_a_proposal() -> None:
    network = Network.objects.get(slug="c40-cities-climate-leadership-group")
    assert (network.founded, network.secretariat) == (None, None)
    proposal = Proposal.objects.get(target=network.pid)
    london = City.objects.get(geonames_id=2643743)
    assert proposal.patch == {"founded": "2005", "secretariat": london.pk}
    assert proposal.version is not None


@loaded
def test_a_list_of_members_proves_its_date_only() -> None:
    members = Membership.objects.filter(network__acronym="C40")
    assert set(members.values_list("since", "observed_on")) == {(None, "2025")}


@loaded
def test_history_names_the_command() -> None:
    events = apps.get_model("registry", "NetworkEvent").objects.select_related("pgh_context")
    event = events.order_by("pgh_id").first()
    assert event.pgh_context.metadata["command"] == "load_starter"


# --- Places ----------------------------------------------------------------------------------------------


@loaded
@pytest.mark.parametrize(
    ("slug", "geonames_id"),
    [("c40-green-and-healthy-streets-accelerator", 5408076), (CYCLING, 3448439)],
    ids=["West Hollywood in California", "São Paulo in Brazil"],
)
def test_cities_are_the_right_ones(slug: str, geonames_id: int) -> None:
    assert PolicyParty.objects.filter(policy__slug=slug, city__geonames_id=geonames_id).exists()


@loaded
def test_governments_that_are_no_places_are_found_by_their_names() -> None:
    city = City.objects.get(names__name="Àrea Metropolitana de Barcelona")
    assert (city.slug, city.kind) == ("barcelona-metropolitan-area-es", "metropolitan-body")
    assert city.names.filter(name=city.name).exists()


@loaded
def test_a_network_answers_to_its_full_name_and_its_acronym() -> None:
    iclei, c40 = Network.objects.get(slug="iclei"), Network.objects.get(acronym="C40")
    assert Alias.objects.target("network", "iclei-local-governments-for-sustainability") == iclei.pid
    assert Alias.objects.target("network", "c40") == c40.pid


# --- A second run ----------------------------------------------------------------------------------------


def everything() -> list[Any]:
    return [sorted(map(str, model._base_manager.values())) for model in EVERYTHING]


@loaded
def test_a_second_run_changes_nothing_and_is_quick(django_assert_max_num_queries: Any) -> None:
    before, start = everything(), time.monotonic()
    with django_assert_max_num_queries(30):
        assert not any(load_starter().values())
    assert time.monotonic() - start < 10
    settle()
    assert everything() == before


@loaded
def test_what_staff_edited_or_removed_stays_so() -> None:
    Network.objects.filter(acronym="C40").update(name="C40", slug="c-forty", scope="regional")
    gone = Membership.objects.filter(network__slug="c-forty")[0]
    gone.delete()
    Network.objects.filter(slug="pact-of-free-cities").delete()
    before = everything()
    assert not any(load_starter().values())
    assert everything() == before


@loaded
def test_new_rows_are_added_beside_what_staff_changed() -> None:
    files = read()
    Network.objects.filter(slug="urbact").update(slug="urb-act")
    Network.objects.filter(slug="climate-mayors").delete()
    template = files["memberships"][0]
    for number, network in enumerate(["urbact", "climate-mayors"]):
        cells = {**template.cells, "network": network, "geonames_id": "2988507", "city_name": "Paris"}
        files["memberships"].append(Row("memberships", 1000 + number, cells))
    assert load_starter(files)["memberships"] == 1
    added = Membership.objects.get(network__slug="urb-act")
    assert (added.city.slug, added.citations.count()) == ("paris-fr", 1)
