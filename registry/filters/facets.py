"""How many rows each value of a parameter would leave, its own selection lifted and all others kept.

Counted in the database from the same querysets that narrow the rows, all facets by one statement. What a
facet counts are pairs of a record and a value (`pairs` of a FilterSet), each pair once.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Model, QuerySet

from registry.filters.base import RegistryFilterSet

# Of records of which there may be many, the most frequent are shown.
MOST = 12
# Records whose keys differ in their last bits alone are told apart by the bits of one number: the same record
# met twice sets its bit twice, and 64 records are one row to group instead of 64.
BITS = 64
MANY_VALUES = ("city", "network", "organisation", "policy")
Counts = dict[str, dict[str, int]]


def value_key(value: Any) -> str:
    """How a value of a parameter is named in counts: a record by its key."""
    return str(value.pk) if isinstance(value, Model) else str(value)


def count(filterset: RegistryFilterSet, names: list[str]) -> Counts:
    """For each of these parameters, its values with the numbers of rows; values without rows are left out.

    Of many values only the most frequent are given, the most frequent first, and those asked for now.
    """
    parts, params = [], []
    for name in names:
        found = _facet(filterset, name)
        if found:
            parts.append(found[0])
            params += found[1]
    counts: Counts = {name: {} for name in names}
    if parts:
        with connections[filterset.queryset.db].cursor() as cursor:
            together = " UNION ALL ".join(f"({part})" for part in parts)
            cursor.execute(f"SELECT * FROM ({together}) AS counts", params)
            for name, value, number in cursor.fetchall():
                counts[name][value] = number
    return counts


def _facet(filterset: RegistryFilterSet, name: str) -> tuple[str, list[Any]] | None:
    lifted = filterset.lift(name)
    found = _stored(lifted) if lifted.stored else _counted(lifted)
    if not found:
        return None
    numbers, params = found
    if name not in MANY_VALUES:
        return f"SELECT %s, value::text, number FROM ({numbers}) AS counted", [name, *params]
    chosen = [value.pk for value in filterset.asked.get(name, [])]
    first = f"SELECT * FROM ({numbers}) AS counted ORDER BY value = ANY(%s) DESC, number DESC, value LIMIT %s"
    some = f"SELECT %s, value::text, number FROM ({first}) AS ranked ORDER BY number DESC, value"
    return some, [name, *params, chosen, MOST + len(chosen)]


def _stored(lifted: RegistryFilterSet) -> tuple[str, list[Any]] | None:
    """The numbers from the sets of cities that the database keeps."""
    if not (compiled := _sql(lifted.qs.values("pk"))):
        return None
    sql, params, _ = compiled
    return f"SELECT value, number FROM registry_count_cities(%s, ARRAY({sql}))", [lifted.lifted, *params]


def _counted(lifted: RegistryFilterSet) -> tuple[str, list[Any]] | None:
    """The numbers counted from pairs of a record and a value."""
    compiled = [sql for rows in lifted.pairs() if (sql := _sql(rows))]
    if not compiled:
        return None
    params = [param for _, given, _ in compiled for param in given]
    if lifted.filters[lifted.lifted].value:
        # A column of the record itself, or of one that it leads to: each record comes once.
        own = f"SELECT value, count(*) AS number FROM ({compiled[0][0]}) AS pairs(key, value)"
        return f"{own} WHERE value::text <> '' GROUP BY value", params
    *others, last = (f"key{place}" for place in range(1, compiled[0][2]))
    keys = ", ".join([*others, last])
    if lifted.lifted in MANY_VALUES and len(compiled) == 1 and not others:
        # Read in the order of an index where there is one: so many pairs would make too many sets of bits.
        return (
            f"SELECT value, count(DISTINCT {last}) AS number FROM ({compiled[0][0]}) AS pairs({keys}, value)"
            " WHERE value IS NOT NULL GROUP BY value"
        ), params
    pairs = " UNION ALL ".join(f"({sql})" for sql, _, _ in compiled)
    groups = ", ".join([*others, "word"])
    sets = (
        f"SELECT value, {', '.join([*others, f'{last} / {BITS} AS word'])},"
        f" bit_or(1::bigint << mod({last}, {BITS})::int) AS met"
        f" FROM ({pairs}) AS pairs({keys}, value) WHERE value IS NOT NULL GROUP BY value, {groups}"
    )
    if lifted.lifted == "issue":
        # Records of an issue are found under all that it lies under: told of 64 at once, not of each.
        sets = (
            f"SELECT above_id AS value, {groups}, bit_or(met) AS met"
            f" FROM ({sets}) AS linked JOIN registry_issue_line ON issue_id = value"
            f" GROUP BY above_id, {groups}"
        )
    return (
        f"SELECT value, sum(bit_count(met::bit({BITS})))::bigint AS number FROM ({sets}) AS sets"
        " WHERE value::text <> '' GROUP BY value"
    ), params


def _sql(rows: QuerySet) -> tuple[str, tuple[Any, ...], int] | None:
    """The statement of a queryset, its parameters and its columns; None where it can have no rows."""
    compiler = rows.order_by().query.get_compiler(rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return sql, params, len(compiler.select)
