"""The periods of a record's rows that are not on its form."""

from __future__ import annotations

from typing import Any

from django.db import models

from registry.models.claims import Claim, claims_at_once, paired_columns


def overlap_with_others(
    constraint: Any, key: models.ForeignKey, parent: Any, rows: list[Any], on_form: list[Any]
) -> list[Claim]:
    """The claims of the rows of the same parent that are not on the form, by one query."""
    pairs = [name for name in paired_columns(constraint) if name != key.name]
    if not rows or not parent.pk or not pairs:
        return []
    wanted = {f"{name}__in": {getattr(row, f"{name}_id") for row in rows} for name in pairs}
    others = key.model._default_manager.filter(**{key.name: parent}, **wanted).exclude(pk__in=on_form)
    found = (claims_at_once(constraint, row, key.attname) for row in others)
    return [claim for claim in found if claim]
