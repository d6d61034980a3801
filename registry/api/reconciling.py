"""Queries of the Reconciliation Service API 0.2 in the words of the registry, and its answers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext

from registry.api.problems import Refused, TooLarge
from registry.api.question import plain_text
from registry.api.resources import RESOURCES
from registry.api.rows import columns_of, plain, value_of
from registry.exchange.columns import Field
from registry.exchange.lists import Decision, ListRow, Outcome, resolve_in_public
from registry.exchange.lists.cells import clean, make_row
from registry.models import City

Json = dict[str, Any]
CITIES = RESOURCES["cities"]
# All that can be found is of one type; what sort of government it is is a property, `kind`.
CITY: Json = {"id": "city", "name": "City"}
MOST_QUERIES = 100
MOST_CITIES = 500
USUAL, MOST = 5, 8
LONGEST_LIMIT = 10**9
# Properties that help to find a city, by what the resolver calls them.
TELLING = {
    "country": "country",
    "country_id": "country",
    "country_name": "country",
    "division": "division",
    "division_id": "division",
    "division_iso_code": "division",
    "division_name": "division",
    "kind": "entity_type",
    "geonames_id": "geonames_id",
    "latitude": "latitude",
    "longitude": "longitude",
}
CODES = ("wikidata_id", "unlocode")


def read_json(name: str, text: str) -> Json:
    """The object in a parameter; raises Refused where there is none."""
    found = None
    # Numbers of a thousand digits and lists of a thousand levels are no queries either.
    with suppress(ValueError, RecursionError):
        found = json.loads(text)
    if not isinstance(found, dict):
        raise Refused([(name, gettext("It has to be a JSON object."))])
    return found


# --- Queries ---------------------------------------------------------------------------------------------


def answer(batch: Json) -> Json:
    """The candidates for each query of a batch. Raises Refused or TooLarge."""
    if len(batch) > MOST_QUERIES:
        words = gettext("At most %(most)s queries are answered at once.")
        raise TooLarge(words % {"most": MOST_QUERIES})
    cells = {key: _cells(key, one) for key, one in batch.items()}
    rows = {key: make_row(number, found, {}) for number, (key, found) in enumerate(cells.items(), start=1)}
    decided = _decided(rows)
    named = _by_codes(cells)
    cities = _cities(one.city_id for decision in decided.values() for one in decision.candidates)
    return {key: {"result": _result(batch[key], decided[key], named.get(key), cities)} for key in batch}


def _decided(rows: dict[str, ListRow]) -> dict[str, Decision]:
    return dict(zip(rows, resolve_in_public(list(rows.values())), strict=True))


def _cells(key: str, query: Any) -> dict[str, str]:
    """A query as the cells of a row; raises Refused where it is none."""
    where = f"queries.{plain_text(key)[:40]}"
    if not isinstance(query, dict):
        raise Refused([(where, gettext("It has to be a JSON object."))])
    text, properties = query.get("query", ""), query.get("properties", [])
    if not isinstance(text, str) or not isinstance(properties, list) or not (text or properties):
        raise Refused([(where, gettext("It needs a query, which is a text, or a list of properties."))])
    limit = query.get("limit", 1)
    if not isinstance(limit, int | float) or isinstance(limit, bool) or not 1 <= limit < LONGEST_LIMIT:
        raise Refused([(f"{where}.limit", gettext("It has to be a whole number from 1."))])
    cells = {"name": clean(plain_text(text))}
    for one in properties:
        pid, value = (one.get("pid"), one.get("v")) if isinstance(one, dict) else (None, None)
        if not isinstance(pid, str) or (pid not in TELLING and pid not in CITIES.fields):
            words = gettext("“%(given)s” is not a property here. There are: %(allowed)s.")
            known = ", ".join({**TELLING, **CITIES.fields})
            raise Refused([(where, words % {"given": plain_text(str(pid))[:40], "allowed": known})])
        if found := clean(plain_text(_text(value))):
            cells.setdefault(TELLING.get(pid, pid), found)
    return cells


def _text(value: Any) -> str:
    """A value of a property as text: of several the first, of a record its name."""
    if isinstance(value, list):
        return next((text for one in value if (text := _text(one))), "")
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("id"))
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _by_codes(cells: dict[str, dict[str, str]]) -> dict[str, City]:
    """By its query, the public city whose identifier or code the query gives."""
    wanted: dict[str, set[tuple[str, Any]]] = {}
    for key, row in cells.items():
        given: set[tuple[str, Any]] = {
            ("wikidata_id", row["name"].upper()),
            ("unlocode", row["name"].upper().replace(" ", "")),
        }
        given |= {(name, row[name].upper()) for name in CODES if name in row}
        with suppress(ValueError):
            given.add(("pid", uuid.UUID(row["name"])))
        wanted[key] = given
    asked = Q()
    for name in ("pid", *CODES):
        asked |= Q(**{f"{name}__in": {code for one in wanted.values() for kind, code in one if kind == name}})
    found = City.objects.public().filter(asked).select_related("country", "division")
    by_code = {(name, getattr(city, name)): city for city in found for name in ("pid", *CODES)}
    return {key: by_code[one] for key, given in wanted.items() for one in given if one in by_code}


def _cities(keys: Iterable[int]) -> dict[int, City]:
    return City.objects.public().select_related("country", "division").in_bulk(list(set(keys)))


def _result(query: Json, decision: Decision, named: City | None, cities: dict[int, City]) -> list[Json]:
    types = query.get("type") or [CITY["id"]]
    if CITY["id"] not in (types if isinstance(types, list) else [types]):
        return []
    most = min(MOST, int(query.get("limit", USUAL)))
    found = [] if named is None else [_candidate(named, 1.0, match=True)]
    for place, one in enumerate(decision.candidates):
        # A city withdrawn meanwhile is no candidate any more.
        if one.city_id in cities and cities[one.city_id] != named:
            match = named is None and place == 0 and decision.outcome is Outcome.MATCHED
            found.append(_candidate(cities[one.city_id], one.score, match=match))
    return found[:most]


def _candidate(city: City, score: float, *, match: bool) -> Json:
    return {
        **about(city),
        "type": [CITY],
        "score": round(100 * score, 2),
        "match": match,
        "features": [{"id": "probability", "value": score}],
    }


def about(city: City) -> Json:
    """A city with what tells it from its namesakes."""
    places = [str(place.name) for place in (city.division, city.country) if place]
    return {"id": str(city.pid), "name": city.name, "description": ", ".join(places)}


# --- Data extension --------------------------------------------------------------------------------------


def extend(asked: Json) -> Json:
    """The values of properties of cities. Raises Refused or TooLarge."""
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise Refused([("extend.ids", gettext("It has to be a list of identifiers."))])
    if len(ids) > MOST_CITIES:
        raise TooLarge(gettext("At most %(most)s cities are answered at once.") % {"most": MOST_CITIES})
    fields = _fields(properties)
    found = _rows(ids, fields)
    return {
        "meta": [property_of(one) for one in fields],
        "rows": {plain_text(key): {one.name: _values(one, found.get(key)) for one in fields} for key in ids},
    }


def _fields(properties: Any) -> list[Field]:
    known = CITIES.fields
    if not isinstance(properties, list):
        raise Refused([("extend.properties", gettext("It has to be a list of properties."))])
    names: list[Any] = [one.get("id") if isinstance(one, dict) else None for one in properties]
    for name in names:
        if not isinstance(name, str) or name not in known:
            words = gettext("“%(given)s” is not a property here. There are: %(allowed)s.")
            shown = {"given": plain_text(str(name))[:40], "allowed": ", ".join(known)}
            raise Refused([("extend.properties", words % shown)])
    return [known[name] for name in dict.fromkeys(names)]


def _rows(ids: list[str], fields: list[Field]) -> dict[str, Any]:
    """The public cities of these identifiers."""
    wanted = {}
    for text in ids:
        with suppress(ValueError):
            wanted[uuid.UUID(text)] = text
    view = CITIES.rows()
    keys = list(view.queryset.filter(pid__in=wanted).order_by().values_list("pk", flat=True))
    rows = view.read(keys, None, columns_of(CITIES, fields))  # type: ignore[arg-type]
    return {wanted[row.pid]: row for row in rows}


def property_of(field: Field) -> Json:
    """A field as a property."""
    return {"id": field.name, "name": field.name.replace("_", " ")}


def _values(field: Field, row: Any) -> list[Json]:
    value = None if row is None else plain(value_of(field, row))
    if value is None or value == "":
        return []
    key = {"integer": "int", "number": "float"}.get(field.type, "str")
    return [{key: one} for one in (value if isinstance(value, list) else [value])]
