"""Every cell and reference of the rows to be loaded, looked at before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from registry.choices import Publication
from registry.exchange.starter.files import Row, StarterError
from registry.exchange.starter.tables import (
    EVIDENCE_NEEDED,
    ISSUES,
    NAMES,
    PAIRS,
    SOURCES,
    TABLES,
    Table,
)
from registry.exchange.starter.values import field_values
from registry.models import IssueMapping, IssueScheme, SchemeConcept

if TYPE_CHECKING:
    from registry.exchange.starter.load import Loader

MOST_SHOWN = 20


def check(loader: Loader) -> None:
    """Raise one StarterError that names every row with a fault."""
    faults: list[str] = []
    check_records(loader, faults)
    check_parts(loader, faults)
    check_vocabulary(loader, faults)
    if faults:
        more = len(faults) - MOST_SHOWN
        rest = [f"…and {more} more."] if more > 0 else []
        raise StarterError("\n".join(faults[:MOST_SHOWN] + rest))


@contextmanager
def noting(faults: list[str]) -> Iterator[None]:
    """Note what is wrong with a row and go on to the next."""
    try:
        yield
    except StarterError as error:
        faults.append(str(error))


def check_records(loader: Loader, faults: list[str]) -> None:
    """The rows that become records of their own."""
    for table in TABLES:
        for row in loader.missing[table.file]:
            with noting(faults):
                check_record(loader, table, row)


def check_parts(loader: Loader, faults: list[str]) -> None:
    """The rows that belong to records."""
    for pairs in PAIRS:
        for row in loader.rows(pairs.file):
            with noting(faults):
                check_pair(loader, row, pairs.owner[1:], pairs.other[1:])
    for file, (model, column, owner_file) in NAMES.items():
        for row in loader.rows(file):
            with noting(faults):
                field_values(model, row, ("name", "language", "kind"))
                known(loader, row, column, owner_file)


def check_vocabulary(loader: Loader, faults: list[str]) -> None:
    """The other schemes, their concepts and what is mapped to them."""
    schemes = {row["slug"] for row in loader.rows("schemes")}
    concepts = {(row["scheme"], row["code"]) for row in loader.rows("issue_schemes")}
    for row in loader.rows("schemes"):
        with noting(faults):
            field_values(IssueScheme, row, ("slug", "name", "url"))
    for row in loader.rows("issue_schemes"):
        with noting(faults):
            field_values(SchemeConcept, row, ("code", "label"))
            among(row, "scheme", row["scheme"] in schemes, "schemes")
    for row in loader.rows("issue_mappings"):
        with noting(faults):
            field_values(IssueMapping, row, ("match",))
            known(loader, row, "issue", ISSUES.file)
            among(row, "code", (row["scheme"], row["code"]) in concepts, "issue_schemes")


def check_record(loader: Loader, table: Table, row: Row) -> None:
    """One row of a file of records."""
    if len(table.key) == 1 and not row[table.key[0]]:
        raise row.error(table.key[0], "this is needed.")
    values = field_values(table.model, row, table.columns)
    for name, (column, file) in table.links.items():
        if row[column]:
            known(loader, row, column, file)
        elif not table.model._meta.get_field(name).null:
            raise row.error(column, "this is needed.")
    for by_id, by_slug in table.places.values():
        check_place(loader, row, by_id, by_slug)
    if table.cited_as:
        for key in row.list("sources"):
            among(row, "sources", key in loader.keys[SOURCES.file], SOURCES.file, key)
        if table in EVIDENCE_NEEDED and values["publication"] == Publication.PUBLISHED and not row["sources"]:
            raise row.error("sources", "a published row needs a source.")


def check_place(loader: Loader, row: Row, by_id: str, by_slug: str) -> None:
    """A city named by its GeoNames id, or by its slug in cities.csv where the file has such a column."""
    if by_slug and bool(row[by_id]) == bool(row[by_slug]):
        raise row.error(by_slug, f"name the city by {by_id} or by {by_slug}, one of the two.")
    if by_slug and row[by_slug]:
        known(loader, row, by_slug, "cities")
    elif row[by_id]:
        known(loader, row, by_id, "places")


def check_pair(loader: Loader, row: Row, owner: tuple[str, str], other: tuple[str, str]) -> None:
    """A row that ties a record to another."""
    known(loader, row, *owner)
    if row[owner[0]] in loader.refs[owner[1]]:
        return  # the record is there already, and nothing will be tied to it
    if other[1] == "places":
        check_place(loader, row, "geonames_id", "city")
    else:
        known(loader, row, *other)


def known(loader: Loader, row: Row, column: str, file: str) -> None:
    """Refuse a key that its file (or the gazetteer) does not have."""
    among(row, column, row[column] in loader.keys[file], file)


def among(row: Row, column: str, found: bool, file: str, key: str = "") -> None:
    if not found:
        where = "the gazetteer" if file in ("places", "countries", "divisions") else f"{file}.csv"
        raise row.error(column, f"“{key or row[column]}” is not in {where}.")
