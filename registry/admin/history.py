"""What a page of history shows: of which tables, newest first, read set-based from their events.

There are two pages: one of the record itself with its own many-to-many links, one of all that refers
to it (members, sources, names…). They are there for deleted records too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.utils.text import capfirst

from registry.actions.later import called
from registry.actions.links import link_fields, linked_before
from registry.actions.recorded import Table, ends_at, quoted, table_of, tables
from registry.admin.timeline import Change, change_of, labels, names_of, version_of, who_of
from registry.models.history import NOTHING

PER_PAGE = 50
_PLACE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00)~(\d{1,3})~(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Part:
    """A table that a page shows, and the columns of its events that hold the key of the record.

    `link` is the many-to-many field where the table holds links of the record's own: their changes
    are shown as changes of the field. `is_record` says that the table is the record's own.
    """

    table: Table
    columns: tuple[str, ...]
    link: Any = None
    is_record: bool = False

    @property
    def rank(self) -> int:
        """The place of the table among all, which orders events of the same moment."""
        return tables().index(self.table)


def of_itself(model: type[models.Model]) -> list[Part]:
    """The record and its own links."""
    table = table_of(model)
    links = [
        Part(through, (_column(through, one.m2m_field_name()),), one) for one, through in link_fields(model)
    ]
    return [Part(table, (table.row_of,), is_record=True), *links] if table else links


def of_others(model: type[models.Model]) -> list[Part]:
    """All that refers to the record, but for its own links."""
    own = {part.table for part in of_itself(model) if part.link}
    columns: dict[Table, list[str]] = {}
    for table, end in ends_at(model):
        if table not in own:
            columns.setdefault(table, []).append(quoted(end.column))
    return [Part(table, tuple(names)) for table, names in columns.items()]


PAGES: dict[str, Callable[[type[models.Model]], list[Part]]] = {"": of_itself, "links": of_others}


def _column(table: Table, name: str) -> str:
    return quoted(table.model._meta.get_field(name).column)


def of(model: type[models.Model], key: Any, page: str = "", before: str = "") -> dict[str, Any]:
    """The newest changes that a page shows, from before a place if one is given, and where to go on.

    Costs the same however much there is: a query for the order and a few for each table of the page.
    """
    parts = {part.rank: part for part in PAGES[page](model)}
    order = _order(list(parts.values()), key, before)
    places = order[:PER_PAGE]
    events = _events(places)
    changes = _Told(model, key, parts, events).changes()
    older = None
    if len(order) > PER_PAGE:
        rank, number, at = places[-1]
        older = f"{at.isoformat(timespec='microseconds')}~{rank}~{number}"
    return {"changes": changes, "older": older}


def _order(parts: list[Part], key: Any, before: str) -> list[tuple[int, int, datetime]]:
    """Tables, events and times, newest first: one more than a page."""
    place = _PLACE.fullmatch(before)
    later, params = "", {"key": key, "number": PER_PAGE + 1}
    if place:
        later = "AND (pgh_created_at, %(rank)s, pgh_id) < (%(at)s::timestamptz, %(last_rank)s, %(last)s)"
        params |= {"at": place[1], "last_rank": int(place[2]), "last": int(place[3])}
    selects = []
    for part in parts:
        ours = " OR ".join(f"{column} = %(key)s" for column in part.columns)
        selects.append(
            f"""(SELECT {part.rank} AS rank, pgh_id, pgh_created_at FROM {part.table.log}
            WHERE ({ours}) {later.replace("%(rank)s", str(part.rank))}
            ORDER BY pgh_created_at DESC, pgh_id DESC LIMIT %(number)s)"""
        )
    if not selects:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT * FROM ({" UNION ALL ".join(selects)}) AS found
            ORDER BY pgh_created_at DESC, rank DESC, pgh_id DESC LIMIT %(number)s""",
            params,
        )
        return cursor.fetchall()


def _events(places: list[tuple[int, int, datetime]]) -> list[tuple[int, Any]]:
    """The events at these places with the rank of their table, in the same order."""
    of_rank: dict[int, list[int]] = {}
    for rank, event, _ in places:
        of_rank.setdefault(rank, []).append(event)
    found = {
        (rank, event.pgh_id): event
        for rank, ids in of_rank.items()
        for event in tables()[rank].events.objects.filter(pgh_id__in=ids).select_related("pgh_context")
    }
    return [(rank, found[rank, number]) for rank, number, _ in places]


