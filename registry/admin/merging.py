"""Two people on one form: the second is shown what the first saved, and keeps what was typed.

A form carries what it was opened on. When it comes back, the record and the rows on it are locked
and compared with that. Where somebody saved other values meanwhile nothing is saved: the form comes
again with the other's values in the fields that were left alone, with one's own text in the others,
and with a list of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core import signing
from django.db import models
from django.http import QueryDict

from registry.admin import values
from registry.admin.timeline import who_of
from registry.admin.values import Value
from registry.models.history import event_model

OPENED_ON = "opened_on"
SALT = "registry.admin.opened_on"
MEANWHILE = "This record was saved while you worked on it: see above by whom. Nothing of yours is saved."
ROWS_MEANWHILE = "Rows were changed while you worked on them: see above by whom. Nothing of yours is saved."
NOT_KNOWN = (
    "This form does not say what it was opened on, so nobody can tell whether somebody else saved "
    "meanwhile. Look at it again and save once more."
)
DELETED = "deleted, or moved elsewhere"
EVENTS_READ = 500


@dataclass
class Difference:
    """A field that was changed meanwhile.

    `kept`: whether one's own text stays in the form; else the other's value has been put there. `by` is
    the key of the account that changed it.
    """

    name: str
    label: str
    was: str
    theirs: str
    mine: str
    kept: bool
    who: str = ""
    at: datetime | None = None
    by: Any = None


@dataclass
class Meanwhile:
    """What somebody else changed of one record or row; `of` is its name, empty for the record itself."""

    row: models.Model
    of: str = ""
    differences: list[Difference] = field(default_factory=list)


# --- What a form was opened on ----------------------------------------------------------------------------


def opened_on(form: Any, formsets: Iterable[Any]) -> str:
    """What the form and its rows show of the database, to be sent along with them."""
    rows = {
        formset.prefix: {str(row.instance.pk): row.stored for row in formset.initial_forms if row.instance.pk}
        for formset in formsets
    }
    return signing.dumps({"record": form.stored, "rows": rows}, salt=SALT, compress=True)


def read_opened(data: Any) -> dict[str, Any] | None:
    """What a form that came back was opened on; None where it does not say."""
    try:
        return signing.loads(data.get(OPENED_ON, ""), salt=SALT)
    except signing.BadSignature:
        return None


# --- Comparing --------------------------------------------------------------------------------------------


class MergingForm(forms.ModelForm):
    """A form that knows what its record holds and takes over what somebody else saved meanwhile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stored = values.stored(self)
        self.meanwhile: list[Difference] = []

    def show_instead(self, proposed: dict[str, Value]) -> None:
        """Show these values in place of the record's own."""
        self.initial.update({name: value for name, value in proposed.items() if name in self.fields})

    def merge(self, opened: dict[str, Value]) -> None:
        """Compare what the form was opened on with the record now, and with what was typed."""
        for name, was in opened.items():
            now = self.stored.get(name)
            if now is None or now == was or self.fields[name].disabled:
                continue
            mine = values.typed(self, name)
            if mine != now:
                self._note(name, was, now, mine)

    def _note(self, name: str, was: Value, now: Value, mine: Value) -> None:
        kept = mine != was
        before, theirs, own = (values.readable(self.fields[name], value) for value in (was, now, mine))
        self.meanwhile.append(Difference(name, label_of(self, name), before, theirs, own, kept))
        if not kept:
            data: Any = cast(QueryDict, self.data).copy()
            data.setlist(self.add_prefix(name), values.sent(now))
            self.data = data


def label_of(form: forms.BaseForm, name: str) -> str:
    """What the form calls the field."""
    label = form.fields[name].label
    return str(label if label is not None else name.replace("_", " "))


def row_name(form: Any, shown: dict[str, Value]) -> str:
    """What a row is called beside others of its kind: the first that it says."""
    first = next(((name, value) for name, value in shown.items() if value), None)
    called = str(form.instance._meta.verbose_name).capitalize()
    return f"{called}: {values.readable(form.fields[first[0]], first[1])}" if first else called


def renumbered(data: Any, prefix: str, initial: list[int], extra: list[int], key: str) -> QueryDict:
    """The data of a formset with only these of its forms, those of `extra` as new rows."""
    sent: dict[int, dict[str, list[str]]] = {}
    kept = data.copy()
    for name in [name for name in data if name.startswith(f"{prefix}-")]:
        place, _, column = name.removeprefix(f"{prefix}-").partition("-")
        if column and place.isascii() and place.isdigit():
            sent.setdefault(int(place), {})[column] = kept.pop(name)
    for new, number in enumerate([*initial, *extra]):
        for column, value in sent.get(number, {}).items():
            if number not in extra or column != key:
                kept.setlist(f"{prefix}-{new}-{column}", value)
    kept[f"{prefix}-INITIAL_FORMS"] = str(len(initial))
    kept[f"{prefix}-TOTAL_FORMS"] = str(len(initial) + len(extra))
    return kept


def take_over_own(forms: Iterable[Any], by: Any) -> None:
    """Forget what the same account changed meanwhile, in another window, of fields left alone here."""
    changed = [form for form in forms if form.meanwhile]
    _attribute([Meanwhile(form.instance, "", form.meanwhile) for form in changed])
    for form in changed:
        form.meanwhile = [one for one in form.meanwhile if one.kept or by is None or one.by != by]


# --- Telling ----------------------------------------------------------------------------------------------


def told(form: Any, formsets: Iterable[Any]) -> list[Meanwhile]:
    """What somebody else changed of the record and of the rows on its form, with who and when."""
    found = [Meanwhile(form.instance, "", form.meanwhile)] if form.meanwhile else []
    for formset in formsets:
        changed = [row for row in formset.initial_forms if row.meanwhile]
        found += [Meanwhile(row.instance, row_name(row, row.stored), row.meanwhile) for row in changed]
        found += formset.gone
    _attribute(found)
    return found


def _attribute(found: list[Meanwhile]) -> None:
    by_model: dict[type[models.Model], list[Meanwhile]] = {}
    for one in found:
        by_model.setdefault(type(one.row), []).append(one)
    for model, rows in by_model.items():
        events = _events(model, [one.row.pk for one in rows])
        for one in rows:
            for difference in one.differences:
                event = _event_of(events.get(one.row.pk, []), one.row, difference.name)
                if event is not None:
                    difference.who, difference.at = who_of(event.pgh_context), event.pgh_created_at
                    difference.by = (
                        (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None
                    )


def _events(model: type[models.Model], keys: list[Any]) -> dict[Any, list[Any]]:
    """The newest events of each row, newest first."""
    found: dict[Any, list[Any]] = {}
    events = event_model(model).objects.filter(pgh_obj_id__in=keys).select_related("pgh_context")
    for event in events.order_by("-pgh_id")[:EVENTS_READ]:
        found.setdefault(event.pgh_obj_id, []).append(event)
    return found


def _event_of(events: list[Any], row: Any, name: str) -> Any:
    """The newest event that changed this field; the newest of all where it is a field of no column."""
    field = next((one for one in row._meta.many_to_many if one.name == name), None)
    if field is not None:
        through = field.remote_field.through
        links = event_model(through).objects.filter(**{field.m2m_field_name(): row.pk})
        return links.select_related("pgh_context").order_by("-pgh_id").first()
    for event, earlier in zip(events, events[1:], strict=False):
        column = next((one.attname for one in event._meta.concrete_fields if one.name == name), None)
        if column and getattr(event, column) != getattr(earlier, column):
            return event
    return events[0] if events else None
