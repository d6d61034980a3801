"""Writing the registry as a Data Package: the same registry gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from registry.exchange.package.descriptor import FILE, Written, describe
from registry.exchange.package.errors import PackageError
from registry.exchange.package.rows import rows_of, sql_of
from registry.exchange.package.tables import Table, tables

Say = Callable[[str], None]


def export_registry(folder: Path, *, everything: bool = False, say: Say = lambda line: None) -> list[Written]:
    """Write what is published, or everything with its history, into a folder that must not hold anything.

    It appears under its name when it is whole. Raises PackageError.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise PackageError([f"{folder} is there already: name a new or an empty folder."])
    with appearing_whole(folder) as unfinished:
        return write_into(unfinished, everything=everything, say=say)


def write_into(
    folder: Path,
    *,
    everything: bool,
    said: Mapping[str, str] | None = None,
    say: Say = lambda line: None,
) -> list[Written]:
    """Write the files of a package into a folder, as the registry stands at one moment.

    `said` is what its descriptor says of it beside the usual (`version`, `created`).
    """
    files = []
    with _one_moment(), connection.cursor() as cursor:
        for table in tables(everything):
            files.append(_write(cursor, table, folder, everything))
            say(f"{table.path}: {files[-1].rows:,} rows")
    (folder / FILE).write_text(describe(files, everything, said or {}), encoding="utf-8", newline="\n")
    return files


@contextmanager
def appearing_whole(place: Path) -> Iterator[Path]:
    """A folder to write in that takes its place at the end; a writer that is killed leaves nothing there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        yield unfinished
        unfinished.chmod(0o755)
        for path in unfinished.iterdir():
            with path.open("rb") as file:
                os.fsync(file.fileno())
        unfinished.replace(place)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def _one_moment() -> Iterator[None]:
    """All tables as they stand at one moment, whatever is written meanwhile."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _write(cursor: Any, table: Table, folder: Path, everything: bool) -> Written:
    sql = sql_of(rows_of(table, everything))
    header = ",".join(one.name for one in table.fields(everything)) + "\n"
    digest, size = hashlib.sha256(), 0
    with (
        (folder / table.path).open("wb") as file,
        cursor.copy(f"COPY ({sql}) TO STDOUT WITH (FORMAT csv)") as rows,
    ):
        for piece in chain([header.encode()], rows):
            digest.update(piece)
            size += file.write(piece)
    return Written(table, cursor.rowcount, size, digest.hexdigest())
