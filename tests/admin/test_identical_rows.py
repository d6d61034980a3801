"""Rows of one form that say the same, as far as the database forbids it and no further."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from registry.models import Membership
from tests.admin.conftest import errors_of
from tests.factories import make_city, make_membership, make_network

pytestmark = pytest.mark.django_db

ALREADY = "This membership is recorded already."


def row(city: Any, **given: Any) -> dict[str, Any]:
    """A new row of a member of today."""
    return {"city": city.pk, "status": "member", "ended": "unknown", **given}


@pytest.mark.parametrize("first", ["2005", ""], ids=["dated first", "undated first"])
def test_a_dated_and_an_undated_row_of_one_city_are_two_facts(
    editor: Client, fill_in: Any, first: str
) -> None:
    """As the database and a list of members have it."""
    network, city = make_network(), make_city()
    address = f"/admin/registry/network/{network.pk}/change/"
    make_membership(city=city, network=network, since=first or None)
    second = "" if first else "2005"
    response = fill_in(editor, address, rows={"memberships": [row(city, since=second)]})
    assert response.status_code == 302, errors_of(response)
    assert set(Membership.objects.values_list("since", flat=True)) == {None, "2005"}


def test_both_in_one_form(editor: Client, fill_in: Any) -> None:
    network, city = make_network(), make_city()
    address = f"/admin/registry/network/{network.pk}/change/"
    rows = {"memberships": [row(city, since=""), row(city, since="2005")]}
    assert fill_in(editor, address, rows=rows).status_code == 302
    assert Membership.objects.count() == 2


def test_two_undated_rows_of_one_city_are_one_fact(editor: Client, fill_in: Any) -> None:
    network, city = make_network(), make_city()
    address = f"/admin/registry/network/{network.pk}/change/"
    page = fill_in(editor, address, rows={"memberships": [row(city), row(city)]})
    assert errors_of(page)["memberships-1-city"] == [ALREADY]
    make_membership(city=city, network=network)
    page = fill_in(editor, address, rows={"memberships": [row(city)]})
    assert errors_of(page)["memberships-1-city"] == [ALREADY]
