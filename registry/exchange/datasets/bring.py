"""Bringing a research table into the registry: each cell as given, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from registry.exchange.datasets.mapping import read_mapping
from registry.exchange.datasets.readings import Readings, Said, read_by
from registry.exchange.datasets.table import Table, read_table
from registry.exchange.lists import resolve
from registry.models import Dataset, DatasetFile
from registry.models.history import attribute_copy

_SAID = """
    CREATE TEMPORARY TABLE said (
        row_key text, "column" text, network_id bigint, member boolean, tier text, founding boolean,
        hosting boolean, since text, until text
    ) ON COMMIT DROP
"""
_FOLLOWS = """
    INSERT INTO registry_observedmembership
        (observation_id, network_id, member, tier, founding, hosting, since, until)
    SELECT cell.id, said.network_id, member, tier, founding, hosting, since, until
    FROM said JOIN registry_observation cell USING (row_key, "column")
    WHERE cell.dataset_id = %s
"""


@dataclass(frozen=True)
class Brought:
    """What came of a table: its rows, cells, rows whose city was found, and statements on memberships.

    `linked` has the addresses of networks by what the table calls them; `unlinked` what else it calls so.
    """

    rows: int
    cells: int
    placed: int
    said: int
    linked: dict[str, int]
    unlinked: list[str]


@dataclass(frozen=True)
class Given:
    """A file with its mapping, and what they say."""

    content: bytes
    name: str
    mapping: str
    table: Table
    readings: Readings


def read(content: bytes, name: str, mapping: str) -> Given:
    """Read a file by a mapping in TOML. Raises ListError and MappingError, with messages for people."""
    table = read_table(content, name)
    return Given(content, name, mapping, table, read_by(read_mapping(mapping), table))


def bring(dataset: Dataset, given: Given, *, who: dict[str, Any]) -> Brought:
    """Save a new dataset with its file, its cells, their cities and what they say: all or nothing.

    `who` is noted in the history. Raises ValidationError where the dataset itself is not right.
    """
    table, readings = given.table, given.readings
    dataset.mapping = given.mapping
    dataset.full_clean()
    cities = [decision.city_id for decision in resolve(readings.cities)]
    with transaction.atomic():
        attribute_copy(**who)
        dataset.save()
        cells = _keep_cells(dataset, table, readings, cities)
        DatasetFile.objects.create(
            dataset=dataset,
            name=given.name[:255],
            content=given.content,
            rows=len(table.rows),
            cells=cells,
        )
        _keep_said(dataset, readings.said)
    return Brought(
        rows=len(table.rows),
        cells=cells,
        placed=sum(city is not None for city in cities),
        said=len(readings.said),
        linked=readings.linked,
        unlinked=readings.unlinked,
    )


def _keep_cells(dataset: Dataset, table: Table, readings: Readings, cities: Sequence[int | None]) -> int:
    """Every cell as given; how many."""
    count = 0
    columns = ("dataset_id", "row_key", "column", "value", "city_id", "network_id")
    with _copy("registry_observation", columns) as copy:
        for key, city, (_, cells) in zip(readings.keys, cities, table.rows, strict=True):
            for header, cell in zip(table.headers, cells, strict=False):
                network = readings.network_of(header, cell)
                copy.write_row((dataset.pk, key, header, cell, city, network))
                count += 1
    return count


def _keep_said(dataset: Dataset, said: Iterable[Said]) -> None:
    columns = ("row_key", "column", "network_id", "member", "tier", "founding", "hosting", "since", "until")
    with connection.cursor() as cursor:
        cursor.execute(_SAID)
        with _copy("said", columns) as copy:
            for one in said:
                says = one.standing
                copy.write_row((
                    *(one.row_key, one.column, one.network),
                    *(says.member, says.tier, says.founding, says.hosting, one.since, one.until),
                ))  # fmt: skip
        cursor.execute("ANALYZE said")
        cursor.execute(_FOLLOWS, [dataset.pk])
        cursor.execute("DROP TABLE said")


def _copy(table: str, columns: Iterable[str]) -> Any:
    names = ", ".join(f'"{column}"' for column in columns)
    return connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN")
