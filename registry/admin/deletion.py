"""What a deletion takes with it, in numbers, and who may not have it so."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.utils import NestedObjects
from django.http import HttpRequest
from django.utils.text import capfirst

from registry.actions.publish import may_publish
from registry.admin.records import account
from registry.choices import Publication
from registry.models import Observation
from registry.models.base import PublicRecord

SHOWN = 20
# There may be millions of these: they are counted, not looked at one by one.
COUNTED = (Observation,)


class Collected(NestedObjects):
    """All that a deletion takes with it; `counted` has the numbers of what is not looked at."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counted: Counter[Any] = Counter()

    def related_objects(self, related_model: Any, related_fields: Any, objs: Any) -> Any:
        """The rows that refer to these; none of a model that is only counted."""
        rows = super().related_objects(related_model, related_fields, objs)
        if related_model not in COUNTED:
            return rows
        self.counted[related_model] += rows.count()
        return related_model._base_manager.none()


def summary(records: Any, request: HttpRequest, site: AdminSite) -> tuple[list[Any], dict, set, list]:
    """The records, numbers of all that goes, what the account lacks permission for, what forbids it."""
    chosen = list(records)
    if not chosen:
        return [], {}, set(), []
    collector = Collected(using=chosen[0]._state.db or "default", origin=records)
    collector.collect(chosen)
    groups: dict[Any, Any] = {model: rows for model, rows in collector.model_objs.items() if rows}
    # Join tables have neither a name nor an admin of their own.
    groups = {model: rows for model, rows in groups.items() if not model._meta.auto_created}
    numbers = {model._meta.verbose_name_plural: len(rows) for model, rows in groups.items()}
    numbers |= {model._meta.verbose_name_plural: number for model, number in collector.counted.items()}
    lacking = {
        str(model._meta.verbose_name) for model, rows in groups.items() if _lacks(request, model, rows)
    }
    protected = [
        capfirst(f"{row._meta.verbose_name}: {_name(row)}") for row in list(collector.protected)[:SHOWN]
    ]
    if len(collector.protected) > SHOWN:
        protected.append(f"… and {len(collector.protected) - SHOWN:,} more")
    named = [_name(record) for record in chosen[:SHOWN]]
    if len(chosen) > SHOWN:
        named.append(f"… and {len(chosen) - SHOWN:,} more")
    return named, numbers, lacking, protected


def _name(row: Any) -> str:
    # Only names of its own: those of related records would cost a query each.
    return str(getattr(row, "name", "") or getattr(row, "person_name", "") or f"number {row.pk}")


def _lacks(request: HttpRequest, model: type, rows: Any) -> bool:
    options = model._meta  # type: ignore[attr-defined]
    if not request.user.has_perm(f"{options.app_label}.delete_{options.model_name}"):
        return True
    if issubclass(model, PublicRecord) and not may_publish(account(request), model):
        return any(row.publication == Publication.PUBLISHED for row in rows)
    return False
