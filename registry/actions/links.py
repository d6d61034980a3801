"""What a record was linked to by a many-to-many field, at any moment of its history, and back to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from registry.actions.recorded import Table, quoted, table_of


def link_fields(model: type[models.Model]) -> list[tuple[Any, Table]]:
    """The many-to-many fields of a model whose links have a history, each with the table of its links."""
    fields: list[Any] = list(model._meta.many_to_many)
    through = [(one, table_of(one.remote_field.through)) for one in fields]
    return [(one, table) for one, table in through if table is not None]


def linked_before(field: Any, key: Any, moments: Sequence[int] | Sequence[datetime]) -> dict[Any, list[Any]]:
    """Keys of the records linked to the record `key`, before each of these moments; one query.

    A moment is an event of the table of links (`pgh_id`), or a time.
    """
    table: Any = table_of(field.remote_field.through)
    if not moments:
        return {}
    timed = isinstance(moments[0], datetime)
    column, kind = ("pgh_created_at", "timestamptz") if timed else ("pgh_id", "bigint")
    own, other = (
        quoted(table.model._meta.get_field(name).column)
        for name in (field.m2m_field_name(), field.m2m_reverse_field_name())
    )
    found: dict[Any, list[Any]] = {moment: [] for moment in moments}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT moment.number, state.other
            FROM unnest(%s::{kind}[]) WITH ORDINALITY AS moment (at, number)
            CROSS JOIN LATERAL (
                SELECT DISTINCT ON ({table.row_of}) {other} AS other, pgh_label FROM {table.log}
                WHERE {own} = %s AND {column} < moment.at ORDER BY {table.row_of}, pgh_id DESC
            ) state WHERE state.pgh_label <> 'delete'""",
            [list(moments), key],
        )
        for number, linked in cursor.fetchall():
            found[moments[number - 1]].append(linked)
    return found