class _Told:
    """The events of a page in words."""

    def __init__(
        self, model: type[models.Model], key: Any, parts: dict[int, Part], events: list[tuple[int, Any]]
    ) -> None:
        self.model, self.key, self.parts, self.events = model, key, parts, events

    def changes(self) -> list[Change]:
        """One change for each event of a row; links changed in one go are told with the row's own change."""
        rows = [(rank, event) for rank, event in self.events if not self.parts[rank].link]
        earlier = self._earlier(rows)
        names = names_of([*(event for _, event in rows), *earlier.values()])
        gone = self._gone(rows)
        told: list[Change] = []
        by_context: dict[Any, Change] = {}
        for rank, event in rows:
            change = change_of(event, earlier.get((rank, event.pgh_id)), names)
            self._name(change, rank, event, gone)
            told.append(change)
            by_context.setdefault(event.pgh_context_id, change)
        return self._with_links(told, by_context)

    def _name(self, change: Change, rank: int, event: Any, gone: set[tuple[int, int]]) -> None:
        """Say of which kind a row is that refers to the record, and what brings it back."""
        if self.parts[rank].is_record:
            return
        kind = _kind(self.parts[rank].table, self.model)
        change.done, change.version = f"{kind} {change.done.lower()}", ""
        if (rank, event.pgh_id) in gone:
            change.row = version_of(event)

    def _gone(self, rows: list[tuple[int, Any]]) -> set[tuple[int, int]]:
        """The newest deletions of rows that are deleted still: one query for each table with deletions."""
        found: dict[tuple[int, Any], int] = {}
        for rank, event in rows:
            table = self.parts[rank].table
            if event.pgh_label == "delete" and not table.model._meta.auto_created:
                key = (rank, event.pgh_obj_id)
                found[key] = max(found.get(key, 0), event.pgh_id)
        for rank in {rank for rank, _ in found}:
            keys = [key for of, key in found if of == rank]
            there = self.parts[rank].table.model._base_manager.filter(pk__in=keys)
            for key in there.values_list("pk", flat=True):
                del found[rank, key]
        return {(rank, event) for (rank, _), event in found.items()}

    def _earlier(self, rows: list[tuple[int, Any]]) -> dict[tuple[int, int], Any]:
        """The event before each of these of the same row; links are added and deleted only."""
        of_rank: dict[int, list[int]] = {}
        for rank, event in rows:
            if not self.parts[rank].table.model._meta.auto_created:
                of_rank.setdefault(rank, []).append(event.pgh_id)
        found = {}
        for rank, ids in of_rank.items():
            for number, event in _before(self.parts[rank].table, ids).items():
                found[rank, number] = event
        return found

    # --- Links --------------------------------------------------------------------------------------------

    def _with_links(self, told: list[Change], by_context: dict[Any, Change]) -> list[Change]:
        groups: dict[tuple[int, Any], list[Any]] = {}
        for rank, event in self.events:
            if self.parts[rank].link:
                groups.setdefault((rank, event.pgh_context_id or -event.pgh_id), []).append(event)
        for rank in {rank for rank, _ in groups}:
            mine = {context: events for (of, context), events in groups.items() if of == rank}
            self._tell_links(self.parts[rank], mine, told, by_context)
        # Sorting is stable: what is of one moment stays in the order of its events.
        return sorted(told, key=lambda change: change.at, reverse=True)

    def _tell_links(
        self, part: Part, groups: dict[Any, list[Any]], told: list[Change], by_context: dict[Any, Change]
    ) -> None:
        """Tell what a field linked to before and after each group of events: two queries for a field."""
        spans = {
            context: (events[-1].pgh_id, events[0].pgh_id + 1, events[0])
            for context, events in groups.items()
        }
        moments = sorted({moment for first, after, _ in spans.values() for moment in (first, after)})
        states = linked_before(part.link, self.key, moments)
        known = labels(part.link.related_model, {key for keys in states.values() for key in keys})
        for context, (first, after, newest) in spans.items():
            words = [_listed(states[moment], known) for moment in (first, after)]
            change = by_context.get(context)
            if change is None:
                change = Change(newest.pgh_created_at, "Changed", who_of(newest.pgh_context))
                by_context[context] = change
                told.append(change)
            if words[0] != words[1]:
                change.values.append((str(part.link.verbose_name), words[0], words[1]))
                # Before it was added, and after it was deleted, the record was linked to nothing.
                back = f"{part.table.model._meta.model_name}.{first}:{part.link.name}"
                change.buttons.append(back if change.done == "Changed" else "")


def _listed(keys: list[Any], known: dict[Any, str]) -> str:
    return "; ".join(sorted(known.get(key, f"number {key}") for key in keys)) or NOTHING


def _before(table: Table, ids: list[int]) -> dict[int, Any]:
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


def _kind(table: Table, model: type[models.Model]) -> str:
    if not table.model._meta.auto_created:
        return capfirst(str(table.model._meta.verbose_name))
    others = [end for end in table.ends if end.related_model is not model]
    return capfirst(str((others or table.ends)[0].related_model._meta.verbose_name))


# --- Deleted records --------------------------------------------------------------------------------------


@dataclass
class Gone:
    """A deleted record as its last event has it."""

    record: Any
    name: str
    at: datetime
    by: str


def deleted(model: type[models.Model], key: Any) -> Gone | None:
    """The deleted record of this key; None where there is none, or none that is deleted."""
    table: Any = table_of(model)
    events = table.events.objects.filter(pgh_obj=key).select_related("pgh_context") if table else None
    event = events.order_by("pgh_id").last() if events is not None else None
    if event is None or event.pgh_label != "delete":
        return None
    values = {one.attname: getattr(event, one.attname) for one in table.fields}
    name = capfirst(called(model, values))
    return Gone(model(pk=key, **values), name, event.pgh_created_at, who_of(event.pgh_context))
