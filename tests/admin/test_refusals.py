"""Every refusal is a message beside its field, whoever else saves meanwhile."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import pytest
from django.db import models
from django.test import Client

from registry.models import CityName, Membership, PolicyParty, Source
from registry.models.constraints import FieldExclusion
from tests.admin.conftest import errors_of
from tests.factories import (
    cite,
    make_city,
    make_issue,
    make_membership,
    make_network,
    make_office,
    make_organisation,
    make_party,
    make_policy,
)

pytestmark = pytest.mark.django_db
ADD_POLICY = "/admin/registry/jointpolicy/add/"
ADD_MEMBERSHIP = "/admin/registry/membership/add/"
OVERLAP = "This city has another membership of this network in that period."


def add_policy(client: Client, fill_in: Any, **given: Any) -> dict[str, list[str]]:
    values = {"name": "Policy", "kind": "agreement", "issues": [make_issue().pk], **given}
    return errors_of(fill_in(client, ADD_POLICY, **values))


def test_reversed_dates(editor: Client, fill_in: Any) -> None:
    errors = add_policy(editor, fill_in, since="2005", until="1999")
    assert errors == {"until": ["The end lies before the start."]}


def test_reversed_dates_of_a_row(editor: Client, fill_in: Any) -> None:
    row = {"city": make_city().pk, "since": "2005-11", "until": "2005-10"}
    errors = add_policy(editor, fill_in, rows={"parties": [row]})
    assert errors == {"parties-0-until": ["The end lies before the start."]}


def test_no_date(editor: Client, fill_in: Any) -> None:
    errors = add_policy(editor, fill_in, since="20005")
    assert "is not a date the registry can keep" in errors["since"][0]


def test_ongoing_with_an_end(editor: Client, fill_in: Any) -> None:
    errors = add_policy(editor, fill_in, until="2005", ended="ongoing")
    assert errors == {"ended": ["It cannot be ongoing and have an end date."]}


def test_a_slug_of_another_record(editor: Client, fill_in: Any) -> None:
    make_policy("Taken")
    assert add_policy(editor, fill_in, slug="taken") == {"slug": ["Another record has this address."]}


def test_a_slug_with_capitals(editor: Client, fill_in: Any) -> None:
    assert "small letters" in add_policy(editor, fill_in, slug="Bad")["slug"][0]


def test_a_retired_slug(editor: Client, fill_in: Any) -> None:
    policy = make_policy("Old")
    policy.slug = "new"
    policy.save()
    assert "stays with it" in add_policy(editor, fill_in, slug="old")["slug"][0]


def test_a_duplicate_identifier(editor: Client, fill_in: Any) -> None:
    network = make_network()
    network.identifiers.create(scheme="wikidata", value="Q1")
    errors = add_policy(editor, fill_in, rows={"identifiers": [{"scheme": "wikidata", "value": "Q1"}]})
    assert errors == {"identifiers-0-value": ["Another record has this identifier."]}


def test_an_identifier_twice_on_one_form(editor: Client, fill_in: Any) -> None:
    row = {"scheme": "wikidata", "value": "Q1"}
    errors = add_policy(editor, fill_in, rows={"identifiers": [row, row]})
    assert errors == {"identifiers-1-value": ["Another record has this identifier."]}


def test_a_duplicate_wikidata_item_of_a_city(editor: Client, fill_in: Any) -> None:
    known = make_city(wikidata_id="Q90")
    response = fill_in(
        editor, "/admin/registry/city/add/", name="New", country=known.country_id, wikidata_id="Q90"
    )
    assert errors_of(response) == {"wikidata_id": ["Another city has this Wikidata item."]}


def test_an_office_of_another_city(editor: Client, fill_in: Any) -> None:
    row = {"city": make_city().pk, "office": make_office().pk}
    errors = add_policy(editor, fill_in, rows={"parties": [row]})
    assert "is not an office of this city" in errors["parties-0-office"][0]


def test_an_office_linked_to_one_of_another_city(editor: Client, fill_in: Any) -> None:
    office, other = make_office(), make_office()
    address = f"/admin/registry/cityoffice/{office.pk}/change/"
    errors = errors_of(fill_in(editor, address, rows={"links": [{"other": other.pk}]}))
    assert "is not an office of" in errors["links-0-other"][0]


def test_an_office_linked_to_itself(editor: Client, fill_in: Any) -> None:
    office = make_office()
    address = f"/admin/registry/cityoffice/{office.pk}/change/"
    errors = errors_of(fill_in(editor, address, rows={"links": [{"other": office.pk}]}))
    assert errors == {"links-0-other": ["An office cannot be linked to itself."]}


def test_a_city_twice_in_one_policy(editor: Client, fill_in: Any) -> None:
    city = make_city().pk
    errors = add_policy(
        editor, fill_in, rows={"parties": [{"city": city, "since": "2001"}, {"city": city, "since": "2005"}]}
    )
    message = "This city is a party to this policy in that period already."
    assert set(errors) == {"parties-0-city", "parties-1-city"}
    assert errors["parties-1-city"] == [message]


def test_a_city_twice_one_after_the_other(editor: Client, fill_in: Any) -> None:
    city = make_city().pk
    rows = [{"city": city, "until": "2004"}, {"city": city, "since": "2005"}]
    values = {"name": "Policy", "kind": "agreement", "issues": [make_issue().pk]}
    response = fill_in(editor, ADD_POLICY, **values, rows={"parties": rows})
    assert response.status_code == 302
    assert PolicyParty.objects.count() == 2


def test_overlapping_memberships_of_one_form(editor: Client, fill_in: Any) -> None:
    city = make_city().pk
    rows = [{"city": city, "since": "2001"}, {"city": city, "since": "2005"}]
    address = "/admin/registry/network/add/"
    errors = errors_of(fill_in(editor, address, name="Network", scope="regional", rows={"memberships": rows}))
    assert errors["memberships-1-since"][0].startswith(OVERLAP)


def test_a_membership_overlapping_one_not_on_the_form(editor: Client, fill_in: Any) -> None:
    network = make_network()
    for number in range(30):
        make_membership(network=network, city=make_city(f"A{number:02}"))
    last = make_membership(network=network, city=make_city("Z"), since="2001")
    row = {"city": last.city.pk, "since": "2003"}
    address = f"/admin/registry/network/{network.pk}/change/"
    errors = errors_of(fill_in(editor, address, rows={"memberships": [row]}))
    assert errors["memberships-25-since"][0].startswith(OVERLAP)


def test_ending_a_membership_and_adding_the_next_at_once(editor: Client, fill_in: Any) -> None:
    """The row that is shortened on the same form does not stand in the way of the new one."""
    old = make_membership(since="2001")
    address = f"/admin/registry/network/{old.network.pk}/change/"
    changes = {"memberships-0-until": "2004"}
    rows = {"memberships": [{"city": old.city.pk, "since": "2005"}]}
    response = fill_in(editor, address, rows=rows, **changes)
    assert response.status_code == 302, errors_of(response)
    assert list(Membership.objects.order_by("since").values_list("since", "until")) == [
        ("2001", "2004"),
        ("2005", None),
    ]


def test_overlapping_memberships_of_two_forms(editor: Client, fill_in: Any) -> None:
    old = make_membership(since="2001")
    response = fill_in(
        editor, ADD_MEMBERSHIP, city=old.city.pk, network=old.network.pk, status="member", since="2003"
    )
    assert errors_of(response)["since"][0].startswith(OVERLAP)


def test_the_same_source_twice(editor: Client, fill_in: Any) -> None:
    row = {"reference": "https://example.org/x"}
    errors = add_policy(editor, fill_in, rows={"citations": [row, row]})
    assert "This source is cited here already." in str(errors)


def test_a_source_cited_already(editor: Client, fill_in: Any) -> None:
    policy = make_policy(issues=[make_issue()])
    source = cite(policy).source
    address = f"/admin/registry/jointpolicy/{policy.pk}/change/"
    errors = errors_of(fill_in(editor, address, rows={"citations": [{"reference": source.url}]}))
    assert "This source is cited here already." in str(errors["citations-1-source"])


def test_a_source_neither_chosen_nor_typed(editor: Client, fill_in: Any) -> None:
    errors = add_policy(editor, fill_in, rows={"citations": [{"locator": "p. 3"}]})
    assert "Choose a source" in errors["citations-0-source"][0]


@pytest.mark.parametrize("address", ["https://no one", "https://", "http://exa_mple/<>", "www."])
def test_an_address_that_is_none(editor: Client, fill_in: Any, address: str) -> None:
    errors = add_policy(editor, fill_in, rows={"citations": [{"reference": address}]})
    assert errors == {"citations-0-reference": ["This is not an address that a browser could open."]}
    assert not Source.objects.exists()


def test_the_same_partner_in_the_same_part_twice(editor: Client, fill_in: Any) -> None:
    row = {"organisation": make_organisation().pk, "role": "funder"}
    errors = add_policy(editor, fill_in, rows={"partnerships": [row, row]})
    assert "This organisation has that part already." in str(errors)


def test_a_name_a_city_has_already(editor: Client, fill_in: Any) -> None:
    city = make_city("Paris")
    address = f"/admin/registry/city/{city.pk}/change/"
    errors = errors_of(fill_in(editor, address, rows={"names": [{"name": "Paris"}]}))
    assert "This city has that name already." in str(errors["names-1-name"])
    assert CityName.objects.count() == 1


def test_an_issue_under_itself(editor: Client, fill_in: Any) -> None:
    issue = make_issue()
    errors = errors_of(fill_in(editor, f"/admin/registry/issue/{issue.pk}/change/", parent=issue.pk))
    assert "no issue lies under itself" in errors["parent"][0]


def test_a_nul_byte(editor: Client, fill_in: Any) -> None:
    assert "Null characters are not allowed" in str(add_policy(editor, fill_in, name="a\x00b"))


# --- Another session saves between our validation and our statement ---------------------------------------


def test_a_race_that_a_second_look_explains(editor: Client, fill_in: Any) -> None:
    """The other session's row is found when the form is read again, and named beside its field."""
    old = make_membership(since="2001")
    genuine, looks = FieldExclusion.validate, []

    def late(self: Any, *args: Any, **kwargs: Any) -> None:
        looks.append(1)
        if len(looks) > 1:
            genuine(self, *args, **kwargs)

    with patch.object(FieldExclusion, "validate", late):
        response = fill_in(
            editor, ADD_MEMBERSHIP, city=old.city.pk, network=old.network.pk, status="member", since="2003"
        )
    assert errors_of(response)["since"][0].startswith(OVERLAP)
    assert Membership.objects.count() == 1


