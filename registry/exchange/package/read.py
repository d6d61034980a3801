"""Reading a Data Package: its descriptor, and its files into temporary tables of text."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from registry.exchange.package.descriptor import FILE, FORM, NAME
from registry.exchange.package.errors import PackageError, Problems, quoted, several
from registry.exchange.package.tables import Table, tables

# Texts of the registry have no such limit. Lists have their own (`registry.exchange.lists.files`).
csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
_SUM = re.compile(r"sha256:([0-9a-f]{64})")
_SURROGATE = re.compile(r"[\ud800-\udfff\x00]")


@dataclass(frozen=True)
class Given:
    """A package as it was given. `digest` is the SHA-256 sum of its descriptor, which has those of all."""

    folder: Path
    everything: bool
    digest: str
    resources: dict[str, dict[str, Any]]

    @property
    def tables(self) -> list[Table]:
        """Its tables in the order of their references."""
        return [table for table in tables(self.everything) if table.name in self.resources]


def read_descriptor(folder: Path) -> Given:
    """What the package says of itself. Raises PackageError where it is none of ours."""
    try:
        content = (folder / FILE).read_bytes()
    except OSError as error:
        raise PackageError([f"{folder / FILE} cannot be read: {error.strerror}."]) from error
    try:
        about = json.loads(content)
    except ValueError as error:
        raise PackageError([f"{FILE} is no JSON: {error}."]) from error
    own = about.get("citynet") if isinstance(about, dict) else None
    if not isinstance(own, dict) or about.get("name") != NAME:
        raise PackageError([f"{FILE} is not of a registry: its name is not “{NAME}”."])
    if own.get("form") != FORM or own.get("holds") not in ("everything", "what is published"):
        raise PackageError(
            [f"{FILE}: “citynet” has form {FORM}, and holds “everything” or “what is published”."]
        )
    everything = own["holds"] == "everything"
    resources = _resources(about, everything)
    return Given(folder, everything, hashlib.sha256(content).hexdigest(), resources)


def _resources(about: dict[str, Any], everything: bool) -> dict[str, dict[str, Any]]:
    """The resources by name; each is a table of ours, in the file of its name."""
    problems = Problems()
    known = {table.name: table for table in tables(everything)}
    found: dict[str, dict[str, Any]] = {}
    given = about.get("resources")
    for number, one in enumerate(given if isinstance(given, list) else [], 1):
        name = one.get("name") if isinstance(one, dict) else None
        if not isinstance(name, str) or name not in known:
            problems.add(FILE, None, f"resource {number}", f"{quoted(name)} is none of: {several(known)}.")
        elif one.get("path") != known[name].path:
            problems.add(FILE, None, f"resource {name}", f"its path is not {known[name].path}.")
        elif name in found:
            problems.add(FILE, None, f"resource {name}", "it is there twice.")
        else:
            found[name] = one
    if not found:
        problems.add(FILE, None, "resources", "there are none.")
    problems.check()
    return found


def stage(given: Given, cursor: Any, problems: Problems) -> list[Table]:
    """Bring every file into a temporary table of text, one column for each of its own and `line`.

    Returns the tables that have rows.
    """
    filled = []
    for table in given.tables:
        resource = given.resources[table.name]
        path = given.folder / table.path
        try:
            with path.open("rb") as content:
                found = hashlib.file_digest(content, "sha256").hexdigest()
            said = _SUM.fullmatch(str(resource.get("hash", "")))
            if said and said[1] != found:
                problems.add(table.path, None, "", f"its SHA-256 sum is not the one in {FILE}.")
            rows = _stage(table, given.everything, path, cursor, problems)
        except OSError as error:
            problems.add(table.path, None, "", f"it cannot be read: {error.strerror}.")
            continue
        if isinstance(count := resource.get("rows"), int) and rows is not None and count != rows:
            problems.add(table.path, None, "", f"it has {rows:,} rows; {FILE} says {count:,}.")
        if rows:
            filled.append(table)
    return filled


def raw(table: Table) -> str:
    """The temporary table of a file's text."""
    return f"package_raw_{table.name.replace('-', '_')}"


def _stage(table: Table, everything: bool, path: Path, cursor: Any, problems: Problems) -> int | None:
    """How many rows the file has; None where its header is wrong."""
    names = [one.name for one in table.fields(everything)]
    columns = "".join(f', "{name}" text' for name in names)
    cursor.execute(f"DROP TABLE IF EXISTS {raw(table)}")
    cursor.execute(f"CREATE TEMPORARY TABLE {raw(table)} (line integer{columns})")
    # What is no UTF-8 is told with its row, instead of ending the reading.
    with path.open(encoding="utf-8", errors="surrogateescape", newline="") as text:
        lines = csv.reader(text, strict=True)
        order = _header(table, next(lines, []), names, problems)
        if order is None:
            return None
        count = 0
        with cursor.copy(f"COPY {raw(table)} (line{_listed(order)}) FROM STDIN") as copy:
            for line, cells in _numbered(table, lines, problems):
                count += 1
                if len(cells) != len(order):
                    problems.add(table.path, line, "", f"it has {len(cells)} cells instead of {len(order)}.")
                    continue
                try:
                    copy.write_row((line, *(cell or None for cell in cells)))
                except (UnicodeEncodeError, psycopg.DataError):
                    _tell_text(table, line, order, cells, problems)
    cursor.execute(f"ANALYZE {raw(table)}")
    return count


def _listed(names: list[str]) -> str:
    return "".join(f', "{name}"' for name in names)


def _header(table: Table, header: list[str], names: list[str], problems: Problems) -> list[str] | None:
    """The columns in the order of the file; None, and an error for each, where they are not the table's."""
    for name in sorted(set(header) - set(names)):
        problems.add(table.path, 1, quoted(name), f"there is no such column. There are: {several(names)}.")
    for name in names:
        if header.count(name) != 1:
            problems.add(
                table.path, 1, name, "the column is missing." if name not in header else "it is there twice."
            )
    return header if sorted(header) == sorted(names) else None


def _numbered(table: Table, lines: Any, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    line = 1
    try:
        for line, cells in enumerate(lines, 2):
            if cells:
                yield line, cells
    except csv.Error as error:
        problems.add(table.path, line + 1, "", f"the row is no CSV, and the rest is not read: {error}.")


def _tell_text(table: Table, line: int, order: list[str], cells: list[str], problems: Problems) -> None:
    for name, cell in zip(order, cells, strict=True):
        if _SURROGATE.search(cell):
            problems.add(table.path, line, name, "it is no text in UTF-8, or has a NUL.")
