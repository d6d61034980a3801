"""The mapping: a few lines of TOML that say what the columns of a research table mean.

    [row]                       # whom a row speaks of
    city = "City"               # the column with the name; the others may be left out
    country = "ISO2"            # also: division, entity_type, geonames_id, latitude, longitude
    key = ["id"]                # columns that name a row; without them its number does

    [networks]                  # in a wide table a column for each network: its header, its address here
    "C40 Cities" = "c40"

    [values]
    scale = "presence"          # or "grades" (0 to 6), or a table: "2" = { member = true, tier = "full" }
    missing = ["NA"]            # values that say nothing, besides an empty cell

A long table has a column for the network instead, and [networks] gives its names in that column:

    [long]
    network = "network"
    separator = ";"             # where one cell names several
    grade = "status"            # read by the scale; without it each row is a member
    since = "from"
    until = "to"

Without [networks], networks are found by their own names.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.choices import Tier
from registry.exchange.datasets.scale import Scale, Standing, grades, plain, presence

ABOUT_ROW = ("city", "country", "division", "entity_type", "geonames_id", "latitude", "longitude")
# The keys of each part; those of [networks] are the table's own.
TABLES: Mapping[str, tuple[str, ...]] = {
    "row": (*ABOUT_ROW, "key"),
    "networks": (),
    "values": ("scale", "missing"),
    "long": ("network", "separator", "grade", "since", "until"),
}
SAYS = ("member", "tier", "founding", "hosting")
SCALES = {"presence": presence, "grades": grades}


class MappingError(Exception):
    """A mapping cannot be used; each of `messages`, for people, names the place and what is allowed there."""

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = list(messages)
        super().__init__(" ".join(self.messages))


@dataclass(frozen=True)
class TableMapping:
    """A mapping as read. `row` has columns by what they say of the city, `networks` addresses by names."""

    row: dict[str, str]
    key: tuple[str, ...]
    networks: dict[str, str] | None
    scale: Scale
    missing: frozenset[str]
    long: dict[str, str] = field(default_factory=dict)


def read_mapping(text: str) -> TableMapping:
    """The mapping written in TOML. Raises MappingError."""
    if "\0" in text or "\\u0000" in text.lower():
        raise MappingError(["The mapping holds a character that no text has (NUL)."])
    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise MappingError([f"The mapping is not TOML: {error}."]) from error
    if wrong := [*_shape(given), *_texts(given), *_scale_problems(given.get("values", {}))]:
        raise MappingError(wrong)
    row, values = dict(given["row"]), given.get("values", {})
    key = row.pop("key", [])
    return TableMapping(
        row=row,
        key=(key,) if isinstance(key, str) else tuple(key),
        networks=given.get("networks"),
        scale=_scale(values.get("scale", "presence")),
        missing=frozenset(plain(value) for value in values.get("missing", [])) | {""},
        long=given.get("long", {}),
    )


def _shape(given: Mapping[str, Any]) -> Iterator[str]:
    """Tables and keys that no mapping has, and those that every mapping needs."""
    for name, table in given.items():
        if name not in TABLES or not isinstance(table, dict):
            yield f"[{name}] is no part of a mapping; the parts are {_listed(TABLES)}."
            continue
        known = TABLES[name]
        for key in table if known else ():
            if key not in known:
                yield f"[{name}] has no “{key}”; it may have {_listed(known)}."
    if not isinstance(given.get("row"), dict) or "city" not in given["row"]:
        yield '[row] names the column of the cities: city = "…".'
    if isinstance(given.get("long"), dict) and "network" not in given["long"]:
        yield '[long] names the column of the networks: network = "…".'


def _texts(given: Mapping[str, Any]) -> Iterator[str]:
    """Values that are of another kind than expected."""
    for name in ("row", "networks", "long"):
        table = given.get(name)
        for key, value in table.items() if isinstance(table, dict) else ():
            several = (name, key) == ("row", "key")
            if not isinstance(value, str) and not (several and _are_texts(value)):
                or_list = ", or a list of them" if several else ""
                yield f"[{name}] {key} is a text in quotation marks{or_list}."
    values = given.get("values")
    if isinstance(values, dict) and not _are_texts(values.get("missing", [])):
        yield '[values] missing is a list of texts: ["NA"].'


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _scale_problems(values: Any) -> Iterator[str]:
    given = values.get("scale", "presence") if isinstance(values, dict) else "presence"
    if isinstance(given, str) and given not in SCALES:
        yield f"[values] scale is {_listed(SCALES)}, or a table of values, not “{given}”."
    elif not isinstance(given, str | dict):
        yield "[values] scale is a text or a table of values."
    for value, says in given.items() if isinstance(given, dict) else ():
        if not isinstance(says, dict) or not isinstance(says.get("member"), bool):
            yield f"[values.scale] “{value}” says member = true or member = false."
        elif extra := set(says) - {*SAYS}:
            yield f"[values.scale] “{value}” has no “{min(extra)}”; it may have {_listed(SAYS)}."
        elif says.get("tier", "") not in ("", *Tier.values):
            yield f"[values.scale] “{value}”: tier is {_listed(Tier.values)}."
        elif not all(isinstance(says.get(name, False), bool) for name in ("founding", "hosting")):
            yield f"[values.scale] “{value}”: founding and hosting are true or false."


def _scale(given: Any) -> Scale:
    if isinstance(given, str):
        return SCALES[given]()
    return {plain(value): Standing(**says) for value, says in given.items()}


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
