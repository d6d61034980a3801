"""What changed from one release to the next: both read side by side, in the order of their keys."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any
from zipfile import ZipFile

from registry.exchange.package.tables import Table, tables

Open = Callable[[Table], AbstractContextManager[IO[str] | None]]
TOLD = 5
HEADER = ("table", "change", "id", "name", "columns")
# The columns that name a row to people, the best first; of a link, those that lead to its ends.
NAMES = ("name", "title", "hypothesis", "url", "label", "value")


@dataclass(frozen=True)
class RowChange:
    """A row of a table that was added, changed or removed; `columns` are those that say something else."""

    table: Table
    change: str
    row: dict[str, str]
    columns: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The key of the row; the parts of it set apart by blanks."""
        return " ".join(self.row[one.name] for one in self.table.key_fields())

    @property
    def ends(self) -> list[str]:
        """The keys of the records that it joins."""
        return [self.row[one.name] for one in self.table.fields(False) if one.target and self.row[one.name]]


def files_of(folder: Path) -> Open:
    """Opens the file of a table in a folder."""

    @contextmanager
    def read(table: Table) -> Iterator[IO[str] | None]:
        with (folder / table.path).open(encoding="utf-8", newline="") as file:
            yield file

    return read


def files_in(archive: Path) -> Open:
    """Opens the file of a table in a release; nothing where it has no such table."""

    @contextmanager
    def read(table: Table) -> Iterator[IO[str] | None]:
        with ZipFile(archive) as packed:
            if table.path not in packed.namelist():
                yield None
                return
            with packed.open(table.path) as file:
                yield TextIOWrapper(file, encoding="utf-8", newline="")

    return read


def compare(before: Open, after: Open) -> Iterator[RowChange]:
    """Every change of every table of the public package; a few rows are in memory at a time."""
    for table in tables(everything=False):
        with before(table) as old, after(table) as new:
            yield from _compare(table, rows_of(old), rows_of(new))


def rows_of(file: IO[str] | None) -> Iterator[dict[str, str]]:
    """The rows of a file, if there is one."""
    return iter(csv.DictReader(file)) if file else iter(())


def _compare(
    table: Table, old: Iterator[dict[str, str]], new: Iterator[dict[str, str]]
) -> Iterator[RowChange]:
    parts = [one.name for one in table.key_fields()]

    def key(row: dict[str, str] | None) -> list[str] | None:
        return None if row is None else [row[part] for part in parts]

    one, other = next(old, None), next(new, None)
    while one is not None or other is not None:
        mine, theirs = key(one), key(other)
        if theirs is None or (mine is not None and mine < theirs):
            yield RowChange(table, "removed", one or {})
            one = next(old, None)
        elif mine is None or theirs < mine:
            yield RowChange(table, "added", other or {})
            other = next(new, None)
        else:
            if differing := _differing(one or {}, other or {}):
                yield RowChange(table, "changed", other or {}, differing)
            one, other = next(old, None), next(new, None)


def _differing(old: dict[str, str], new: dict[str, str]) -> tuple[str, ...]:
    """The columns of both that say something else."""
    return tuple(name for name, value in new.items() if name in old and old[name] != value)


def write_changes(file: IO[str], before: Open, after: Open) -> dict[str, dict[str, Any]]:
    """Write the change list as CSV. Returns for each table and change its `number` and the first `names`."""
    names = {**_names(before), **_names(after)}
    counted: dict[str, dict[str, Any]] = {}
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    for one in compare(before, after):
        name = name_of(one, names)
        writer.writerow([one.table.name, one.change, one.key, name, " ".join(one.columns)])
        told = counted.setdefault(one.table.name, {}).setdefault(one.change, {"number": 0, "names": []})
        told["number"] += 1
        if name and len(told["names"]) < TOLD:
            told["names"].append(name)
    return counted


def _names(place: Open) -> dict[str, str]:
    """What the records that others lead to are called."""
    names: dict[str, str] = {}
    for table in tables(everything=False):
        columns = {one.name for one in table.fields(False)}
        if len(table.key_fields()) > 1 or not columns.intersection(NAMES):
            continue
        key = table.key_fields()[0].name
        with place(table) as file:
            names |= {row[key]: _own_name(row) for row in rows_of(file)}
    return names


def _own_name(row: dict[str, str]) -> str:
    return next((row[name] for name in NAMES if row.get(name)), "")


def name_of(change: RowChange, names: dict[str, str]) -> str:
    """What a row is called: by itself, and by what it joins."""
    own = _own_name(change.row)
    if own and len(change.table.key) == 1:
        return own
    ends = [names.get(end, "") for end in change.ends]
    return " – ".join(part for part in [*ends, own] if part)
