"""Addresses: kept when they are left, and never given to another record."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction

from registry import models as registry
from registry.models import Alias
from registry.models.aliases import find_by_old_slug
from registry.models.base import SLUG_LENGTH, Named, slug_for
from tests.factories import make_city
from tests.models.rows import row, save, tables

pytestmark = pytest.mark.django_db
NAMED = [model for model in tables() if issubclass(model, Named)]
each_kind = pytest.mark.parametrize("model", NAMED, ids=lambda model: model.__name__)


def rename(record: Any, slug: str) -> None:
    type(record).objects.filter(pk=record.pk).update(slug=slug)
    record.refresh_from_db()


@each_kind
def test_a_left_address_leads_to_its_record(model: Any) -> None:
    record = save(row(model, slug="first"))
    rename(record, "second")
    assert find_by_old_slug(model, "first") == record
    assert find_by_old_slug(model, "second") is None
    assert find_by_old_slug(model, "never-given") is None


@each_kind
def test_a_record_may_take_its_own_address_back(model: Any) -> None:
    record = save(row(model, slug="first"))
    rename(record, "second")
    record.slug = "first"
    record.full_clean()
    rename(record, "first")
    assert find_by_old_slug(model, "second") == record


@each_kind
def test_no_other_record_may_have_it(model: Any) -> None:
    record = save(row(model, slug="first"))
    rename(record, "second")
    refuses(row(model, slug="first"))
    other = save(row(model))
    other.slug = "first"
    refuses(other)


@each_kind
def test_the_address_of_a_deleted_record_stays_reserved(model: Any) -> None:
    save(row(model, slug="first"))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE slug = 'first'")
    assert find_by_old_slug(model, "first") is None
    refuses(row(model, slug="first"))


def refuses(record: Any) -> None:
    """In words and by the database."""
    with pytest.raises(ValidationError) as refused:
        record.full_clean()
    message = "This address belonged to another record and stays with it."
    assert refused.value.message_dict == {"slug": [message]}
    with pytest.raises(IntegrityError) as by_database, transaction.atomic():
        if record._state.adding:
            save(record)
        else:
            rename(record, record.slug)
    name = f"registry_{record._meta.model_name}_slug_never_reused"
    assert by_database.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def test_kinds_of_records_have_addresses_of_their_own() -> None:
    rename(save(row(registry.Network, slug="first")), "second")
    save(row(registry.Organisation, slug="first"))


def test_the_newest_row_of_an_address_decides() -> None:
    merged, survivor = make_city("Merged"), make_city("Survivor")
    old = merged.slug
    merged.names.all().delete()
    registry.City.objects.filter(pk=merged.pk).delete()
    Alias.objects.create(kind="city", slug=old, owner=merged.pid, target=survivor.pid)
    assert find_by_old_slug(registry.City, old) == survivor
    again = save(row(registry.City, pid=merged.pid, slug=old))
    Alias.objects.create(kind="city", slug=old, owner=merged.pid, target=merged.pid)
    assert find_by_old_slug(registry.City, old) == again


def test_aliases_are_only_added() -> None:
    alias = save(row(Alias))
    with pytest.raises(ProgrammingError, match="update or delete"), transaction.atomic():
        Alias.objects.filter(pk=alias.pk).update(slug="other")
    with pytest.raises(ProgrammingError, match="update or delete"), transaction.atomic():
        Alias.objects.filter(pk=alias.pk).delete()


def test_addresses_swapped_by_one_statement_are_refused() -> None:
    first, second = save(row(registry.Network)), save(row(registry.Network))
    first.slug, second.slug = second.slug, first.slug
    with pytest.raises(IntegrityError), transaction.atomic():
        registry.Network.objects.bulk_update([first, second], ["slug"])


# --- Addresses made from names ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "slug"),
    [
        (("São Paulo", "BR"), "sao-paulo-br"),
        (("東京都", "JP"), "dongjingdou-jp"),
        (("Nuku‘alofa", "TO"), "nukualofa-to"),
        (("under_score__twice",), "under-score-twice"),
        (("!!!", "BR"), "br"),
        (("", ""), ""),
        (("x" * 200, "BR", "123"), f"{'x' * 113}-br-123"),
        (("x" * 112 + " y", "BR", "123"), f"{'x' * 112}-br-123"),
    ],
)
def test_slug_of_names(parts: tuple[str, ...], slug: str) -> None:
    assert slug_for(*parts) == slug
    assert len(slug) <= SLUG_LENGTH


@each_kind
def test_a_name_of_any_length_gets_a_free_address(model: Any) -> None:
    for _ in range(3):
        name = f"{'word ' * 23}and {'more' * 20}"
        given = {"city": make_city()} if model is registry.CityOffice else {}
        record = row(model, name=name, slug="", **given)
        record.full_clean()
        save(record)


@each_kind
def test_a_name_without_letters_gets_an_address(model: Any) -> None:
    record = row(model, name="☃", slug="")
    record.full_clean()
    save(record)


def test_namesakes_append_their_geonames_id() -> None:
    large = make_city("Springfield", country="US", population=170_000, geonames_id=1)
    small = make_city("Springfield", country="US", population=60_000, geonames_id=2)
    larger = make_city("Springfield", country="US", population=900_000, geonames_id=3)
    accented = make_city("Springfïeld", country="US", geonames_id=4)
    elsewhere = make_city("Springfield", country="NZ", population=10, geonames_id=5)
    unnumbered = make_city("Springfield", country="US")
    slugs = [city.slug for city in (large, small, larger, accented, elsewhere, unnumbered)]
    assert slugs == [
        "springfield-us",
        "springfield-us-2",
        "springfield-us-3",
        "springfield-us-4",
        "springfield-nz",
        "springfield-us-5",
    ]


def test_the_address_of_a_deleted_namesake_is_passed_over() -> None:
    gone = make_city("Atlantis", country="GR")
    gone.names.all().delete()
    registry.City.objects.filter(pk=gone.pk).delete()
    assert make_city("Atlantis", country="GR").slug == "atlantis-gr-2"
