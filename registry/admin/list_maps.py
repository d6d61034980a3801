"""A small map of the cities that a row may mean: dots over the world's largest cities, as plain SVG.

The large cities draw the continents well enough to tell one place from another, without outlines to
ship. Equirectangular: x is the longitude, y the latitude upside down.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from registry.models import City

LARGEST = 2500
NARROWEST = 16.0  # degrees of longitude: closer, too few large cities would show where one is
MARGIN = 1.3
STEPS = (1, 2, 5, 10, 30)


@dataclass(frozen=True)
class Dot:
    """A city on the map; `number` is its place among those to choose from."""

    number: int
    x: float
    y: float
    name: str

    @property
    def path(self) -> str:
        """A line without length: its round ends make a dot that keeps its size at any scale."""
        return f"M{self.x:.2f} {self.y:.2f}h0"


@dataclass(frozen=True)
class Map:
    """A window on the world that holds the dots."""

    left: float
    top: float
    width: float
    dots: list[Dot]

    @classmethod
    def of(cls, cities: Iterable[City]) -> Map | None:
        """The map of the cities that have a place; None where fewer than two have."""
        dots = [
            Dot(number, city.longitude, -city.latitude, city.name)
            for number, city in enumerate(cities, 1)
            if city.longitude is not None and city.latitude is not None
        ]
        if len(dots) < 2:
            return None
        xs, ys = [dot.x for dot in dots], [dot.y for dot in dots]
        width = max(MARGIN * (max(xs) - min(xs)), 2 * MARGIN * (max(ys) - min(ys)), NARROWEST)
        width = min(width, 360.0)
        left = min(max((min(xs) + max(xs) - width) / 2, -180.0), 180.0 - width)
        top = min(max((min(ys) + max(ys)) / 2 - width / 4, -90.0), 90.0 - width / 2)
        return cls(left, top, width, dots)

    @property
    def window(self) -> str:
        """The view box: twice as wide as high."""
        return f"{self.left:.2f} {self.top:.2f} {self.width:.2f} {self.width / 2:.2f}"

    @property
    def graticule(self) -> str:
        """Lines of equal longitude and latitude, some five across."""
        step = next((step for step in STEPS if self.width / step <= 12), STEPS[-1])
        bottom, right = self.top + self.width / 2, self.left + self.width
        upright = [f"M{x} {self.top:.2f}V{bottom:.2f}" for x in _between(self.left, right, step)]
        level = [f"M{self.left:.2f} {y}H{right:.2f}" for y in _between(self.top, bottom, step)]
        return "".join([*upright, *level])

    @property
    def text_size(self) -> str:
        """Of the numbers, in degrees."""
        return f"{self.width / 22:.2f}"

    @property
    def labels(self) -> list[dict[str, Any]]:
        """The numbers beside the dots."""
        right = self.width / 60
        return [{"x": f"{dot.x + right:.2f}", "y": f"{dot.y:.2f}", "text": dot.number} for dot in self.dots]


def _between(low: float, high: float, step: int) -> range:
    first = int(-(-low // step)) * step
    return range(first, int(high) + 1, step)


def world() -> str:
    """The world's largest cities as one path; one query."""
    points = (
        City.objects.filter(longitude__isnull=False, latitude__isnull=False, population__isnull=False)
        .order_by(F("population").desc(nulls_last=True), "pk")
        .values_list("longitude", "latitude")[:LARGEST]
    )
    return "".join(f"M{x:.1f} {-y:.1f}h0" for x, y in points if x is not None and y is not None)
