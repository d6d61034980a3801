"""Packages for tests: written, compared byte by byte, and read into a registry that was emptied."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.db import connection

from registry.exchange.package import export_registry
from tests.factories import settle


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def written(folder: Path, *, everything: bool = False) -> dict[str, bytes]:
    """The registry as a package in a new folder, and the bytes of its files."""
    settle()
    export_registry(folder, everything=everything)
    return contents(folder)


def empty() -> None:
    """Take every row of the registry away, its history and the accounts too."""
    settle()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'"
            " AND (starts_with(tablename, 'registry_') OR tablename IN ('pghistory_context', 'auth_user'))"
        )
        (tables,) = cursor.fetchone() or ("",)
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """The rows of one file."""
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def rewrite(folder: Path, table: str, given: list[dict[str, Any]]) -> None:
    """Other rows for one file, with the columns that it had."""
    path = folder / f"{table}.csv"
    header = path.read_text(encoding="utf-8").splitlines()[0].split(",")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(given)
