"""Lists as they are kept between visits: made of decisions, planned anew whenever they are looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import JSONField

from registry.choices import RowStanding
from registry.exchange.lists.plan import Plan, day_of, miss, plan
from registry.exchange.lists.rosters import roster_of
from registry.exchange.lists.rows import Decision, ListRow
from registry.models import ListImport, ListImportRow

# Cells of a row that have a column of their own, where they may be corrected.
CORRECTED = ("since", "until", "status", "role", "source")
DIGESTED = ("status", "tier", "role", "since", "until", "ended", "observed_on")
UNDECIDED = (RowStanding.AMBIGUOUS, RowStanding.UNMATCHED, RowStanding.INVALID)
PLANNED = ("standing", "about", "asks", "changes", "record")
_RENEW = """
    UPDATE registry_listimportrow AS row
    SET standing = new.standing, about = new.about, asks = new.asks, changes = new.changes::jsonb,
        record = new.record
    FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::boolean[], %s::text[], %s::bigint[])
        AS new (id, standing, about, asks, changes, record)
    WHERE row.id = new.id
"""


def rows_of(decisions: Iterable[Decision], columns: Mapping[str, str] | None = None) -> list[ListImportRow]:
    """Unsaved rows of what was decided, not yet planned.

    `columns` are the headers of the file by the field of ListRow. What could not be read in a column that
    is recorded has to be mended; in others, such as coordinates, it only made the city harder to find.
    """
    headers = columns or {}
    recorded = {"", *CORRECTED, *(headers[name] for name in CORRECTED if name in headers)}
    return [_row(decision, recorded) for decision in decisions]


def _row(decision: Decision, recorded: set[str]) -> ListImportRow:
    given = dict(vars(decision.row))
    name, number = given.pop("name"), given.pop("number")
    row = ListImportRow(
        number=number,
        name=name,
        given={column: value for column, value in given.items() if value not in ("", None, ())},
        mended=not any(column in recorded for column, _ in decision.row.problems),
        **{column: given[column] for column in CORRECTED},
    )
    offer(row, decision)
    return row


def offer(row: ListImportRow, decision: Decision) -> None:
    """Note on the row what the resolver made of it: the city it is sure of, and those to choose from."""
    row.outcome = decision.outcome.value
    row.score = min(max(decision.score, 0.0), 1.0)
    row.reason = decision.reason
    row.candidates = [dict(vars(candidate)) for candidate in decision.candidates]
    row.city_id, row.left_out = decision.city_id, False


def row_given(row: ListImportRow, *, name: str) -> ListRow:
    """The row as the resolver takes it, under another name."""
    given = {**row.given, "problems": tuple(map(tuple, row.given.get("problems", ())))}
    return ListRow(**{**given, "number": row.number, "name": name})


@transaction.atomic
def open_list(
    listing: ListImport,
    decisions: Sequence[Decision],
    *,
    by: User | None,
    columns: Mapping[str, str] | None = None,
) -> Plan:
    """Keep a new list with its rows and plan, for staff to look at. `listing` says whose list it is."""
    listing.made_by = by
    listing.full_clean(exclude=["made_by"])
    recorded = roster_of(listing).recorded(listing.target)
    listing.planned_on = _digest(listing, recorded)
    listing.save()
    planned = plan(listing, rows_of(decisions, columns), recorded=recorded)
    for row in planned.rows:
        row.listing = listing
    _store(planned.rows)
    return planned


def _store(rows: list[ListImportRow]) -> None:
    """Write new rows by one statement, however many there are."""
    fields = [field for field in ListImportRow._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    kinds = [(field.attname, isinstance(field, JSONField)) for field in fields]
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY registry_listimportrow ({names}) FROM STDIN") as copy,
    ):
        for row in rows:
            values = ((getattr(row, name), is_json) for name, is_json in kinds)
            copy.write_row([json.dumps(value) if is_json else value for value, is_json in values])


def current_plan(listing: ListImport) -> Plan:
    """The plan as the registry stands now, worked out anew only if it has changed since the last time.

    Rows are left out: who shows them reads a page of them.
    """
    recorded = roster_of(listing).recorded(listing.target)
    if listing.planned_on != _digest(listing, recorded):
        return replan(listing, recorded)
    made = Plan([])
    named = set(listing.rows.filter(city__isnull=False).order_by().values_list("city", flat=True))
    miss(made, listing, recorded, named | listing.rows.perhaps_meant())
    return made


@transaction.atomic
def replan(listing: ListImport, recorded: dict[int, list[Any]] | None = None) -> Plan:
    """The plan as the registry stands now. Rows whose plan has become another are saved, by one query."""
    if recorded is None:
        recorded = roster_of(listing).recorded(listing.target)
    rows = list(listing.rows.defer("candidates"))
    before = [_planned(row) for row in rows]
    planned = plan(listing, rows, recorded=recorded, perhaps=listing.rows.perhaps_meant())
    listing.planned_on = _digest(listing, recorded)
    ListImport.objects.filter(pk=listing.pk).exclude(planned_on=listing.planned_on).update(
        planned_on=listing.planned_on
    )
    changed = [row for row, old in zip(rows, before, strict=True) if _planned(row) != old]
    if changed:
        columns: list[list[Any]] = [[row.pk for row in changed]]
        columns += [[_column(row, name) for row in changed] for name in PLANNED]
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, columns)
    return planned


def _digest(listing: ListImport, recorded: dict[int, list[Any]]) -> str:
    """What a plan rests on besides the rows of the list, in few letters."""
    digest = sha256(day_of(listing).encode())
    for parts in recorded.values():
        for part in parts:
            values = (getattr(part, name, "") for name in DIGESTED)
            digest.update(repr((part.pk, part.city_id, *values)).encode())
    return digest.hexdigest()


def _planned(row: ListImportRow) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in PLANNED)


def _column(row: ListImportRow, name: str) -> Any:
    value = getattr(row, name)
    return json.dumps(value) if name == "changes" else value


@transaction.atomic
def carry_over(listing: ListImport, *, by: User | None) -> ListImport:
    """A new open list of the rows that a list left undecided when it was applied."""
    rest = ListImport(
        network=listing.network,
        policy=listing.policy,
        file_name=listing.file_name,
        source=listing.source,
        observed_on=listing.observed_on,
        made_by=by,
        note=listing.note,
    )
    rest.save()
    rows = list(listing.rows.filter(standing__in=UNDECIDED))
    for row in rows:
        row.pk, row.listing = None, rest
    _store(rows)
    replan(rest)
    return rest
