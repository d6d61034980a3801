"""What the history recorded under some contexts, row by row, and the SQL that puts it back.

For each row of a table three recorded states matter: the one before the contexts, the last one
within them, and whether anything outside of them touched the row since.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.apps import apps
from django.db import connection, models
from pghistory.models import Event

from registry.models import Alias, Merge, Proposal

# Addresses stay retired and merges stay told, whatever is put back.
KEPT = (Alias, Merge)
# What somebody decided or revised since stays as it was left; nothing is lost by that.
LEFT_WHERE_DECIDED = (Proposal,)


@dataclass(frozen=True)
class Table:
    """A table of the registry with its event table."""

    model: Any
    events: Any

    @cached_property
    def name(self) -> str:
        """The table, quoted."""
        return quoted(self.model._meta.db_table)

    @cached_property
    def log(self) -> str:
        """The event table, quoted."""
        return quoted(self.events._meta.db_table)

    @cached_property
    def key(self) -> str:
        """The primary key, quoted; a column of both."""
        return quoted(self.model._meta.pk.column)

    @cached_property
    def row_of(self) -> str:
        """The column of the event table that names the row, with an index where there is one."""
        names = {one.name for one in self.events._meta.concrete_fields}
        return quoted("pgh_obj_id") if "pgh_obj" in names else self.key

    @cached_property
    def key_type(self) -> str:
        """The type of the primary key, for arrays of keys."""
        return str(self.model._meta.pk.rel_db_type(connection))

    @cached_property
    def fields(self) -> list[models.Field]:
        """Every field that is stored and recorded, but for the key."""
        found = self.model._meta.concrete_fields
        return [one for one in found if not one.generated and not one.primary_key]

    @property
    def ends(self) -> list[Any]:
        """The foreign keys of the table."""
        return [one for one in self.fields if one.remote_field]


def quoted(name: str) -> str:
    """A name of the database as SQL has it."""
    return connection.ops.quote_name(name)


@cache
def tables() -> tuple[Table, ...]:
    """Every table with a history, many-to-many tables among them, but for those that only grow."""
    found = []
    for events in apps.get_app_config("registry").get_models():
        if issubclass(events, Event):
            tracked: Any = events.pgh_tracked_model
            model = tracked._meta.concrete_model
            if model not in KEPT:
                found.append(Table(model, events))
    return tuple(found)


def table_of(model: type[models.Model]) -> Table | None:
    """The table of this model, if it has a history."""
    return next((table for table in tables() if table.model is model), None)


def ends_at(model: type[models.Model]) -> Iterator[tuple[Table, Any]]:
    """Every foreign key of a table with a history that leads to this model."""
    for table in tables():
        for end in table.ends:
            if end.related_model is model:
                yield table, end


@dataclass
class Changed:
    """The rows of one table that some contexts changed, by what would put them back.

    `gone` and `changed` map a key to the events of the state before and of the last state within
    the contexts; `made` maps it to the latter. `later` maps a key to the newest event from outside.
    """

    table: Table
    made: dict[Any, int] = field(default_factory=dict)
    gone: dict[Any, tuple[int, int]] = field(default_factory=dict)
    changed: dict[Any, tuple[int, int]] = field(default_factory=dict)
    later: dict[Any, int] = field(default_factory=dict)


def touched(contexts: list[uuid.UUID]) -> list[Table]:
    """The tables of which something was recorded under these contexts; one query."""
    found = " UNION ALL ".join(
        f"SELECT {number} WHERE EXISTS (SELECT FROM {table.log} WHERE pgh_context_id = ANY(%(contexts)s))"
        for number, table in enumerate(tables())
    )
    with connection.cursor() as cursor:
        cursor.execute(found, {"contexts": contexts})
        return [tables()[number] for (number,) in cursor.fetchall()]


def read(table: Table, contexts: list[uuid.UUID]) -> Changed:
    """What was recorded of the table under these contexts.

    Four queries, each by the keys that the one before found: in one statement the planner, which
    cannot know how many rows a batch has, joins them row by row.
    """
    changed = Changed(table)
    spans = _spans(table, contexts)
    around = _around(table, spans, contexts)
    states = [last for _, last in spans.values()] + [before for before, _ in around.values() if before]
    deletions = table.events.objects.filter(pgh_id__in=states, pgh_label="delete")
    deleted = set(deletions.order_by().values_list("pgh_id", flat=True))
    there = set(table.model._base_manager.filter(pk__in=list(spans)).values_list("pk", flat=True))
    for key, (_, last) in spans.items():
        before, later = around[key]
        states_of = (None if before in deleted else before, last)
        _sort(changed, key, states_of, later, left_there=last not in deleted, is_there=key in there)
    return changed


def _spans(table: Table, contexts: list[uuid.UUID]) -> dict[Any, tuple[int, int]]:
    """The first and the last event of each row under these contexts."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT {table.row_of}, min(pgh_id), max(pgh_id) FROM {table.log}
            WHERE pgh_context_id = ANY(%s) GROUP BY {table.row_of} ORDER BY {table.row_of}""",
            [contexts],
        )
        return {key: (first, last) for key, first, last in cursor.fetchall()}


def _around(
    table: Table, spans: dict[Any, tuple[int, int]], contexts: list[uuid.UUID]
) -> dict[Any, tuple[int | None, int | None]]:
    """The last event of each row before its first one, and the newest from outside of the contexts since."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT span.key, max(event.pgh_id) FILTER (WHERE event.pgh_id < span.first),
                max(event.pgh_id) FILTER (WHERE event.pgh_id > span.first AND (
                    event.pgh_context_id IS NULL OR event.pgh_context_id <> ALL(%s)))
            FROM unnest(%s::{table.key_type}[], %s::bigint[]) AS span (key, first)
            JOIN {table.log} event ON event.{table.row_of} = span.key GROUP BY span.key""",
            [contexts, list(spans), [first for first, _ in spans.values()]],
        )
        return {key: (before, later) for key, before, later in cursor.fetchall()}


def _sort(
    changed: Changed,
    key: Any,
    states: tuple[Any, int],
    later: int | None,
    *,
    left_there: bool,
    is_there: bool,
) -> None:
    """Put a row where it belongs. One that was made and is gone again needs nothing."""
    before, last = states
    if before is None:
        if not is_there or (later is not None and changed.table.model in LEFT_WHERE_DECIDED):
            return
        changed.made[key] = last
    elif left_there:
        changed.changed[key] = (before, last)
    else:
        changed.gone[key] = (before, last)
    # What was made again and deleted again since leaves nothing that could be lost.
    if later is not None and (left_there or is_there):
        changed.later[key] = later


def both_states(table: Table) -> str:
    """SQL of a FROM clause: a `row` for each of `arrays()`, its state `before` and its `last` one."""
    return f"""unnest(%s::{table.key_type}[], %s::bigint[], %s::bigint[]) AS row (key, before, last)
        JOIN {table.log} before ON before.pgh_id = row.before
        JOIN {table.log} last ON last.pgh_id = row.last"""


def arrays(rows: dict[Any, tuple[int, int]]) -> list[list[Any]]:
    """Keys, states before and last states, as `both_states()` takes them."""
    return [list(rows), [before for before, _ in rows.values()], [last for _, last in rows.values()]]
