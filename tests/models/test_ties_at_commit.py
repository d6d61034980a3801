"""Direct ties at the commit, and when two transactions touch one joint policy or city at once."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection, transaction

from registry.models import City, DirectTie, JointPolicy, PolicyParty, Tie
from tests.factories import make_city, make_issue, make_policy
from tests.models.computed_ties import every_tie, stored
from tests.models.sessions import Waiting, other_connection

pytestmark = pytest.mark.usefixtures("committed")
ADD_PARTY = "INSERT INTO registry_policyparty (policy_id, city_id, publication) VALUES (%s, %s, 'published')"
SET_STATE = "UPDATE registry_city SET publication = %s WHERE id = %s"


@pytest.fixture
def policy() -> JointPolicy:
    """A published joint policy of two cities."""
    with transaction.atomic():
        return make_policy(issues=[make_issue()], cities=[make_city(), make_city()])


def check(ties: int) -> None:
    assert stored(Tie) == stored(DirectTie) == every_tie()
    assert Tie.objects.count() == ties


def test_ties_are_there_with_the_commit(policy: JointPolicy) -> None:
    check(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_touched_policy")
        assert cursor.fetchone() == (0,)


def test_a_statement_of_its_own_is_settled_too(policy: JointPolicy) -> None:
    PolicyParty.objects.bulk_create([PolicyParty(policy=policy, city=make_city(), publication="published")])
    check(3)
    PolicyParty.objects.filter(policy=policy).update(publication="draft")
    check(0)


def test_a_rollback_leaves_nothing(policy: JointPolicy) -> None:
    before = stored(Tie)
    with pytest.raises(RuntimeError), transaction.atomic():
        PolicyParty.objects.filter(policy=policy).delete()
        raise RuntimeError
    assert stored(Tie) == before
    with transaction.atomic():
        with pytest.raises(RuntimeError), transaction.atomic():
            JointPolicy.objects.filter(pk=policy.pk).update(publication="draft")
            raise RuntimeError
        JointPolicy.objects.filter(pk=policy.pk).update(note="Changed")
    assert stored(Tie) == before


def test_two_transactions_add_parties_to_one_policy(policy: JointPolicy) -> None:
    one_city, other_city = make_city(), make_city()
    with other_connection() as one, other_connection() as other:
        one.execute(ADD_PARTY, [policy.pk, one_city.pk])
        other.execute(ADD_PARTY, [policy.pk, other_city.pk])
        threads = [Waiting(one.commit), Waiting(other.commit)]
        for thread in threads:
            thread.finish()
    check(6)


def test_the_second_to_settle_a_policy_waits_for_the_first(policy: JointPolicy) -> None:
    one_city, other_city = make_city(), make_city()
    with other_connection() as one, other_connection() as other:
        one.execute(ADD_PARTY, [policy.pk, one_city.pk])
        one.execute("SET CONSTRAINTS ALL IMMEDIATE")
        other.execute(ADD_PARTY, [policy.pk, other_city.pk])
        second = Waiting(other.commit)
        assert second.still_waits()
        one.commit()
        second.finish()
    check(6)


@pytest.mark.parametrize(("state", "ties"), [("draft", 1), ("published", 3)])
def test_a_city_withdrawn_or_published_while_it_joins(policy: JointPolicy, state: str, ties: int) -> None:
    city = make_city(publication="published" if state == "draft" else "draft")
    with other_connection() as editor, other_connection() as importer:
        editor.execute(SET_STATE, [state, city.pk])
        importer.execute(ADD_PARTY, [policy.pk, city.pk])
        joining = Waiting(importer.commit)
        assert joining.still_waits()
        editor.commit()
        joining.finish()
    check(ties)


def test_a_city_joins_while_it_is_withdrawn(policy: JointPolicy) -> None:
    city = make_city()
    with other_connection() as editor, other_connection() as importer:
        importer.execute(ADD_PARTY, [policy.pk, city.pk])
        importer.execute("SET CONSTRAINTS ALL IMMEDIATE")
        withdrawing = Waiting(lambda: withdraw(editor, city))
        assert withdrawing.still_waits()
        importer.commit()
        withdrawing.finish()
    check(1)


def withdraw(session: psycopg.Connection, city: City) -> None:
    session.execute(SET_STATE, ["draft", city.pk])
    session.commit()
