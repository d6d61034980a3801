"""The history of what refers to a record: members, sources, names…, of all tables in one order."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.utils.text import capfirst

from registry.actions.recorded import Table, ends_at, quoted, tables
from registry.admin.timeline import PER_PAGE, change_of, names_of

_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00)~(\d{1,3})~(\d{1,18})", re.ASCII)


def of(record: models.Model, before: str = "") -> dict[str, Any]:
    """The newest changes of the record's links, from before a place if one is given, and where to go on.

    Costs the same however many links there are: a query for the order and a few for each kind of link.
    """
    order = _order(record, before)
    places = order[:PER_PAGE]
    by_table: dict[int, list[int]] = {}
    for rank, event, _ in places:
        by_table.setdefault(rank, []).append(event)
    found = {(rank, event.pgh_id): event for rank, ids in by_table.items() for event in _events(rank, ids)}
    earlier = {rank: _earlier(tables()[rank], ids) for rank, ids in by_table.items()}
    names = names_of([*found.values(), *(event for of in earlier.values() for event in of.values())])
    changes = []
    for rank, number, _ in places:
        change = change_of(found[rank, number], earlier[rank].get(number), names)
        change.done = f"{_kind(tables()[rank], record)} {change.done.lower()}"
        changes.append(change)
    older = None
    if len(order) > PER_PAGE:
        rank, number, at = places[-1]
        older = f"{at.isoformat(timespec='microseconds')}~{rank}~{number}"
    return {"changes": changes, "older": older}


def _order(record: models.Model, before: str) -> list[tuple[int, int, datetime]]:
    """Tables, events and times, newest first: one more than a page."""
    place = _PLACE.fullmatch(before)
    ends: dict[Table, list[Any]] = {}
    for table, end in ends_at(type(record)):
        ends.setdefault(table, []).append(end)
    later, params = "", {"key": record.pk, "number": PER_PAGE + 1}
    if place:
        later = "AND (pgh_created_at, %(rank)s, pgh_id) < (%(at)s::timestamptz, %(last_rank)s, %(last)s)"
        params |= {"at": place[1], "last_rank": int(place[2]), "last": int(place[3])}
    parts = []
    for table, columns in ends.items():
        rank = tables().index(table)
        ours = " OR ".join(f"{quoted(end.column)} = %(key)s" for end in columns)
        parts.append(
            f"""(SELECT {rank} AS rank, pgh_id, pgh_created_at FROM {table.log}
            WHERE ({ours}) {later.replace("%(rank)s", str(rank))}
            ORDER BY pgh_created_at DESC, pgh_id DESC LIMIT %(number)s)"""
        )
    if not parts:
        return []
    with connection.cursor() as cursor:
        union = " UNION ALL ".join(parts)
        cursor.execute(
            f"{union} ORDER BY pgh_created_at DESC, rank DESC, pgh_id DESC LIMIT %(number)s", params
        )
        return cursor.fetchall()


def _events(rank: int, ids: list[int]) -> Any:
    return tables()[rank].events.objects.filter(pgh_id__in=ids).select_related("pgh_context")


def _earlier(table: Table, ids: list[int]) -> dict[int, Any]:
    """The event before each of these of the same row; many-to-many rows are added and deleted only."""
    if table.model._meta.auto_created:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT event.pgh_id, max(earlier.pgh_id) FROM {table.log} event
            JOIN {table.log} earlier
                ON earlier.{table.row_of} = event.{table.row_of} AND earlier.pgh_id < event.pgh_id
            WHERE event.pgh_id = ANY(%s) GROUP BY event.pgh_id""",
            [ids],
        )
        pairs = dict(cursor.fetchall())
    found = table.events.objects.in_bulk(list(pairs.values()))
    return {event: found[previous] for event, previous in pairs.items()}


def _kind(table: Table, record: models.Model) -> str:
    if not table.model._meta.auto_created:
        return capfirst(str(table.model._meta.verbose_name))
    others = [end for end in table.ends if end.related_model is not type(record)]
    return capfirst(str((others or table.ends)[0].related_model._meta.verbose_name))
