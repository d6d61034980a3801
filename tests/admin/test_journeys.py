"""What staff record without leaving the form they are on."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from registry.models import Citation, City, CityOffice, JointPolicy, Network, Source
from tests.admin.conftest import errors_of
from tests.factories import (
    make_city,
    make_country,
    make_issue,
    make_network,
    make_office,
    make_organisation,
)

pytestmark = pytest.mark.django_db
ADD_POLICY = "/admin/registry/jointpolicy/add/"


def test_a_joint_policy_with_all_that_belongs_to_it(contributor: Client, fill_in: Any) -> None:
    """Parties, issue, network, partner, experiment, identifier, dates and sources, in one form."""
    paris, tokyo = make_city("Paris"), make_city("Tokyo", country="JP")
    office = make_office("Mobility", city=paris)
    issue, network, insurer = make_issue("Cycling"), make_network("C40"), make_organisation("Insurer")
    response = fill_in(
        contributor,
        ADD_POLICY,
        name="Cycling policy",
        kind="agreement",
        issues=[issue.pk],
        networks=[network.pk],
        since="2019-05",
        rows={
            "parties": [
                {"city": paris.pk, "role": "lead", "office": office.pk, "reference": "https://example.org/a"},
                {"city": tokyo.pk, "role": "partner", "since": "2020"},
            ],
            "citations": [{"reference": "https://example.org/a", "locator": "p. 3"}],
            "partnerships": [{"organisation": insurer.pk, "role": "adviser"}],
            "experiments": [{"hypothesis": "More lanes, more cyclists", "sites": [paris.pk]}],
            "identifiers": [{"scheme": "wikidata", "value": "Q42"}],
        },
    )
    assert response.status_code == 302, errors_of(response)
    policy = JointPolicy.objects.get()
    assert (policy.slug, policy.publication, policy.since) == ("cycling-policy", "draft", "2019-05")
    assert list(policy.parties.values_list("city__name", "publication")) == [
        ("Paris", "draft"),
        ("Tokyo", "draft"),
    ]
    assert policy.citations.values_list("asserted_by__username", flat=True).get() == "contributor"
    assert policy.parties.get(city=paris).citations.get().source == policy.citations.get().source
    assert not policy.parties.get(city=tokyo).citations.exists()
    assert policy.partnerships.get().organisation == insurer
    assert list(policy.experiments.get().sites.all()) == [paris]


def test_sources_of_a_policy_can_cover_its_parties(editor: Client, fill_in: Any) -> None:
    """One tick cites them for every row without a source."""
    rows = {
        "parties": [{"city": make_city().pk, "role": "lead"}, {"city": make_city().pk, "role": "lead"}],
        "citations": [{"reference": "A book, 1999"}],
    }
    fill_in(
        editor,
        ADD_POLICY,
        name="Policy",
        kind="agreement",
        issues=[make_issue().pk],
        rows=rows,
        sources_cover_rows="on",
    )
    assert Source.objects.get().title == "A book, 1999"
    assert Citation.objects.filter(party__isnull=False).count() == 2


def test_a_network_with_its_members(editor: Client, fill_in: Any) -> None:
    """An editor who publishes a network publishes the members typed with it."""
    city = make_city()
    response = fill_in(
        editor,
        "/admin/registry/network/add/",
        name="Network",
        scope="regional",
        rows={
            "memberships": [{"city": city.pk, "since": "2005", "reference": "www.example.org/members"}],
            "names": [{"name": "Réseau", "language": "fr"}],
            "roster_confirmations": [{"confirmed_on": "2024-01-31", "complete": "on"}],
        },
        press="_publish",
    )
    assert response.status_code == 302, errors_of(response)
    network = Network.objects.public().get()
    membership = network.memberships.public().get()
    assert membership.citations.get().source.url == "https://www.example.org/members"
    assert network.roster_confirmations.get().complete


def test_an_office_with_holders_remit_and_links(editor: Client, fill_in: Any) -> None:
    """Who heads it, what it is charged with, and which offices of its city it works with."""
    city, issue = make_city(), make_issue()
    other = make_office("Environment", city=city)
    response = fill_in(
        editor,
        "/admin/registry/cityoffice/add/",
        name="International affairs",
        city=city.pk,
        kind="international-affairs",
        remit=[issue.pk],
        rows={
            "holders": [{"person_name": "Ada", "since": "2021"}],
            "links": [{"other": other.pk, "issue": issue.pk, "how": "Joint budget", "reference": "A memo"}],
        },
    )
    assert response.status_code == 302, errors_of(response)
    office = CityOffice.objects.get(name="International affairs")
    assert office.holders.get().person_name == "Ada"
    assert office.links.get().citations.get().source.title == "A memo"


def test_a_city_is_found_by_the_name_it_was_saved_under(editor: Client, fill_in: Any) -> None:
    make_country("FR")
    fill_in(
        editor,
        "/admin/registry/city/add/",
        name="Neuville",
        country="FR",
        kind="city",
        publication="published",
    )
    city = City.objects.get(name="Neuville")
    fill_in(editor, f"/admin/registry/city/{city.pk}/change/", name="Villeneuve")
    names = dict(city.names.values_list("name", "kind"))
    assert names == {"Villeneuve": "official", "Neuville": "alternative"}
    assert "Villeneuve" in editor.get("/cities/?q=neuville&taking_part=any").content.decode()


def test_a_city_with_names_links_and_identifiers(editor: Client, fill_in: Any) -> None:
    """All on the city's form."""
    country = make_city("Whole").country
    response = fill_in(
        editor,
        "/admin/registry/city/add/",
        name="Part",
        country=country.pk,
        rows={
            "names": [{"name": "Partie", "language": "fr", "kind": "alternative"}],
            "links": [{"kind": "part-of", "other": make_city("Greater").pk}],
            "identifiers": [{"scheme": "web-domain", "value": "part.example"}],
        },
    )
    assert response.status_code == 302, errors_of(response)
