"""Which rows claim the same days for the same pair, worked out without asking the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

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
    if constraint.condition is not None and not condition_holds(constraint.condition, row):
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


def condition_holds(condition: Any, row: Any) -> bool:
    """Whether the condition of a constraint holds for a row, without asking the database.

    It may compare columns with `exact`, `in` and `isnull`; an empty text of a column that can be
    empty counts as none, as it is stored. Raises NotImplementedError for any other lookup.
    """
    if not isinstance(condition, Q):
        name, value = condition
        return _compared(name, value, row)
    found = (condition_holds(child, row) for child in condition.children)
    return (any(found) if condition.connector == Q.OR else all(found)) != condition.negated


def _compared(name: str, value: Any, row: Any) -> bool:
    field, _, lookup = name.partition("__")
    mine = getattr(row, field)
    if mine == "" and row._meta.get_field(field).null:
        mine = None
    if lookup == "isnull":
        return (mine is None) == value
    if lookup == "in":
        return mine in value
    if lookup in ("", "exact"):
        return bool(mine == value)
    raise NotImplementedError(f"{name} is not compared without the database.")
