"""Lists as they are kept between visits: made of decisions, planned anew whenever they are looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from registry.exchange.lists.plan import Plan, plan
from registry.exchange.lists.rows import Decision
from registry.models import ListImport, ListImportRow

# Cells of a row that have a column of their own, where they may be corrected.
CORRECTED = ("since", "until", "status", "role", "source")
PLANNED = ("standing", "about", "asks", "changes", "record")
_RENEW = """
    UPDATE registry_listimportrow AS row
    SET standing = new.standing, about = new.about, asks = new.asks, changes = new.changes::jsonb,
        record = new.record
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::boolean[], %s::text[], %s::bigint[])
        AS new (id, standing, about, asks, changes, record)
    WHERE row.id = new.id
"""


def rows_of(decisions: Iterable[Decision]) -> list[ListImportRow]:
    """Unsaved rows of what was decided, not yet planned."""
    return [_row(decision) for decision in decisions]


def _row(decision: Decision) -> ListImportRow:
    given = asdict(decision.row)
    name, number = given.pop("name"), given.pop("number")
    return ListImportRow(
        number=number,
        name=name,
        given={column: value for column, value in given.items() if value not in ("", None, ())},
        outcome=decision.outcome.value,
        score=min(max(decision.score, 0.0), 1.0),
        reason=decision.reason,
        candidates=[asdict(candidate) for candidate in decision.candidates],
        city_id=decision.city_id,
        **{column: given[column] for column in CORRECTED},
    )


@transaction.atomic
def open_list(listing: ListImport, decisions: Sequence[Decision], *, by: User | None) -> Plan:
    """Keep a new list with its rows and plan, for staff to look at. `listing` says whose list it is."""
    listing.made_by = by
    listing.full_clean(exclude=["made_by"])
    listing.save()
    planned = plan(listing, rows_of(decisions))
    for row in planned.rows:
        row.listing = listing
    ListImportRow.objects.bulk_create(planned.rows)
    return planned


@transaction.atomic
def replan(listing: ListImport) -> Plan:
    """The plan as the registry stands now. Rows whose plan has become another are saved, by one query."""
    rows = list(listing.rows.all())
    before = [_planned(row) for row in rows]
    planned = plan(listing, rows)
    changed = [row for row, old in zip(rows, before, strict=True) if _planned(row) != old]
    if changed:
        columns: list[list[Any]] = [[row.pk for row in changed]]
        columns += [[_column(row, name) for row in changed] for name in PLANNED]
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, columns)
    return planned


def _planned(row: ListImportRow) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in PLANNED)


def _column(row: ListImportRow, name: str) -> Any:
    value = getattr(row, name)
    return json.dumps(value) if name == "changes" else value
