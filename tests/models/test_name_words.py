"""The words of names that the database keeps: each that ever stood in one, by whatever path it came."""

from __future__ import annotations

import pytest
from django.db import connection

from registry.models import JointPolicy, Organisation, Report
from tests import factories as make
from tests.models.rows import row
from tests.models.sessions import other_connection


def kept() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM registry_name_word ORDER BY word")
        return [word for (word,) in cursor.fetchall()]


@pytest.mark.django_db
def test_each_word_is_kept_once_without_numbers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_name_word")
    make.make_all(row(Organisation, name=f"Été of No. {n} 3rd été") for n in range(3))
    assert kept() == ["ete"]
    make.make_report("ÉTÉ durable")
    assert kept() == ["durable", "ete"]
    Report.objects.update(name="Durables", note="durably")
    assert kept() == ["durable", "durables", "ete"]


@pytest.mark.django_db
def test_what_is_no_name_adds_no_word() -> None:
    make.make_policy("Shade")
    before = kept()
    JointPolicy.objects.update(summary="Planting trees", publication="draft")
    assert kept() == before


def test_two_who_add_one_word_do_not_wait_for_each_other(committed: None) -> None:
    add = "INSERT INTO registry_organisation (name, slug, kind) VALUES ('Walkable', %s, 'ngo')"
    with other_connection() as one, other_connection() as other:
        for session, slug in ((one, "one"), (other, "other")):
            session.execute("SET lock_timeout = '5s'")
            session.execute(add, [slug])
        for session in (one, other):
            session.commit()
    assert set(kept()) == {"walkable"}
