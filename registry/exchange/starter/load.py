"""The starter's facts into the database: what is missing is added, what is there is left alone.

Every row has a permanent identifier made from its own key. So a row that staff edited, gave a new
address or removed is known again, and never comes back or is written over. Names, issues, citations
and proposals come with the record that they belong to.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, transaction

from registry.exchange.gazetteer import load_cities
from registry.exchange.starter.check import check
from registry.exchange.starter.files import Removed, Row, StarterError, read
from registry.exchange.starter.parts import add_parts, old_addresses
from registry.exchange.starter.tables import NETWORKS, TABLES, Table
from registry.exchange.starter.values import field_values
from registry.models import City, Country, Division
from registry.models.base import Named

NAMESPACE = uuid.UUID("6d0c5e0a-7f0f-5b0e-9a55-2f3e4b8c1d70")
NO_GAZETTEER = "The gazetteer is not loaded. Run `python manage.py load_gazetteer` first."

Say = Callable[[str], None]


def load_starter(files: dict[str, list[Row]] | None = None, say: Say = lambda line: None) -> dict[str, int]:
    """Add the starter's missing records in one transaction; how many of each file were added.

    Raises StarterError, having added no record. Cities that the gazetteer had to bring stay: it commits
    what it brings.
    """
    loader = Loader(read() if files is None else files, say)
    if loader.find_missing():
        loader.find_places()
        check(loader)
        with transaction.atomic():
            loader.add_missing()
        # Until the server does so by itself, a minute later, the planner takes every table for empty, and
        # some questions of many tables for hours.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return {table.file: len(loader.created[table.file]) for table in TABLES}


class Loader:
    """One run over all files."""

    def __init__(self, files: dict[str, list[Row]], say: Say) -> None:
        self.files = files
        self.say = say
        self.missing: dict[str, list[Row]] = {}
        self.created: dict[str, list[tuple[Row, Any]]] = {table.file: [] for table in TABLES}
        # File → the keys its rows have.
        self.keys: dict[str, set[str]] = {}
        # File → key of a row → primary key of its record; None where staff removed it.
        self.refs: dict[str, dict[str, Any]] = {}

    def find_missing(self) -> bool:
        """Whether any row was never loaded."""
        for table in TABLES:
            self.find(table)
        return any(self.missing.values())

    def add_missing(self) -> None:
        """Add what is missing, in the order of references."""
        for table in TABLES:
            self.fill(table)
        add_parts(self)

    # --- What is there -----------------------------------------------------------------------------

    def rows(self, file: str) -> list[Row]:
        try:
            return self.files[file]
        except KeyError:
            raise StarterError(f"The file {file}.csv is missing.") from None

    def find(self, table: Table) -> None:
        """Tell rows that were ever loaded from those that were not, by permanent identifier."""
        by_pid: dict[uuid.UUID, Row] = {}
        for row in self.rows(table.file):
            if (first := by_pid.setdefault(pid_of(table, row), row)) is not row:
                raise row.error(table.key[0], f"repeats row {first.line}.")
        known = dict(table.model._base_manager.filter(pid__in=by_pid).values_list("pid", "pk"))
        unknown = by_pid.keys() - known.keys()
        removed = set()
        if unknown:
            events = apps.get_model("registry", f"{table.model.__name__}Event")
            removed = set(events.objects.filter(pid__in=unknown).values_list("pid", flat=True))
        key = table.key[0]
        self.missing[table.file] = [row for pid, row in by_pid.items() if pid in unknown - removed]
        self.keys[table.file] = {row[key] for row in by_pid.values()}
        self.refs[table.file] = {
            row[key]: known.get(pid) for pid, row in by_pid.items() if pid not in unknown - removed
        }

    def find_places(self) -> None:
        """Bring the cities that the missing rows name, small ones included."""
        if not Country.objects.exists():
            raise StarterError(NO_GAZETTEER)
        wanted = set(self.geonames_ids())
        here = set(City.objects.filter(geonames_id__in=wanted).values_list("geonames_id", flat=True))
        if wanted - here:
            self.say(f"Bringing {len(wanted - here)} cities that the gazetteer has not loaded…")
            load_cities(only_geonames_ids=wanted - here)
        places = City.objects.filter(geonames_id__in=wanted).values_list("geonames_id", "pk")
        self.refs["places"] = {str(number): pk for number, pk in places}
        self.refs["countries"] = {code: code for code in Country.objects.values_list("pk", flat=True)}
        self.refs["divisions"] = {code: code for code in Division.objects.values_list("pk", flat=True)}
        self.keys |= {name: set(self.refs[name]) for name in ("places", "countries", "divisions")}

    def geonames_ids(self) -> Iterator[int]:
        """The GeoNames ids that the missing rows name."""
        named = [
            row[by_id]
            for table in TABLES
            for row in self.missing[table.file]
            for by_id, _ in table.places.values()
        ]
        reports = {row["slug"] for row in self.missing["reports"]}
        named += [row["geonames_id"] for row in self.rows("report_cities") if row["report"] in reports]
        return (int(number) for number in named if number.isascii() and number.isdigit())

    def reference(self, file: str, key: str) -> Any:
        """The primary key of the record that a cell names; nothing for an empty cell."""
        if not key:
            return None
        if (found := self.refs[file].get(key)) is None:
            raise Removed
        return found

    def new(self, file: str) -> dict[str, Any]:
        """Key → record, of the records just created from this file."""
        key = next(table.key[0] for table in TABLES if table.file == file)
        return {row[key]: record for row, record in self.created[file]}

    # --- Records -----------------------------------------------------------------------------------

    def fill(self, table: Table) -> None:
        """Create the missing records of one file; those that others of the file refer to come first."""
        waiting, added, left = self.missing[table.file], 0, 0
        own = [column for column, file in table.links.values() if file == table.file]
        while waiting:
            ready: list[Row] = []
            rest: list[Row] = []
            for row in waiting:
                early = any(row[column] and row[column] not in self.refs[table.file] for column in own)
                (rest if early else ready).append(row)
            if not ready:
                raise rest[0].error(own[0], "these rows lie under each other in a circle.")
            built = list(self.build_all(table, ready))
            left += len(ready) - len(built)
            added += self.create(table, built)
            waiting = rest
        skipped = f", {left} left out with records that staff removed" if left else ""
        self.say(f"{table.file}: {added} added{skipped}")

    def build_all(self, table: Table, rows: list[Row]) -> Iterator[tuple[Row, Any]]:
        for row in rows:
            try:
                yield row, self.build(table, row)
            except Removed:
                self.refs[table.file][row[table.key[0]]] = None

    def build(self, table: Table, row: Row) -> Any:
        """An unsaved record of one row."""
        values = field_values(table.model, row, table.columns)
        for name, (column, file) in table.links.items():
            values[f"{name}_id"] = self.reference(file, row[column])
        for name, (by_id, by_slug) in table.places.items():
            values[f"{name}_id"] = self.place(row, by_id, by_slug)
        if table is NETWORKS and row["checked"] != "yes":
            values["founded"] = values["secretariat_id"] = None
        return table.model(pid=pid_of(table, row), **values)

    def place(self, row: Row, by_id: str, by_slug: str) -> Any:
        """The city that a row names by its GeoNames id or by its slug in cities.csv."""
        if by_slug and row[by_slug]:
            return self.reference("cities", row[by_slug])
        return self.reference("places", row[by_id])

    def create(self, table: Table, built: list[tuple[Row, Any]]) -> int:
        """Insert what nobody recorded before, and remember every key."""
        there = recorded_by_staff(table, [record for _, record in built])
        new = [(row, record) for row, record in built if record.pid not in there]
        try:
            table.model._base_manager.bulk_create([record for _, record in new], batch_size=500)
        except IntegrityError as error:
            raise StarterError(f"{table.file}.csv: {str(error).strip()}") from error
        self.created[table.file] += new
        for row, record in built:
            self.refs[table.file][row[table.key[0]]] = there.get(record.pid, record.pk)
        return len(new)


def recorded_by_staff(table: Table, records: list[Any]) -> dict[uuid.UUID, Any]:
    """Of the records, those that staff recorded before: their identifiers, with the keys of what is there.

    The key is None for an address that is taken for good and leads nowhere.
    """
    there: dict[uuid.UUID, Any] = {}
    for names in table.same:
        wanted = {value for record in records if (value := getattr(record, names[0]))}
        found = table.model._base_manager.filter(**{f"{names[0]}__in": wanted}).values_list(*names, "pk")
        keys = {tuple(same): pk for *same, pk in found}
        if issubclass(table.model, Named):
            keys = {(slug,): pk for slug, pk in old_addresses(table.model, wanted)} | keys
        for record in records:
            same = tuple(getattr(record, name) for name in names)
            if same[0] and same in keys:
                there.setdefault(record.pid, keys[same])
    return there


def pid_of(table: Table, row: Row) -> uuid.UUID:
    """The permanent identifier of a row's record: the same in every registry that loads it."""
    return uuid.uuid5(NAMESPACE, "|".join([table.file, *(row[column] for column in table.key)]))
