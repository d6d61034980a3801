"""The migrations make what the models say, can be run again, and can be undone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection

ROOT = Path(__file__).parents[2]


@pytest.mark.django_db
def test_no_change_of_the_models_lacks_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.fixture
def empty_database(db: None) -> Iterator[str]:
    """The address of a database of this test's own."""
    parameters = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in {"host", "port", "user", "password"} and value
    }
    name = f"{connection.settings_dict['NAME']}_migrations"
    with psycopg.connect(**parameters, dbname="postgres", autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        who = quote(parameters.get("user", ""))
        if "password" in parameters:
            who += f":{quote(parameters['password'])}"
        where = quote(parameters.get("host", ""), safe="")
        if "port" in parameters:
            where += f":{parameters['port']}"
        yield f"postgres://{who}@{where}/{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def manage(address: str, *arguments: str) -> str:
    """What manage.py prints, run on the database at this address."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def schema(address: str) -> set[tuple[str, ...]]:
    """Every column, constraint, index, trigger, view and function of the registry."""
    with psycopg.connect(address) as database, database.cursor() as cursor:
        return _schema(cursor)


def _schema(cursor: Any) -> set[tuple[str, ...]]:
    cursor.execute(
        """
        SELECT 'column', table_name, column_name, concat(data_type, column_default, is_nullable)
            FROM information_schema.columns WHERE table_schema = 'public'
        UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
            FROM pg_constraint WHERE connamespace = 'public'::regnamespace
        UNION ALL SELECT 'index', tablename, indexname, indexdef
            FROM pg_indexes WHERE schemaname = 'public'
        UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
            FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'view', viewname, '', definition
            FROM pg_views WHERE schemaname = 'public'
        UNION ALL SELECT 'function', '', proname, prosrc
            FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prolang <> 13
        """
    )
    return set(cursor.fetchall())


def test_the_migrations_can_be_run_again_and_undone(empty_database: str) -> None:
    manage(empty_database, "migrate", "--verbosity=0")
    with connection.cursor() as cursor:
        assert schema(empty_database) == _schema(cursor)
    manage(empty_database, "migrate", "registry", "zero", "--verbosity=0")
    left = {name for row in schema(empty_database) for name in row[1:3] if name.startswith("registry_")}
    assert not left
