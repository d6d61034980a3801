"""Rules across tables hold when two transactions work at the same time."""

from __future__ import annotations

import psycopg
import pytest

from registry.models import CityOffice, Issue, Network
from tests.factories import make_city, make_issue, make_network, make_office
from tests.models.sessions import Waiting, other_connection

pytestmark = pytest.mark.usefixtures("committed")
LINK = "INSERT INTO registry_officelink (office_id, other_id) VALUES (%s, %s)"
MOVE = "UPDATE registry_cityoffice SET city_id = %s WHERE id = %s"
PUT_UNDER = "UPDATE registry_issue SET parent_id = %s WHERE id = %s"


def refused(waiting: Waiting, constraint: str) -> None:
    waiting.join(20)
    assert isinstance(waiting.error, psycopg.IntegrityError)
    assert waiting.error.diag.constraint_name == constraint


def test_an_office_cannot_move_while_it_is_being_linked() -> None:
    office = make_office()
    other, elsewhere = make_office(city=office.city), make_city()
    with other_connection() as one, other_connection() as two:
        one.execute(LINK, [office.pk, other.pk])
        moving = Waiting(lambda: two.execute(MOVE, [elsewhere.pk, office.pk]))
        assert moving.still_waits()
        one.commit()
        refused(moving, "registry_cityoffice_keeps_its_city")
    assert CityOffice.objects.get(pk=office.pk).city == office.city


def test_an_office_cannot_be_linked_while_it_moves() -> None:
    office = make_office()
    other, elsewhere = make_office(city=office.city), make_city()
    with other_connection() as one, other_connection() as two:
        one.execute(MOVE, [elsewhere.pk, office.pk])
        linking = Waiting(lambda: two.execute(LINK, [office.pk, other.pk]))
        assert linking.still_waits()
        one.commit()
        refused(linking, "registry_officelink_within_one_city")


def test_two_moves_cannot_close_a_circle_of_issues() -> None:
    first, second = make_issue(), make_issue()
    with other_connection() as one, other_connection() as two:
        one.execute(PUT_UNDER, [second.pk, first.pk])
        closing = Waiting(lambda: two.execute(PUT_UNDER, [first.pk, second.pk]))
        assert closing.still_waits()
        one.commit()
        refused(closing, "registry_issue_depth")
    assert Issue.objects.get(pk=second.pk).parent is None


def test_an_address_being_left_is_given_to_nobody() -> None:
    network = make_network("First")
    with other_connection() as one, other_connection() as two:
        one.execute("UPDATE registry_network SET slug = 'second' WHERE id = %s", [network.pk])
        taking = Waiting(
            lambda: two.execute(
                "INSERT INTO registry_network (name, slug, scope) VALUES ('First', 'first', 'national')"
            )
        )
        assert taking.still_waits()
        one.commit()
        refused(taking, "registry_network_slug_never_reused")
    assert Network.objects.count() == 1
