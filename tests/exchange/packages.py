"""Packages for tests: written, compared byte by byte, and read into a registry that was emptied."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pgtrigger
from django.contrib.auth.models import User
from django.db import connection

from registry.exchange.package import export_registry
from registry.models.history import event_models
from tests.factories import settle
from tests.models.rows import row, save
from tests.models.rows import tables as every_table
from tests.views.rows import make_hub, surround

MARKER = "Zyxwv"
# What the database works out itself, and what is kept beside the registry.
NOT_IN_A_PACKAGE = {
    "Tie",
    "LargePolicy",
    "TakingPart",
    "PackageLoad",
    "Release",
    "ReleasedRecord",
    "ApiToken",
}


def fill() -> None:
    """A registry with drafts, and with at least one row in every table."""
    hub = make_hub()
    surround(hub, 1)
    surround(hub, 1, MARKER, "draft")
    for model in every_table():
        if model.__name__ not in NOT_IN_A_PACKAGE:
            save(row(model))


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
    # Row by row: in a database of a few rows a hundred times as quick as making every file anew.
    with pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
            " AND (starts_with(tablename, 'registry_') OR tablename = 'pghistory_context')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"DELETE FROM {table}")
    settle()
    User.objects.all().delete()


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


def events() -> int:
    return sum(event.objects.count() for event in event_models().values())


def forget_sums(folder: Path) -> None:
    """What was changed by hand has no sum and no number of rows to answer to."""
    path = folder / "datapackage.json"
    about = json.loads(path.read_text())
    for resource in about["resources"]:
        resource.pop("hash", None), resource.pop("rows", None)
    path.write_text(json.dumps(about))


def change(folder: Path, table: str, place: int, **cells: str) -> dict[str, str]:
    """Change some cells of a row, which is given back."""
    found = rows(folder, table)
    found[place] |= cells
    rewrite(folder, table, found)
    forget_sums(folder)
    return found[place]
