"""Values of a form as plain texts: what it was opened on, what was typed, and how people read them.

A value is a text, whether a box is ticked, or the sorted keys of several records. Two forms show
the same exactly where these are equal, whatever spaces, line ends or formats were typed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

Value = str | bool | list[str]
NOTHING: tuple[Value, ...] = ("", False, [])
TICKED = {True: "yes", False: "no"}


def of_field(field: forms.Field, value: Any) -> Value:
    """A Python value of the field, as its form would send it."""
    value = field.prepare_value(value)
    if isinstance(field, forms.BooleanField):
        return bool(value)
    if isinstance(field, forms.ModelMultipleChoiceField):
        return sorted(str(key) for key in value or ())
    if value is None:
        return ""
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return str(value)
    return _plain(field.widget.format_value(value))


def stored(form: forms.BaseForm) -> dict[str, Value]:
    """What the form shows of its record before anybody types."""
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: of_field(form.fields[name], value) for name, value in shown.items()}


def typed(form: forms.BaseForm, name: str) -> Value:
    """What was sent for a field; as it came where it makes no sense."""
    field = form.fields[name]
    sent = field.widget.value_from_datadict(form.data, form.files, form.add_prefix(name))
    if isinstance(field, forms.ModelMultipleChoiceField):
        return sorted(str(key) for key in sent or ())
    if isinstance(field, forms.ModelChoiceField):
        return _plain(sent)
    try:
        return of_field(field, field.to_python(sent))
    except (ValidationError, ValueError, OverflowError):
        return _plain(sent)


def sent(value: Value) -> list[str]:
    """The value as a browser sends it: a list of texts, empty for a box not ticked."""
    if isinstance(value, bool):
        return ["on"] if value else []
    return value if isinstance(value, list) else [value]


def readable(field: forms.Field, value: Value) -> str:
    """The value in words: labels instead of keys. Costs a query where it names records."""
    if isinstance(value, bool):
        return TICKED[value]
    if isinstance(field, forms.ModelChoiceField):
        return "; ".join(sorted(_labels(field, value if isinstance(value, list) else [value]))) or "—"
    if isinstance(field, forms.ChoiceField):
        return str(dict(_flat(cast(Any, field.choices))).get(value, value)) or "—"
    return str(value) or "—"


def _labels(field: Any, keys: list[str]) -> list[str]:
    wanted = [key for key in keys if key]
    name = field.to_field_name or "pk"
    try:
        found = field.queryset.filter(**{f"{name}__in": wanted}) if wanted else ()
        known = {str(field.prepare_value(record)): field.label_from_instance(record) for record in found}
    except (ValueError, OverflowError):
        known = {}
    return [known.get(key, f"number {key}") for key in wanted]


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield key, label


def _plain(value: Any) -> str:
    return str("" if value is None else value).replace("\r\n", "\n").strip()
