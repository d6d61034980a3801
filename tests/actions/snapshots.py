"""The registry as it stands, table by table, to be compared with later."""

from __future__ import annotations

from typing import Any

from django.db import models

from registry.models import Alias, LargePolicy, Merge, Tie
from tests.factories import settle
from tests.models.rows import tables

# History and what only grows stay; ties are computed, and keep no number.
GROWING = (Alias, Merge, LargePolicy)


def rows_of(model: type[models.Model]) -> list[tuple[Any, ...]]:
    """Every row of a table, in an order of its own."""
    names = [one.attname for one in model._meta.concrete_fields if model is not Tie or not one.primary_key]
    return sorted(model._base_manager.values_list(*names), key=repr)


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """All that a merge, a restoration or an undo may touch."""
    settle()
    return {model.__name__: rows_of(model) for model in tables() if model not in GROWING}
