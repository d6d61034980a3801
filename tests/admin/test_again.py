"""Many records one after another: what the next form begins with, and which cities come first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pghistory.models import Context

from registry.models import City, Membership, OfficeHolder, PolicyParty
from tests.admin.conftest import errors_of
from tests.admin.test_autocomplete import find, labels
from tests.factories import make_city, make_network, make_office, make_policy, make_staff

pytestmark = pytest.mark.django_db
ADD = "/admin/registry/membership/add/"
SOURCE = [{"reference": "https://example.org/members", "accessed_on": "2026-11-01", "locator": "p. 3"}]


def next_form(client: Client, response: Any) -> Any:
    """The form that “save and add another” leads to."""
    assert response.status_code == 302, errors_of(response)
    return client.get(response.url)


def begins_with(response: Any) -> dict[str, Any]:
    """What the form is filled with."""
    form = response.context["adminform"].form
    given = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in given.items() if value not in (None, "", False)}


def test_the_next_membership_keeps_network_dates_and_source(contributor: Client, fill_in: Any) -> None:
    network, first, second = make_network(), make_city(), make_city()
    typed = {"network": network.pk, "status": "left", "since": "2005", "until": "2010-05", "ended": "ended"}
    saved = fill_in(contributor, ADD, city=first.pk, **typed, rows={"citations": SOURCE}, press="_addanother")
    page = next_form(contributor, saved)
    begun = begins_with(page)
    assert begun.items() >= {**typed, "network": str(network.pk)}.items()
    assert not {"city", "role"} & set(begun)
    assert network.name in page.content.decode()
    again = fill_in(contributor, saved.url, city=second.pk)
    assert again.status_code == 302, errors_of(again)
    membership = Membership.objects.get(city=second)
    assert (membership.network, membership.since, membership.status) == (network, "2005", "left")
    citation = membership.citations.get()
    assert citation.source.url == "https://example.org/members"
    assert (str(citation.accessed_on), citation.locator) == ("2026-11-01", "")


def test_what_was_changed_on_the_way_is_kept_instead(contributor: Client, fill_in: Any) -> None:
    network = make_network()
    typed = {"network": network.pk, "since": "2005", "press": "_addanother"}
    saved = fill_in(contributor, ADD, city=make_city().pk, **typed)
    changed = fill_in(
        contributor, saved.url, city=make_city().pk, since="", observed_on="2026", press="_addanother"
    )
    begun = begins_with(next_form(contributor, changed))
    assert "since" not in begun
    assert begun["observed_on"] == "2026"


def test_a_changed_record_can_be_followed_by_another(editor: Client, fill_in: Any) -> None:
    holder = OfficeHolder.objects.create(office=make_office(), person_name="Ada", since="2020")
    address = f"/admin/registry/officeholder/{holder.pk}/change/"
    page = next_form(editor, fill_in(editor, address, rows={"citations": SOURCE}, press="_addanother"))
    assert begins_with(page)["office"] == str(holder.office_id)
    assert "Ada" not in begins_with(page).values()


def test_the_next_party_keeps_its_policy(contributor: Client, fill_in: Any) -> None:
    policy, city = make_policy(), make_city()
    saved = fill_in(
        contributor,
        "/admin/registry/policyparty/add/",
        policy=policy.pk,
        city=city.pk,
        role="lead",
        press="_addanother",
    )
    begun = begins_with(next_form(contributor, saved))
    assert (begun["policy"], begun["role"]) == (str(policy.pk), "partner")
    assert PolicyParty.objects.get().city == city


@pytest.mark.parametrize("cited", ["x", "", "1,2,x", "99999999999999999999", "%00", ",,,"])
def test_odd_sources_in_the_address_are_passed_over(contributor: Client, cited: str) -> None:
    assert contributor.get(f"{ADD}?cited={cited}").status_code == 200


# --- Cities used recently ---------------------------------------------------------------------------------


def use(city: City, by: Any, day: int) -> None:
    """A membership of the city, recorded by the account on this day of the month."""
    membership = Membership.objects.create(city=city, network=make_network())
    event: Any = Membership.pgh_event_model.objects.get(pgh_obj=membership)  # type: ignore[attr-defined]
    context = Context.objects.create(metadata={"user": by.pk})
    # Within a test all is one transaction, which has but one time.
    Context.objects.filter(pk=context.pk).update(created_at=datetime(2026, 1, day, tzinfo=UTC))
    event.pk, event.pgh_context = None, context
    event.save(force_insert=True)


SIZES = {"Salzburg": 4000, "Salisbury": 3000, "Salford": 2000, "Sale": 1000, "Paris": 5000}


@pytest.fixture
def used(contributor: Client) -> dict[str, City]:
    """Cities of which two were used by the contributor and one by somebody else."""
    cities = {name: make_city(name, population=size) for name, size in SIZES.items()}
    account = User.objects.get(username="contributor")
    use(cities["Salford"], account, 1)
    use(cities["Sale"], account, 2)
    use(cities["Salisbury"], make_staff("other", "Editor"), 3)
    return cities


def named(response: Any) -> list[str]:
    """The options without their countries."""
    return [label.split(",")[0] for label in labels(response)]


def test_cities_used_recently_come_first_and_are_marked(contributor: Client, used: Any) -> None:
    found = find(contributor, "")
    recent = [option for option in found.json()["results"] if option.get("mark") == "recently used"]
    assert len(recent) == 2
    assert named(found) == ["Sale", "Salford", "Paris", "Salzburg", "Salisbury"]


def test_among_those_that_fit_what_is_typed(contributor: Client, used: Any) -> None:
    assert named(find(contributor, "sal")) == ["Sale", "Salford", "Salzburg", "Salisbury"]
    assert named(find(contributor, "salf")) == ["Salford"]
    assert named(find(contributor, "paris")) == ["Paris"]


def test_recent_cities_cost_two_queries(contributor: Client, used: Any) -> None:
    with CaptureQueriesContext(connection) as queries:
        find(contributor, "sal")
    assert len(queries) <= 11


def test_the_list_of_cities_keeps_its_own_order(contributor: Client, used: Any) -> None:
    page = contributor.get("/admin/registry/city/?q=sal")
    assert [city.name for city in page.context["cl"].result_list][:1] == ["Salzburg"]
