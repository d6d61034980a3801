"""Finds pairs of records that may be the same, and records like one that is being typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, models, transaction

from registry.choices import DuplicateKind
from registry.duplicates.kinds import KINDS, Kind
from registry.models.base import Named

LONGEST = 300
LARGEST_KEY = 2**63

# Of the grounds about one thing the strongest counts; independent ones strengthen each other.
FOUND = """
WITH {subject}, found (about, one, other, weight, reason) AS ({criteria}), ground AS (
    SELECT DISTINCT ON (one, other, about) * FROM (
        SELECT about, least(one, other) AS one, greatest(one, other) AS other, weight::float8, reason
        FROM found
    ) found ORDER BY one, other, about, weight DESC, reason
), pair AS (
    SELECT one, other, round((1 - exp(sum(ln(1 - least(weight, 0.99)))))::numeric, 3)::float8 AS score,
        array_agg(reason ORDER BY weight DESC, reason) AS reasons
    FROM ground GROUP BY one, other
)"""
PAIRS = """
SELECT pair.one, pair.other, score, reasons
FROM pair JOIN {table} one ON one.id = pair.one JOIN {table} other ON other.id = pair.other
WHERE NOT EXISTS (
    SELECT FROM registry_notduplicate different WHERE different.kind = %(model)s
        AND different.one = least(one.pid, other.pid) AND different.other = greatest(one.pid, other.pid)
){linked}
ORDER BY score DESC, pair.one, pair.other LIMIT %(limit)s OFFSET %(offset)s"""
LINKED = """
AND NOT EXISTS (
    SELECT FROM {} link WHERE (link.{}, link.{}) IN ((pair.one, pair.other), (pair.other, pair.one))
)"""
LIKE = "SELECT one, other, score, reasons FROM pair ORDER BY score DESC, other LIMIT %(limit)s"


@dataclass(frozen=True)
class Pair:
    """Two recorded rows that may be the same, the one recorded first as `one`.

    `score` goes from 0 to 1; `reasons` say in words what speaks for it, the strongest first.
    """

    one: Any
    other: Any
    score: float
    reasons: list[str]


@dataclass(frozen=True)
class Similar:
    """A recorded row that may be what is being typed; `score` and `reasons` as of a `Pair`."""

    record: Any
    score: float
    reasons: list[str]


def possible_duplicates(
    kind: str, limit: int, offset: int = 0, records: models.QuerySet | None = None
) -> list[Pair]:
    """Pairs of this kind (a `DuplicateKind`) that may be the same, the likeliest first.

    Without those that staff said are different, and those that are linked with each other. Two
    queries however many there are; `records` may fetch more with the records than the records
    themselves. Raises ValueError for another kind.
    """
    compared = KINDS[DuplicateKind(kind)]
    asked = {"model": str(kind), "limit": limit, "offset": offset}
    rows = _ask(compared, compared.recorded, PAIRS, asked, typed=False)
    if records is None:
        records = compared.model._default_manager.all()
    found = records.in_bulk({key for row in rows for key in row[:2]})
    return [
        Pair(found[one], found[other], score, reasons)
        for one, other, score, reasons in rows
        # A record deleted between the two queries takes its pairs with it.
        if one in found and other in found
    ]


def like(model: type[Named], given: Mapping[str, Any], limit: int = 5) -> list[Similar]:
    """Recorded rows of `model` that may be the record of which these values are being typed.

    `given` maps names of fields to what a form holds: keys for foreign keys, text for the others. A
    value that the field would refuse counts as not given. Nothing is like a record without a name.
    """
    compared = KINDS[DuplicateKind(str(model._meta.model_name))]
    asked = {field: _value(model, field, given.get(field)) for field in compared.fields}
    if not asked["name"]:
        return []
    rows = _ask(compared, compared.typed, LIKE, {**asked, "limit": limit}, typed=True)
    related = [f.name for f in model._meta.fields if f.is_relation and f.name in ("country", "city")]
    records = model._default_manager.select_related(*related) if related else model._default_manager
    found = records.in_bulk([other for _, other, _, _ in rows])
    return [Similar(found[other], score, reasons) for _, other, score, reasons in rows if other in found]


def _ask(kind: Kind, subject: str, question: str, asked: dict[str, Any], *, typed: bool) -> list[Any]:
    criteria = [one for one in kind.criteria if one.typed or not typed]
    each = (f"SELECT '{one.about}', asked.* FROM ({one.sql}) AS asked" for one in criteria)
    sql = FOUND.format(subject=subject, criteria="\nUNION ALL\n".join(each))
    linked = LINKED.format(*kind.linked) if kind.linked else ""
    with _similar(kind.similar), connection.cursor() as cursor:
        cursor.execute(sql + question.format(table=kind.model._meta.db_table, linked=linked), asked)
        return cursor.fetchall()


@contextmanager
def _similar(threshold: float) -> Iterator[None]:
    """Trigrams count as similar from `threshold` on: the index itself then passes over the others."""
    name = "pg_trgm.similarity_threshold"
    # Where the question fails, the end of the transaction or its savepoint takes the setting back.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting(%s, true), set_config(%s, %s, true)", [name, name, str(threshold)]
        )
        usual = cursor.fetchone()[0] or "0.3"
        yield
        cursor.execute("SELECT set_config(%s, %s, true)", [name, usual])


def _value(model: type[Named], name: str, given: Any) -> Any:
    """What the field makes of what was typed; None where it is empty or wrong."""
    field = model._meta.get_field(name)
    text = str(getattr(given, "pk", given) if given is not None else "").replace("\x00", "").strip()[:LONGEST]
    try:
        value = (field.target_field if field.is_relation else field).to_python(text or None)  # type: ignore[union-attr]
        if not field.is_relation and value is not None:
            field.run_validators(value)  # type: ignore[union-attr]
    except ValidationError:
        return None
    return None if isinstance(value, int) and not 0 < value < LARGEST_KEY else value
