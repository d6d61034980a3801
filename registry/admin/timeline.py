"""A record's history from its event table, in words: which field was what before, and after."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from registry.actions.later import who as who_did

PER_PAGE = 50
INTERNAL = {"pgh_id", "pgh_label", "pgh_created_at", "pgh_obj", "pgh_context", "id", "pid"}
NOTHING = "—"
DONE = {"insert": "Added", "update": "Changed", "delete": "Deleted"}


@dataclass
class Change:
    """One recorded statement on the record."""

    at: datetime
    done: str
    who: str
    values: list[tuple[str, str, str]] = field(default_factory=list)
    # The event itself, and of each of `values` the button that gives the value before back.
    event: int = 0
    buttons: list[str] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[tuple[str, str, str], str]]:
        """Values with their buttons."""
        return list(zip(self.values, self.buttons, strict=True))


def of(record: models.Model, before: str = "") -> dict[str, Any]:
    """The newest changes of a record, from before an event if one is given, and where to go on."""
    events = _events(record)
    if before.isascii() and before.isdigit() and len(before) < 19:
        events = events.filter(pgh_id__lt=int(before))
    # One more than shown: the last one shown is compared with it.
    found = list(events[: PER_PAGE + 1])
    page = found[:PER_PAGE]
    pairs = list(zip(page, [*found[1:], None], strict=False))
    names = names_of(found)
    changes = [change_of(event, previous, names) for event, previous in pairs]
    return {"changes": changes, "older": page[-1].pgh_id if len(found) > PER_PAGE else None}


def _events(record: models.Model) -> models.QuerySet:
    model: Any = type(record)
    rows = model.pgh_event_model.objects.filter(pgh_obj=record.pk)
    return rows.select_related("pgh_context").order_by("-pgh_id")


def fields_of(event: Any) -> list[models.Field]:
    """The columns of the record that an event recorded."""
    return [one for one in event._meta.concrete_fields if one.name not in INTERNAL]


def names_of(events: list[Any]) -> dict[type[models.Model], dict[Any, str]]:
    """What the foreign keys in the events or rows mean: one query for each kind of record."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for event in events:
        for one in fields_of(event):
            value = getattr(event, one.attname)
            if one.is_relation and value is not None:
                wanted[one.related_model].add(value)  # type: ignore[index]
    return {model: labels(model, keys) for model, keys in wanted.items()}


def labels(model: type[models.Model], keys: set[Any]) -> dict[Any, str]:
    """What rows of a kind are called, by their keys; one query."""
    names = {one.name for one in model._meta.concrete_fields}
    column = next((name for name in ("name", "title", "username", "slug") if name in names), None)
    if column is None:
        return {}
    return dict(model._default_manager.filter(pk__in=keys).values_list("pk", column))


def change_of(event: Any, previous: Any, names: dict[Any, dict[Any, str]]) -> Change:
    """An event in words, compared with the one before it."""
    values, buttons = [], []
    for one in fields_of(event):
        after = getattr(event, one.attname)
        earlier = getattr(previous, one.attname) if previous is not None else None
        if event.pgh_label == "delete" and one.is_relation and after is not None:
            values.append((str(one.verbose_name), shown(one, after, names), "—"))
            buttons.append("")
            continue
        if event.pgh_label == "delete" or after == earlier or (previous is None and after in (None, "")):
            continue
        values.append((str(one.verbose_name), shown(one, earlier, names), shown(one, after, names)))
        buttons.append(f"{previous.pgh_id}:{one.name}" if previous is not None else "")
    who = who_of(event.pgh_context)
    return Change(
        event.pgh_created_at, DONE.get(event.pgh_label, event.pgh_label), who, values, event.pgh_id, buttons
    )


def shown(one: Any, value: Any, names: dict[Any, dict[Any, str]]) -> str:
    """A value in words; `names` has what foreign keys mean."""
    if value in (None, ""):
        return NOTHING
    if one.is_relation:
        return names.get(one.related_model, {}).get(value) or f"number {value}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(dict(one.flatchoices).get(value, value) if one.choices else value)


def who_of(context: Any) -> str:
    """Who acted, as an event's context says."""
    return who_did(context.metadata if context is not None else None)
