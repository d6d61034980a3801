"""What the list as a whole tells of its rows, and where things lie."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

UNSEEN = 100  # countries not seen in a list, about
USUAL = 4.0  # the logarithm of the inhabitants of a usual member, until a list's own are known
FEW = 10
EARTH = 6371.0


@dataclass(frozen=True)
class Context:
    """What the list as a whole tells: the shares of countries and divisions among its cities.

    `size` is the mean logarithm of its members' inhabitants, `large` the inhabitants of the largest city near
    each cell of a tenth of a degree.
    """

    countries: Mapping[str, float] = field(default_factory=dict)
    divisions: Mapping[str, float] = field(default_factory=dict)
    members: frozenset[int] = frozenset()
    missing: Mapping[str, float] = field(default_factory=dict)
    seats: Mapping[tuple[str, str], tuple[float, float]] = field(default_factory=dict)
    size: float = USUAL
    large: Mapping[tuple[int, int], int] = field(default_factory=dict)

    def share(self, country: str) -> float:
        """How common the country is, measured by the list's commonest.

        Countries not seen share what is likely to be new in the list: as much as it has of those seen once.
        """
        once = math.fsum(count for count in self.countries.values() if count <= 1)
        unseen = (once + 0.5) / UNSEEN
        most = max(self.countries.values(), default=0.0)
        return (self.countries.get(country, 0.0) + unseen) / (most + unseen)

    @property
    def mixed(self) -> float:
        """How little the list tells of a country: 1 before any is known, towards 0 where all lie in one."""
        total = math.fsum(self.countries.values())
        return 1 - max(self.countries.values(), default=0.0) / (total + 1)

    def without(self, countries: Mapping[str, float]) -> Context:
        """The same list without these counts of countries."""
        left = {code: max(count - countries.get(code, 0.0), 0.0) for code, count in self.countries.items()}
        return replace(self, countries=left)

    def share_missing(self, countries: Iterable[str]) -> float:
        """The share of these countries' names that are not found there; a tenth before any is seen."""
        total = math.fsum(self.countries.get(country, 0.0) for country in countries)
        return (math.fsum(self.missing.get(country, 0.0) for country in countries) + 1) / (total + 10)

    def share_within(self, division: str, country: str) -> float:
        """The division's share of the list's cities of its country."""
        total = self.countries.get(country, 0.0)
        return (self.divisions.get(division, 0.0) + 1) / (total + 20)

    def largest_near(self, point: tuple[float, float]) -> int:
        """The inhabitants of the largest of the large cities within about ten kilometres; 0 without one."""
        return self.large.get(cell(*point), 0)


def usual_size(logarithms: Iterable[float]) -> float:
    """The mean logarithm of members' inhabitants, drawn to the usual one where few are known."""
    known = sorted(logarithms)
    return (math.fsum(known) + FEW * USUAL) / (len(known) + FEW)


def cell(latitude: float, longitude: float) -> tuple[int, int]:
    """The cell of a tenth of a degree that a point lies in; wider towards the poles, as degrees shrink."""
    return round(latitude * 10), round(longitude * 10 * math.cos(math.radians(round(latitude))))


def around(cities: Iterable[tuple[float, float, int]]) -> dict[tuple[int, int], int]:
    """The inhabitants of the largest of these cities (latitude, longitude, inhabitants) around each cell."""
    found: dict[tuple[int, int], int] = {}
    for latitude, longitude, population in cities:
        row, column = cell(latitude, longitude)
        for key in ((row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
            found[key] = max(found.get(key, 0), population)
    return found


def distance(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres between two points, each latitude and longitude in degrees."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(x), math.radians(y)) for x, y in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(h)))
