"""`datapackage.json`: what a package says of itself, by the standard of Frictionless Data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.exchange.package.fields import TableField
from registry.exchange.package.tables import Table, tables

NAME = "citynet-registry"
FILE = "datapackage.json"
# Raised when a package of the older form can no longer be read.
FORM = 1
LICENCE = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
# Research tables stay under the licences of those who published them.
OF_EACH = {"name": "other", "title": "The licence that datasets.csv gives of each table"}
GEONAMES = {"title": "GeoNames, CC BY 4.0", "path": "https://www.geonames.org/"}
ISO = {"title": "ISO 3166-1 and ISO 3166-2", "path": "https://www.iso.org/iso-3166-country-codes.html"}
CITED = {"title": "The documents that the registry cites: sources.csv and citations.csv"}
PARTIAL_DATE = r"^[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$"
ABOUT = (
    "Who collaborates with whom on which issue, since when, and how do we know: cities, networks, "
    "memberships, joint policies and their parties, city offices, issues, reports and organisations, each "
    "with its sources. A date is a year, a month or a day, at the precision known; blank means unknown."
)


@dataclass(frozen=True)
class Written:
    """A file as it was written."""

    table: Table
    rows: int
    size: int
    sha256: str


def describe(files: list[Written], everything: bool, said: Mapping[str, str]) -> str:
    """The text of the descriptor; `said` adds to what it says of the package (`version`, `created`)."""
    about = {
        "profile": "tabular-data-package",
        "name": NAME,
        "title": "CityNet: a registry of city diplomacy",
        "description": ABOUT,
        **said,
        "licenses": [LICENCE],
        "sources": [CITED, GEONAMES, ISO],
        "citynet": {"form": FORM, "holds": "everything" if everything else "what is published"},
        "rows": sum(one.rows for one in files),
        "resources": [_resource(one, everything) for one in files],
    }
    return json.dumps(about, ensure_ascii=False, indent=2) + "\n"


def _resource(file: Written, everything: bool) -> dict[str, Any]:
    table = file.table
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": table.path,
        "title": table.title,
        "description": table.about,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "rows": file.rows,
        "licenses": [OF_EACH if table.of_datasets else LICENCE],
        "sources": [GEONAMES] if table.from_geonames else [CITED],
        "schema": schema_of(table, everything),
    }


def schema_of(table: Table, everything: bool) -> dict[str, Any]:
    """The table schema: fields with their constraints, the primary key, and what refers to which table."""
    schema: dict[str, Any] = {
        "fields": [_field(one) for one in table.fields(everything)],
        "missingValues": [""],
        "primaryKey": [one.name for one in table.key_fields()],
    }
    if references := _references(table, everything):
        schema["foreignKeys"] = references
    return schema


def _field(one: TableField) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if one.required else {}
    if one.type == "partial-date":
        constraints["pattern"] = PARTIAL_DATE
    elif one.choices:
        constraints["enum"] = one.choices
    elif one.longest:
        constraints["maxLength"] = one.longest
    plain = one.type in ("partial-date", "binary")
    said: dict[str, Any] = {"name": one.name, "type": "string" if plain else one.type}
    if one.is_uuid or one.type == "binary":
        said["format"] = "uuid" if one.is_uuid else one.type
    said["description"] = str(one.about)
    return {**said, "constraints": constraints} if constraints else said


def _references(table: Table, everything: bool) -> list[dict[str, Any]]:
    by_model = {one.model: one for one in tables(everything)}
    ends: dict[Any, list[TableField]] = {}
    for one in table.fields(everything):
        if one.target and one.target[0] in by_model:
            ends.setdefault(one.field, []).append(one)
    return [
        {
            "fields": [one.name for one in parts],
            "reference": {
                "resource": "" if end.related_model is table.model else by_model[end.related_model].name,
                "fields": [one.name for one in by_model[end.related_model].key_fields()],
            },
        }
        for end, parts in ends.items()
    ]
