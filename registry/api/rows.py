"""The fields of a row as JSON: those of the listing's files, and what is embedded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import DenseRank
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation

from registry.api.resources import RESOURCES, Embed, Resource
from registry.exchange.columns import Column, Field
from registry.exchange.columns.base import reach

# Of what is embedded, the rows beside each row.
MOST_EMBEDDED = 50
# What is asked to be embedded, by name, with what is to be embedded in that.
Tree = dict[str, "Tree"]


def as_json(resource: Resource, rows: list[Any], fields: list[Field], tree: Tree, request: Any) -> list[Any]:
    """Rows as the API gives them, with these fields and what is to be embedded.

    A constant number of queries for each name in the tree, however many rows there are.
    """
    written = [{one.name: plain(value_of(one, row)) for one in fields} for row in rows]
    for name, below in tree.items():
        embedded = _embedded(resource, resource.embeds[name], rows, below, request)
        for row, one in zip(written, embedded, strict=True):
            row[name] = one
    return written


def value_of(field: Field, row: Any) -> Any:
    """The value of a field; a name of another record as the reader's language has it, where it is known."""
    *to_record, last = (field.path or field.name).split(".")
    if last != "name" or translation.get_language() == settings.LANGUAGE_CODE:
        return field.of(row)
    found = reach(row, to_record) if to_record else row
    return [_local(one) for one in found] if isinstance(found, list) else _local(found)


def _local(record: Any) -> Any:
    return None if record is None else getattr(record, "local_name", None) or record.name


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if value is None or isinstance(value, bool | int | float | str):
        return str(value) if isinstance(value, str) else value
    return [plain(one) for one in value] if isinstance(value, list) else str(value)


def columns_of(resource: Resource, fields: Iterable[Field]) -> list[Column]:
    """The columns that give these fields."""
    wanted = set(fields)
    return [one for one in resource.rows().listing.columns if wanted.intersection(one.fields)]


def _embedded(resource: Resource, embed: Embed, rows: list[Any], tree: Tree, request: Any) -> list[Any]:
    """For each row the first rows of the other resource that belong to it, and where all of them are."""
    other = RESOURCES[embed.resource]
    view = other.rows()
    keys = _first_keys(embed, [row.pk for row in rows], view.queryset)
    wanted = list(dict.fromkeys(key for found in keys.values() for key in found[:MOST_EMBEDDED]))
    columns = list(view.listing.columns)
    read = view.read(wanted, None, columns)  # type: ignore[arg-type]  # all columns: no filter is asked for
    written = as_json(other, read, list(other.fields.values()), tree, request)
    by_key = {row.pk: one for row, one in zip(read, written, strict=True)}
    return [
        {
            "rows": [by_key[key] for key in keys[row.pk][:MOST_EMBEDDED] if key in by_key],
            "more": len(keys[row.pk]) > MOST_EMBEDDED,
            "all": _address(other, embed, resource, row, request),
        }
        for row in rows
    ]


def _first_keys(embed: Embed, keys: list[Any], public: Any) -> dict[Any, list[Any]]:
    """By the key of each row those of the first public rows that are linked to it, and of one more."""
    links = embed.links().filter(
        **{f"{embed.here}__in": keys, f"{embed.there}__in": public.order_by().values("pk")}
    )
    # Two links of one pair, a city that came back to a network, have one place.
    place = Window(DenseRank(), partition_by=F(embed.here), order_by=[embed.there])
    pairs = links.order_by().values(of_row=F(embed.here), embedded=F(embed.there), place=place)
    found: dict[Any, dict[Any, None]] = defaultdict(dict)
    for pair in pairs.filter(place__lte=MOST_EMBEDDED + 1).order_by("of_row", "place"):
        found[pair["of_row"]][pair["embedded"]] = None
    return {key: list(found[key]) for key in keys}


def _address(other: Resource, embed: Embed, resource: Resource, row: Any, request: Any) -> str | None:
    """Where all of the rows are, if they can be asked for."""
    # Of two ends of the same kind the parameter bears the name of the one.
    name = embed.here if embed.here in other.parameters else resource.one
    if not resource.one or name not in other.parameters:
        return None
    query = QueryDict(mutable=True)
    query[name] = row.slug
    return request.build_absolute_uri(f"{reverse(f'api:{other.key}')}?{query.urlencode()}")