def test_a_race_that_only_the_database_sees(editor: Client, fill_in: Any) -> None:
    """The constraint's own message is shown beside its field, with what was typed."""
    old = make_membership(since="2001")
    with patch.object(FieldExclusion, "validate", lambda *args, **kwargs: None):
        response = fill_in(
            editor, ADD_MEMBERSHIP, city=old.city.pk, network=old.network.pk, status="member", since="2003"
        )
    assert response.status_code == 200
    assert errors_of(response)["since"][0].startswith(OVERLAP)
    assert 'value="2003"' in response.content.decode()


def test_a_race_for_an_address(editor: Client, fill_in: Any) -> None:
    make_policy("Taken")
    with patch.object(models.UniqueConstraint, "validate", lambda *args, **kwargs: None):
        errors = add_policy(editor, fill_in, slug="taken")
    assert errors == {"slug": ["Another record has this address."]}


def test_a_trigger_that_refuses(editor: Client, fill_in: Any) -> None:
    """Its message comes with the error, and its field from a table."""
    office = make_office()
    party = make_party(policy=make_policy(), city=office.city, office=office)
    other = make_city()
    with patch("registry.models.offices.CityOffice.clean"):
        errors = errors_of(fill_in(editor, f"/admin/registry/cityoffice/{office.pk}/change/", city=other.pk))
    assert errors == {"city": ["The office is linked in its city and cannot move to another."]}
    assert party.office == office


@pytest.mark.parametrize("kind", ["membership", "policyparty", "cityoffice", "network", "jointpolicy"])
def test_a_form_begins_with_no_record_that_there_cannot_be(superuser: Client, kind: str) -> None:
    nonsense = f"city={'9' * 40}&network=%00&issues=x,1&secretariat=q&policy=-1"
    assert superuser.get(f"/admin/registry/{kind}/add/?{nonsense}").status_code == 200


def test_a_batch_with_a_nul_is_not_found(superuser: Client) -> None:
    assert superuser.get("/admin/batches/%00/undo/").status_code == 404
