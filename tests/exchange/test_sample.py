"""The made-up registry: as large as asked for, the same for the same seed, all of it or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from registry.exchange.sample import network_sizes
from registry.models import Citation, City, DirectTie, JointPolicy, Membership, Network, PolicyParty
from tests.factories import make_city, settle

ASKED = {"cities": 60, "networks": 5, "memberships": 150, "policies": 20}


def sample(**asked: Any) -> None:
    call_command("make_sample", verbosity=0, **{**ASKED, **asked})
    settle()


@pytest.mark.django_db
def test_it_is_as_large_as_asked_for_and_can_be_asked_about() -> None:
    sample()
    assert City.objects.count() == 60
    assert Network.objects.count() == 5
    assert Membership.objects.count() == 150
    assert JointPolicy.objects.count() == 20
    assert PolicyParty.objects.count() >= 40
    assert Citation.objects.filter(membership__isnull=False).exists()
    assert DirectTie.objects.exists()
    drafts = JointPolicy.objects.exclude(publication="published")
    assert not DirectTie.objects.filter(policy__in=drafts).exists()


@pytest.mark.django_db
def test_the_same_seed_makes_the_same_registry() -> None:
    def made(seed: int) -> list[tuple[Any, ...]]:
        with transaction.atomic():
            sample(seed=seed)
            rows = Membership.objects.order_by("pid").values_list("pid", "city__slug", "since", "status")
            found = list(rows)
            transaction.set_rollback(True)
        return found

    first = made(seed=7)
    assert made(seed=7) == first
    assert made(seed=8) != first


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"cities": -1}, "--cities is a number from 0"),
        ({"memberships": 301}, "--memberships 301 is more than there can be"),
        ({"cities": 1, "memberships": 0}, "--policies needs --cities 2 or more"),
    ],
)
def test_what_cannot_be_is_refused_in_words(asked: dict[str, int], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        sample(**asked)
    assert not City.objects.exists()


@pytest.mark.django_db
def test_a_registry_with_records_of_its_own_is_left_alone_unless_told() -> None:
    make_city("Paris", population=2_000_000)
    with pytest.raises(CommandError, match="a registry of its own"):
        sample()
    assert City.objects.count() == 1
    sample(into_existing=True)
    assert City.objects.count() == 60


@given(
    st.integers(0, 40),
    st.integers(1, 50),
    st.data(),
)
def test_network_sizes_add_up_and_none_is_larger_than_there_are_cities(
    networks: int, cities: int, data: st.DataObject
) -> None:
    memberships = data.draw(st.integers(0, networks * cities))
    sizes = network_sizes(networks, memberships, cities)
    assert len(sizes) == networks
    assert sum(sizes) == memberships
    assert all(0 <= size <= cities for size in sizes)
