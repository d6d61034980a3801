"""Which rows of a form claim the same days for the same pair, before the database is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from registry.choices import Ended
from registry.models.dates import date_bounds


@dataclass(frozen=True)
class Claim:
    """Days from `first` to before `end` (None: without end) claimed for what `pair` names."""

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
    keys = [name for name, operator in _columns(constraint) if operator == "="]
    if constraint.condition is not None and not _holds(constraint.condition, row):
        return None
    try:
        first = date_bounds(row.since)[0] if row.since else date.min
        end = date.max
        if row.until:
            end = date_bounds(row.until)[1]
        elif row.ended == Ended.ENDED:
            known = [date_bounds(day)[1] for day in (row.since, row.observed_on) if day]
            end = max(known, default=date.max)
    except ValidationError:
        return None
    pair = tuple(getattr(row, f"{key}_id") for key in keys if f"{key}_id" != parent)
    return Claim(pair, first, end)


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


def overlap_with_others(
    constraint: Any, key: models.ForeignKey, parent: Any, rows: list[Any], on_form: list[Any]
) -> list[Claim]:
    """The claims of the rows of the same parent that are not on the form, by one query."""
    pairs = [name for name, operator in _columns(constraint) if operator == "=" and name != key.name]
    if not rows or not parent.pk or not pairs:
        return []
    wanted = {f"{name}__in": {getattr(row, f"{name}_id") for row in rows} for name in pairs}
    others = key.model._default_manager.filter(**{key.name: parent}, **wanted).exclude(pk__in=on_form)
    found = (claims_at_once(constraint, row, key.attname) for row in others)
    return [claim for claim in found if claim]
