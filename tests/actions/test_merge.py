"""Merging and un-merging: what moves, what is joined, what conflicts, who may, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import models as registry
from registry.actions.merge import CannotMerge, merge, plan_merge
from registry.actions.restore import CannotRestore, restore_deleted, restore_values
from registry.actions.rewind import CannotRewind
from registry.actions.unmerge import unmerge
from registry.models.history import acting
from tests.actions.snapshots import snapshot
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
    make_source,
    make_staff,
    settle,
)

pytestmark = pytest.mark.django_db


def two_members(**different: Any) -> Any:
    """Two cities that are one, both in one network; `different` is what the second row says."""
    network, cities = make_network(), (make_city("Paris"), make_city("Lutetia"))
    rows = [
        make_membership(city=cities[0], network=network, since="2005"),
        make_membership(city=cities[1], network=network, **{"since": "2005", **different}),
    ]
    return *cities, *rows


def test_an_equal_membership_is_joined_and_keeps_the_sources_of_both() -> None:
    stays, goes, one, other = two_members()
    shared = make_source()
    for row, source in ((one, shared), (other, shared), (other, make_source())):
        cite(row, source=source)
    merge(stays, goes, by=make_staff("e"))
    assert list(registry.Membership.objects.all()) == [one]
    assert one.citations.count() == 2


def test_of_equal_rows_the_published_one_stays() -> None:
    stays, goes, one, other = two_members()
    registry.Membership.objects.filter(pk=one.pk).update(publication="draft")
    merge(stays, goes, by=make_staff("e"))
    assert list(registry.Membership.objects.values_list("pk", "city")) == [(other.pk, stays.pk)]


@pytest.mark.parametrize("chosen", [0, 1])
def test_of_overlapping_memberships_staff_choose(chosen: int) -> None:
    stays, goes, one, other = two_members(since="2007")
    cite(other)
    (conflict,) = plan_merge(stays, goes).conflicts
    assert [field.name for field in conflict.differing] == ["since"]
    merge(stays, goes, by=make_staff("e"), links={conflict.key: chosen})
    left = registry.Membership.objects.get()
    assert (left.pk, left.city_id) == ((one, other)[chosen].pk, stays.pk)
    assert registry.Citation.objects.count() == chosen, "a source of what was not chosen does not say this"


def test_periods_that_do_not_overlap_move() -> None:
    stays, goes, *_ = two_members(since="1990", until="1999")
    merge(stays, goes, by=make_staff("e"))
    assert list(stays.memberships.order_by("since").values_list("since", flat=True)) == ["1990", "2005"]


def test_both_cities_in_one_policy_leave_one_party_and_no_tie_with_itself() -> None:
    stays, goes, third = make_city(), make_city(), make_city()
    make_policy(issues=[make_issue()], cities=[stays, goes, third])
    settle()
    assert registry.Tie.objects.count() == 3
    done = merge(stays, goes, by=make_staff("e"))
    assert registry.Tie.objects.count() == 1
    unmerge(done, by=make_staff("f"))
    assert registry.Tie.objects.count() == 3


def test_offices_of_one_name_are_joined_with_all_their_links() -> None:
    stays, goes = make_city("Paris"), make_city("Lutetia")
    issues = [make_issue(), make_issue()]
    one = make_office("International", city=stays, remit=issues[:1])
    other = make_office("International", city=goes, remit=issues, website="https://office.example.org/")
    third = make_office("Climate", city=goes)
    registry.OfficeLink.objects.create(office=third, other=other)
    party = make_party(city=goes, policy=make_policy(), office=other)
    before = snapshot()
    done = merge(stays, goes, by=make_staff("e"))
    party.refresh_from_db()
    assert (party.city, party.office) == (stays, one)
    assert set(one.remit.all()) == set(issues)
    assert registry.OfficeLink.objects.get().other == one
    assert registry.Alias.objects.target("cityoffice", str(other.pid)) == one.pid
    unmerge(done, by=make_staff("f"))
    assert registry.Alias.objects.target("cityoffice", str(other.pid)) == other.pid
    assert snapshot() == before


def test_a_link_between_the_two_falls_away() -> None:
    stays, goes = make_city(), make_city()
    registry.CityLink.objects.create(city=goes, other=stays, kind="merged-into")
    merge(stays, goes, by=make_staff("e"))
    assert not registry.CityLink.objects.exists()


def test_unique_codes_are_taken_where_they_lack_or_are_chosen() -> None:
    stays = make_city("Paris", wikidata_id="Q90")
    goes = make_city("Lutetia", wikidata_id="Q91", unlocode="FRPAR", latitude=48.8, longitude=2.3)
    plan = plan_merge(stays, goes)
    assert {one.name: one.conflict for one in plan.differences} == {
        "name": True,
        "wikidata_id": True,
        "unlocode": False,
        "latitude": False,
    }
    merge(stays, goes, by=make_staff("e"), fields={"wikidata_id": "merged"})
    stays.refresh_from_db()
    assert (stays.name, stays.wikidata_id, stays.unlocode, stays.longitude) == ("Paris", "Q91", "FRPAR", 2.3)
    assert set(stays.names.values_list("name", flat=True)) == {"Paris", "Lutetia"}


def test_open_proposals_follow() -> None:
    stays, goes = make_network(), make_network()
    proposal = registry.Proposal.objects.create(
        target_kind="network", target=goes.pid, patch={"founded": "2005"}, reason="Site"
    )
    assert plan_merge(stays, goes).proposals == 1
    merge(stays, goes, by=make_staff("e"))
    proposal.refresh_from_db()
    assert proposal.target == stays.pid


def test_what_cannot_be_one_is_refused() -> None:
    by, city = make_staff("e"), make_city()
    for one, other in (
        (city, city),
        (city, make_network()),
        (make_office(), make_office()),
        (make_source(), make_source()),
    ):
        with pytest.raises(CannotMerge):
            merge(one, other, by=by)
    gone = make_city()
    registry.City.objects.filter(pk=gone.pk).delete()
    with pytest.raises(CannotMerge):
        merge(city, gone, by=by)


def test_what_is_published_is_merged_by_those_who_may_publish() -> None:
    by = make_staff("c", "Contributor")
    drafts = [make_organisation(publication="draft") for _ in range(2)]
    done = merge(*drafts, by=by)
    unmerge(done, by=by)
    public = make_organisation()
    with pytest.raises(PermissionDenied):
        merge(drafts[0], public, by=by)
    done = merge(public, drafts[0], by=make_staff("e", "Editor"))
    with pytest.raises(PermissionDenied):
        unmerge(done, by=by)


def test_an_unmerge_is_refused_where_later_edits_depend_on_it() -> None:
    by = make_staff("e")
    stays, goes, one, other = two_members(since="1990", until="1999")
    done = merge(stays, goes, by=by)
    with acting(username="otto"):
        registry.Membership.objects.filter(pk=other.pk).update(note="Kept")
        stays.website = "https://later.example.org/"
        stays.save()
    with acting(username="erna"):
        registry.Membership.objects.filter(pk=other.pk).update(city=make_city("Else"))
    was = snapshot()
    with pytest.raises(CannotRewind) as refused:
        unmerge(done, by=by)
    assert snapshot() == was
    (reason,) = refused.value.reasons
    assert "was changed later by erna" in reason
    registry.Membership.objects.filter(pk=other.pk).update(city=stays)
    unmerge(done, by=by)
    stays.refresh_from_db()
    other.refresh_from_db()
    assert (stays.website, other.note, other.city) == ("https://later.example.org/", "Kept", goes)
    with pytest.raises(CannotRewind):
        unmerge(done, by=by)


def test_an_office_given_work_since_keeps_the_cities_together() -> None:
    by, stays, goes = make_staff("e"), make_city(), make_city()
    office = make_office("International", city=goes)
    done = merge(stays, goes, by=by)
    with acting(username="otto"):
        office.refresh_from_db()
        make_party(city=stays, policy=make_policy(), office=office)
    with pytest.raises(CannotRewind) as refused:
        unmerge(done, by=by)
    assert refused.value.reasons == [
        "Office “International” was linked or given work later in the city where it is now."
    ]


def test_a_filter_by_an_old_address_follows_two_merges(client: Any) -> None:
    by, (first, second, third) = make_staff("e"), (make_city("A"), make_city("B"), make_city("C"))
    make_membership(city=first, network=make_network("Net"))
    merge(second, first, by=by)
    merge(third, second, by=by)
    assert "Net" in client.get("/networks/?city=a-fr").content.decode()
    assert client.get("/cities/a-fr/")["Location"] == "/cities/c-fr/"


def test_the_cost_of_a_merge_does_not_depend_on_how_many_links() -> None:
    by, costs = make_staff("e"), []
    for number in (3, 30):
        stays, goes = make_network(), make_network()
        for place in range(number):
            city = make_city()
            for network in (stays, goes) if place % 3 else (goes,):
                cite(
                    make_membership(city=city, network=network, since="2001", role=f"{place % 2 or network}")
                )
        with CaptureQueriesContext(connection) as queries:
            done = merge(stays, goes, by=by)
            unmerge(done, by=by)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_restored_record_leaves_out_what_has_lost_its_other_end() -> None:
    by = make_staff("e")
    city, network = make_city(), make_network(secretariat=None)
    network.secretariat = city
    network.save()
    make_membership(city=city, network=network)
    make_membership(city=city)
    key, other = city.pk, network.pk
    with acting(username="otto"):
        city.delete()
    assert registry.Network.objects.filter(pk=other, secretariat=None).exists()
    with acting(username="otto"):
        network.delete()
    restored = restore_deleted(registry.City, key, by=by)
    assert restored.left_out == {registry.Membership: 1}
    assert restored.links[registry.Membership] == 1
    back = restore_deleted(registry.Network, other, by=by).record
    assert back.secretariat is None
    for missing in (key, 10**12):
        with pytest.raises(CannotRestore):
            restore_deleted(registry.City, missing, by=by)


def test_restoring_what_was_published_takes_an_editor() -> None:
    network = make_network("Net")
    event = registry.Network.pgh_event_model.objects.get(pgh_obj=network.pk).pgh_id  # type: ignore[attr-defined]
    registry.Network.objects.update(publication="draft", name="Other")
    by = make_staff("c", "Contributor")
    assert restore_values(network, event, by=by, names={"name"}) == ["name"]
    with pytest.raises(PermissionDenied):
        restore_values(network, event, by=by)
    network.delete()
    with acting(username="x"):
        make_network("Public").delete()
    key = registry.Network.pgh_event_model.objects.latest("pgh_id").id  # type: ignore[attr-defined]
    with pytest.raises(PermissionDenied):
        restore_deleted(registry.Network, key, by=by)
