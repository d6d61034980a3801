"""An event of the history in words: which field was what before, and after."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from registry.actions.later import who as who_did
from registry.models.history import NOTHING, value_in_words

INTERNAL = {"pgh_id", "pgh_label", "pgh_created_at", "pgh_obj", "pgh_context", "id", "pid"}
DONE = {"insert": "Added", "update": "Changed", "delete": "Deleted"}


@dataclass
class Change:
    """What one recorded statement did to a record, with the links that were changed along with it.

    `values` name a field, and it before and after; `buttons` say for each what gives the value before
    back, `version` what gives the record back as it was then, and `row` what brings a deleted row back.
    They are empty where there is nothing to restore.
    """

    at: datetime
    done: str
    who: str
    values: list[tuple[str, str, str]] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    version: str = ""
    row: str = ""

    @property
    def lines(self) -> list[tuple[tuple[str, str, str], str]]:
        """Values with their buttons."""
        return list(zip(self.values, self.buttons, strict=True))


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
            values.append((str(one.verbose_name), value_in_words(one, after, names), NOTHING))
            buttons.append("")
            continue
        if event.pgh_label == "delete" or after == earlier or (previous is None and after in (None, "")):
            continue
        before, now = (value_in_words(one, value, names) for value in (earlier, after))
        values.append((str(one.verbose_name), before, now))
        buttons.append(f"{version_of(previous)}:{one.name}" if previous is not None else "")
    done, who = DONE.get(event.pgh_label, event.pgh_label), who_of(event.pgh_context)
    version = "" if event.pgh_label == "delete" else version_of(event)
    return Change(event.pgh_created_at, done, who, values, buttons, version)


def version_of(event: Any) -> str:
    """What a button sends to ask for the state that an event recorded."""
    return f"{event.pgh_tracked_model._meta.concrete_model._meta.model_name}.{event.pgh_id}"


def who_of(context: Any) -> str:
    """Who acted, as an event's context says."""
    return who_did(context.metadata if context is not None else None)
