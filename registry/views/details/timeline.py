"""Periods drawn on one scale of years: what is certain solid, what unknown dates allow faint."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

WIDTH = 1000
NARROWEST = 6
SHORTEST = 10


@dataclass(frozen=True)
class Bar:
    """A stretch of the scale, in thousandths of its width."""

    x: int
    width: int
    certain: bool


@dataclass(frozen=True)
class Tick:
    """The first day of a year on the scale."""

    x: int
    year: int

    @property
    def anchor(self) -> str:
        """Where its label hangs, so that none is cut off at an end of the scale."""
        return "start" if self.x < 50 else "end" if self.x > WIDTH - 50 else "middle"


class Timeline:
    """One scale for all rows of a table; sets `bars` on each row. False where no row has a date."""

    def __init__(self, rows: Iterable[Any], today: date) -> None:
        self.today = today
        rows = list(rows)
        years = [day.year for row in rows for day in _known_days(row)]
        self.first = min([*years, today.year - SHORTEST])
        self.last = min(max([*years, today.year]), today.year + 30) + 1
        self.known = bool(years)
        for row in rows:
            row.bars = self._bars(row)

    def __bool__(self) -> bool:
        return self.known

    @property
    def ticks(self) -> list[Tick]:
        """Years that are marked: about five, at round numbers."""
        span = self.last - self.first
        step = next((step for step in (1, 2, 5, 10, 20, 50, 100) if span <= 5 * step), 200)
        years = range(-(-self.first // step) * step, self.last, step)
        return [Tick(self._x(date(year, 1, 1)), year) for year in years]

    def _x(self, day: date) -> int:
        start, end = date(self.first, 1, 1).toordinal(), date(self.last, 1, 1).toordinal()
        return max(0, min(WIDTH, round((day.toordinal() - start) * WIDTH / (end - start))))

    def _bars(self, row: Any) -> list[Bar]:
        """What is possible, drawn first, and what is certain above it."""
        bars = []
        possible, certain = row.possible, row.certain
        if possible and (possible.lower or possible.upper):
            bars.append(self._bar(possible.lower, possible.upper, certain=False))
        if certain:
            bars.append(self._bar(certain.lower, certain.upper, certain=True))
        return bars

    def _bar(self, lower: date | None, upper: date | None, *, certain: bool) -> Bar:
        start = self._x(lower) if lower else 0
        end = self._x(upper or self.today)
        width = max(end - start, NARROWEST)
        return Bar(min(start, WIDTH - width), width, certain)


def _known_days(row: Any) -> list[date]:
    """The days that bound a row, each as its last or first day inside the period."""
    ranges = [days for days in (row.certain, row.possible) if days]
    lower = [days.lower for days in ranges if days.lower]
    upper = [date.fromordinal(days.upper.toordinal() - 1) for days in ranges if days.upper]
    return [*lower, *upper]
