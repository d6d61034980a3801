"""Statements over the rows of a queryset: what PostgreSQL brings together by itself and Django cannot say."""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.models import QuerySet


def ask(statement: str, rows: QuerySet, parameters: list[Any], **parts: str) -> list[tuple[Any, ...]]:
    """What `statement` returns; its `{rows}`, before any parameter, stands for the queryset."""
    sql, given = rows.query.sql_with_params()
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement.format(rows=sql, **parts), [*given, *parameters])
        return cursor.fetchall()
