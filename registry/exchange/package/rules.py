"""The rules of a table as the database keeps them, with the words in which the model explains them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CHECKS = """
SELECT conname, pg_get_expr(conbin, conrelid) FROM pg_constraint
WHERE conrelid = %s::regclass AND contype = 'c' ORDER BY conname
"""
INDEXES = """
SELECT class.relname, entry.indnullsnotdistinct, pg_get_expr(entry.indpred, entry.indrelid),
    ARRAY(SELECT pg_get_indexdef(entry.indexrelid, place, false)
          FROM generate_series(1, entry.indnkeyatts) place ORDER BY place),
    ARRAY(SELECT operator.oprname::text FROM unnest(rule.conexclop) WITH ORDINALITY used (key, place)
          JOIN pg_operator operator ON operator.oid = used.key ORDER BY place)
FROM pg_index entry JOIN pg_class class ON class.oid = entry.indexrelid
LEFT JOIN pg_constraint rule ON rule.conindid = entry.indexrelid AND rule.contype = 'x'
WHERE entry.indrelid = %s::regclass AND (entry.indisunique OR entry.indisexclusion)
    AND NOT entry.indisprimary ORDER BY class.relname
"""
REPEATED = "Another row has these values already."
REFUSED = "The database refuses these values."


@dataclass(frozen=True)
class Check:
    """A condition that every row fulfils, and what to say beside which field where one does not."""

    sql: str
    field: str
    message: str


@dataclass(frozen=True)
class Index:
    """What no two rows share: the expressions `same`, or these while their days `overlap`.

    Rows that do not fulfil the condition are free; so are rows without one of the values, unless
    `nulls_count`.
    """

    same: tuple[str, ...]
    overlap: str
    condition: str
    nulls_count: bool
    field: str
    message: str


def checks_of(model: Any, cursor: Any) -> list[Check]:
    """The check constraints of a table."""
    cursor.execute(CHECKS, [model._meta.db_table])
    return [Check(sql, *_words(model, name, REFUSED)) for name, sql in cursor.fetchall()]


def indexes_of(model: Any, cursor: Any) -> list[Index]:
    """Its unique and its exclusion constraints, but for those on what the database works out itself."""
    cursor.execute(INDEXES, [model._meta.db_table])
    made = {one.column for one in model._meta.concrete_fields if one.generated}
    found = []
    for name, nulls_count, condition, keys, operators in cursor.fetchall():
        if made.intersection(keys):
            continue
        overlaps = [key for key, operator in zip(keys, operators, strict=False) if operator == "&&"]
        same = tuple(key for key in keys if key not in overlaps)
        field, message = _words(model, name, REPEATED)
        field = field or _field_of(model, same[0])
        found.append(Index(same, "".join(overlaps), condition or "", nulls_count, field, message))
    return found


def _words(model: Any, name: str, otherwise: str) -> tuple[str, str]:
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return getattr(constraint, "field", ""), str(constraint.get_violation_error_message())
    return "", otherwise


def _field_of(model: Any, column: str) -> str:
    fields = model._meta.concrete_fields
    return next((one.name for one in fields if one.column == column.strip('"')), "")
