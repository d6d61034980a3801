"""Tests that must commit, because what they test happens at the commit or between two of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Real transactions; the registry's tables are emptied afterwards and the groups of staff stay."""
    with django_db_blocker.unblock():
        yield
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
                " AND (starts_with(tablename, 'registry_') OR tablename = 'pghistory_context')"
            )
            (tables,) = cursor.fetchone() or ("",)
            cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        connection.close()
