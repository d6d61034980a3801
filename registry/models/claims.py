"""Which rows claim the same days for the same pair, worked out without asking the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from registry.choices import Ended
from registry.models.dates import date_bounds


@dataclass(frozen=True)
class Claim:
    """Days from `first` to before `end` (`date.max`: without end) claimed for what `pair` names."""

    pair: tuple[Any, ...]
    first: date
    end: date

    def meets(self, other: Claim) -> bool:
        """Whether both claim a day for the same pair."""
        return self.pair == other.pair and self.first < other.end and other.first < self.end


def claims_at_once(constraint: Any, row: Any, parent: str) -> Claim | None:
    """What the row claims under an exclusion constraint on periods; None if it claims nothing.

    The same days as the database function `registry_claimed`; rows of one form share their parent.
    """
    if constraint.condition is not None and not _holds(constraint.condition, row):
        return None
    try:
        first, end = claimed_days(row)
    except ValidationError:
        return None
    pair = tuple(getattr(row, f"{key}_id") for key in paired_columns(constraint) if f"{key}_id" != parent)
    return Claim(pair, first, end)


def claimed_days(row: Any) -> tuple[date, date]:
    """The first day that a dated row claims and the day after its last; the calendar's ends where open.

    Raises ValidationError when a date is none.
    """
    first = date_bounds(row.since)[0] if row.since else date.min
    if row.until:
        return first, date_bounds(row.until)[1]
    if row.ended == Ended.ENDED:
        known = [date_bounds(day)[1] for day in (row.since, row.observed_on) if day]
        return first, max(known, default=date.max)
    return first, date.max


def paired_columns(constraint: Any) -> list[str]:
    """The foreign keys that two rows must share to be in each other's way."""
    return [name for name, operator in _columns(constraint) if operator == "="]


def _columns(constraint: Any) -> Iterable[tuple[str, str]]:
    return [(name, operator) for name, operator in constraint.expressions if isinstance(name, str)]


def _holds(condition: Any, row: Any) -> bool:
    """The condition of such a constraint: status among some, and a known start."""
    for name, value in condition.children:
        field, _, lookup = name.partition("__")
        mine = getattr(row, field)
        if lookup == "in" and mine not in value:
            return False
        if lookup == "isnull" and (mine is None or mine == "") != value:
            return False
    return True
