"""GeoJSON as RFC 7946 has it: a feature for each row, where its places are, with its fields as properties.

One place is a point, the two of a pair a line, several are points together. A row of which a place has no
known position is a feature without geometry: it is a row all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from registry.exchange.columns.base import reach
from registry.exchange.formats.base import Format, Rows, about
from registry.exchange.formats.json_file import as_json, listed

# By listing: the paths from a row to its places; empty where the row is one itself.
PLACES: dict[str, tuple[str, ...]] = {
    "cities": ("",),
    "memberships": ("city",),
    "offices": ("city",),
    "experiments": ("sites",),
    "collaborations": ("city_a", "city_b"),
    "opportunities": ("city", "partner"),
    "measures": ("city",),
}


def write(export: Rows) -> Iterator[str]:
    """The collection piece by piece. `count` comes last, so a file that was cut off is not valid JSON."""
    yield f'{{"type": "FeatureCollection", {as_json(about(export))[1:-1]}, "features": ['
    fields, paths = export.fields, PLACES[export.name]
    features = (
        {
            "type": "Feature",
            "geometry": _geometry(row, paths),
            "properties": {one.name: one.of(row) for one in fields},
        }
        for row in export.rows
    )
    count = yield from listed(features)
    yield f'\n], "count": {count}}}\n'


def _geometry(row: Any, paths: tuple[str, ...]) -> dict[str, Any] | None:
    found = [reach(row, path.split(".")) if path else row for path in paths]
    several = isinstance(found[0], list)
    places = found[0] if several else found
    points = [[place.longitude, place.latitude] for place in places if place.latitude is not None]
    if not points or len(points) < len(places) and not several:
        return None
    if several:
        return {"type": "MultiPoint", "coordinates": points}
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return _line(*points)


def _line(one: list[float], other: list[float]) -> dict[str, Any]:
    """The line between two points, cut where it crosses the antimeridian, as the standard asks."""
    (west, lat_west), (east, lat_east) = sorted((one, other))
    if east - west <= 180:
        return {"type": "LineString", "coordinates": [one, other]}
    # Eastwards from the eastern point, over 180 degrees, to the western one.
    share = (180 - east) / (west + 360 - east)
    crossed_at = lat_east + (lat_west - lat_east) * share
    lines = [[[east, lat_east], [180.0, crossed_at]], [[-180.0, crossed_at], [west, lat_west]]]
    return {"type": "MultiLineString", "coordinates": lines}


GEOJSON = Format("geojson", "GeoJSON", "application/geo+json", write, listings=frozenset(PLACES))
