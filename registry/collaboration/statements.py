"""Statements over the rows of a queryset: what PostgreSQL brings together by itself and Django cannot say."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet


def ask(statement: str, rows: QuerySet, parameters: list[Any], **parts: str) -> list[tuple[Any, ...]]:
    """What `statement` returns; its `{rows}`, before any parameter, stands for the queryset.

    Nothing where Django knows already that there are no rows.
    """
    try:
        sql, given = rows.query.sql_with_params()
    except EmptyResultSet:
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement.format(rows=sql, **parts), [*given, *parameters])
        return cursor.fetchall()


def ask_of(
    named: dict[str, list[QuerySet]], statement: str, parameters: list[Any], *, each_once: bool = True
) -> list[tuple[Any, ...]]:
    """What `statement` returns; each name in it is a table of the rows of its querysets, each row once.

    A name says what the columns are called, the same for all of its querysets: `party(city, policy)`. A
    statement that cares for rows that come again need not have them sorted out.
    """
    select = "SELECT DISTINCT" if each_once else "SELECT"
    tables: list[str] = []
    given: list[Any] = []
    database = "default"
    for name, querysets in named.items():
        parts = [f"SELECT {', '.join(['NULL::bigint'] * (name.count(',') + 1))} WHERE false"]
        for rows in querysets:
            try:
                sql, values = rows.order_by().query.sql_with_params()
            except EmptyResultSet:
                continue
            parts.append(f"({sql})")
            given += values
            database = rows.db
        tables.append(f"{name} AS ({select} * FROM ({' UNION ALL '.join(parts)}) AS rows)")
    with connections[database].cursor() as cursor:
        cursor.execute(f"WITH {', '.join(tables)} {statement}", [*given, *parameters])
        return cursor.fetchall()
