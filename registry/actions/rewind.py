"""Putting back what was recorded under some contexts of the history, all of it or nothing.

Only what the contexts changed is put back, column by column: a later change of another column
stays. What cannot be put back without losing a later change is refused, with who made it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pgtrigger
from django.db import IntegrityError, connection, models, transaction

from registry.actions.later import changed_since, refer_to_made, refer_to_nothing, split_offices
from registry.actions.recorded import Changed, Table, arrays, both_states, quoted, read, touched
from registry.models import Citation, Source
from registry.models.refusals import read_refusal

# An office and what it carries move one after the other; the rule is looked after at the end.
MOVING_OFFICES = (
    "registry.CityOffice:keeps_its_city",
    "registry.OfficeLink:within_one_city",
    "registry.PolicyParty:office_of_the_party",
)


class CannotRewind(Exception):
    """Why something cannot be put back: one reason a line, in words for people."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(reasons))


@dataclass
class Rewound:
    """How many rows of each kind were taken away, brought back and changed back."""

    removed: dict[type[models.Model], int] = field(default_factory=dict)
    restored: dict[type[models.Model], list[Any]] = field(default_factory=dict)
    changed: dict[type[models.Model], int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Rows of every kind together."""
        brought = sum(len(keys) for keys in self.restored.values())
        return sum(self.removed.values()) + sum(self.changed.values()) + brought


def rewind(contexts: list[uuid.UUID]) -> Rewound:
    """Put every table back to before these contexts. Call it in a transaction; CannotRewind undoes all."""
    changes = [read(table, contexts) for table in touched(contexts)]
    _leave_sources_in_use(changes)
    if reasons := [*changed_since(changes), *refer_to_made(changes)]:
        raise CannotRewind(reasons)
    return put_back(changes)


def _leave_sources_in_use(changes: list[Changed]) -> None:
    """A source that somebody cites since stays: it is a document of its own, and no fact of the contexts."""
    made = next((change.made for change in changes if change.table.model is Source), {})
    own = next((list(change.made) for change in changes if change.table.model is Citation), [])
    cited = Citation.objects.filter(source__in=list(made)).exclude(pk__in=own)
    for key in set(cited.values_list("source_id", flat=True)):
        del made[key]


def put_back(changes: list[Changed]) -> Rewound:
    """Take away what was made, change back what was changed, bring back what is gone."""
    try:
        with pgtrigger.ignore(*MOVING_OFFICES), transaction.atomic():
            _defer()
            _take_away(changes)
            for change in changes:
                _change_back(change)
            for change in changes:
                _bring_back(change)
            if reasons := [*refer_to_nothing(changes), *split_offices(changes)]:
                raise CannotRewind(reasons)
            see_now()
    except IntegrityError as error:
        refusal = read_refusal(error)
        if refusal is None:
            raise
        detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", None) or ""
        raise CannotRewind([f"{refusal.message} {detail}".strip()]) from error
    return Rewound(
        removed={c.table.model: len(c.made) for c in changes if c.made},
        restored={c.table.model: list(c.gone) for c in changes if c.gone},
        changed={c.table.model: len(c.changed) for c in changes if c.changed},
    )


def see_now() -> None:
    """Let the database check, and compute, what it leaves for the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    _defer()


def _defer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _take_away(changes: list[Changed]) -> None:
    for change in changes:
        if change.made:
            change.table.model._base_manager.filter(pk__in=list(change.made))._raw_delete("default")


def _change_back(change: Changed) -> None:
    table = change.table
    if not change.changed:
        return
    sets = ", ".join(f"{column} = {_earlier(table, one)}" for one, column in _columns(table))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""UPDATE {table.name} AS now SET {sets}
            FROM {both_states(table)} WHERE now.{table.key} = row.key""",
            arrays(change.changed),
        )


def _earlier(table: Table, one: models.Field) -> str:
    column = quoted(str(one.column))
    earlier = _if_it_still_is(one, f"before.{column}")
    return f"CASE WHEN before.{column} IS DISTINCT FROM last.{column} THEN {earlier} ELSE now.{column} END"


def _bring_back(change: Changed) -> None:
    table = change.table
    if not change.gone:
        return
    columns = ", ".join(column for _, column in _columns(table))
    values = ", ".join(_if_it_still_is(one, f"before.{column}") for one, column in _columns(table))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO {table.name} ({table.key}, {columns})
            SELECT before.{table.key}, {values} FROM {table.log} before WHERE before.pgh_id = ANY(%s)
            ORDER BY before.pgh_id""",
            [[before for before, _ in change.gone.values()]],
        )


def _columns(table: Table) -> Iterator[tuple[models.Field, str]]:
    for one in table.fields:
        yield one, quoted(str(one.column))


def _if_it_still_is(one: Any, value: str) -> str:
    """The value; nothing in place of an account that was deleted, whom the history still names."""
    if not one.remote_field or one.related_model._meta.app_label == "registry":
        return value
    key, table = quoted(one.target_field.column), quoted(one.related_model._meta.db_table)
    return f"(SELECT {key} FROM {table} WHERE {key} = {value})"
