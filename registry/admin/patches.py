"""A proposed change as the forms of the staff site take it: read from them, shown on them, sent through them.

A patch maps a field to its proposed value, and the prefix of a table of rows to a dictionary with
`added`, `changed` and `removed` rows (see `registry.models.Proposal`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.utils import flatten_fieldsets
from django.http import HttpRequest, QueryDict

from registry.admin import merging, values
from registry.admin.values import Value

Patch = dict[str, Any]
ADDED, CHANGED, REMOVED = "added", "changed", "removed"
LEFT_OUT = "publication"


# --- From a form that was sent ----------------------------------------------------------------------------


def read_patch(form: Any, formsets: Any) -> tuple[Patch, Patch]:
    """What was typed into valid forms, and what they showed of the same fields and rows before."""
    patch: Patch
    base: Patch
    patch, base = _changes(form)
    for formset in formsets:
        rows, before = _row_changes(formset)
        if rows:
            patch[formset.prefix], base[formset.prefix] = rows, before
    return patch, base


def _changes(form: Any) -> tuple[Patch, Patch]:
    named = [name for name in form.stored if name != LEFT_OUT and not form.fields[name].disabled]
    now = {name: values.typed(form, name) for name in named}
    changed = [name for name in named if now[name] != form.stored[name]]
    return {name: now[name] for name in changed}, {name: form.stored[name] for name in changed}


def _row_changes(formset: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    removed = {str(form.instance.pk): form.stored for form in formset.deleted_forms if form.instance.pk}
    changed, before = {}, {}
    for form in formset.initial_forms:
        key = str(form.instance.pk)
        if form.instance.pk and key not in removed and form.has_changed():
            now, was = _changes(form)
            if now:
                changed[key], before[key] = now, was
    added = [
        {name: value for name in form.stored if (value := values.typed(form, name)) not in values.NOTHING}
        for form in formset.extra_forms
        if form.has_changed() and form not in formset.deleted_forms
    ]
    rows = {ADDED: added, CHANGED: changed, REMOVED: list(removed)}
    return {name: what for name, what in rows.items() if what}, {CHANGED: before, REMOVED: removed}


# --- On the forms of the record ---------------------------------------------------------------------------


@dataclass
class Change:
    """One field of a change: what it is called, its value now, the one proposed, and the one it was made on.

    `since` is empty where the value is still the one that the author saw.
    """

    label: str
    now: str
    proposed: str
    since: str = ""


@dataclass
class Group:
    """What a patch changes of the record itself (`of` is empty) or of one row."""

    of: str
    what: str
    changes: list[Change] = field(default_factory=list)


@dataclass
class Applied:
    """The unsent forms of a record as a patch would fill them in.

    `missing` says in words what of the patch no longer fits the record.
    """

    form: Any
    formsets: list[Any]
    missing: list[str]

    def data(self) -> QueryDict:
        """What a browser would send of these forms."""
        data = QueryDict(mutable=True)
        data[merging.OPENED_ON] = merging.opened_on(self.form, self.formsets)
        _fill(data, self.form)
        for formset in self.formsets:
            _fill(data, formset.management_form)
            for row in formset.forms:
                _fill(data, row)
        return data


def _fill(data: QueryDict, form: Any) -> None:
    for name, one in form.fields.items():
        value = values.of_field(one, form.get_initial_for_field(one, name))
        if sent := values.sent(value):
            data.setlist(form.add_prefix(name), sent)


def like(request: HttpRequest, **changed: Any) -> Any:
    """The same request of the same account, but for what is changed."""
    other = request.__class__.__new__(request.__class__)
    other.__dict__.update(request.__dict__)
    for name, value in changed.items():
        setattr(other, name, value)
    return other


def apply_to_forms(model_admin: Any, request: HttpRequest, record: Any, patch: Patch) -> Applied:
    """The forms of the record for this account with the patch filled in, without the rows it leaves alone.

    Those of a new record where there is none yet.
    """
    asked = like(request, method="GET", proposed_rows=patch, only_proposed=True)
    fields = flatten_fieldsets(model_admin.get_fieldsets(asked, record))
    form_class = model_admin.get_form(asked, record, change=bool(record), fields=fields)
    usual = {"initial": model_admin.get_changeform_initial_data(asked)}
    form = form_class(instance=record) if record else form_class(**usual)
    formsets, _ = model_admin._create_formsets(asked, form.instance, change=bool(record))
    own, rows = split(patch)
    missing = [f"The form has no field “{name}”." for name in own if name not in form.fields]
    known = {formset.prefix: formset for formset in formsets}
    for prefix, changes in rows.items():
        if prefix not in known:
            missing.append(f"The form has no rows “{prefix}”, or none that this account may change.")
            continue
        there = {str(row.pk) for row in known[prefix].get_queryset()}
        gone = len([key for key in changes.get(CHANGED, {}) if key not in there])
        if gone:
            name = known[prefix].model._meta.verbose_name_plural
            missing.append(f"{gone} of the {name} that it changes: deleted or moved meanwhile.")
    return Applied(form, formsets, missing)


def send(model_admin: Any, request: HttpRequest, record: Any, applied: Applied, **more: str) -> Any:
    """What the staff site answers when the account saves these forms: a redirect, or the forms refused.

    That of a new record leads to its form. `more` is sent besides what the forms hold.
    """
    data = applied.data()
    for name, value in more.items():
        data[name] = value
    if record is None:
        data["_continue"] = "1"
    sent = like(request, method="POST", POST=data, GET=QueryDict())
    return model_admin.changeform_view(sent, str(record.pk) if record else None)


def split(patch: Patch) -> tuple[dict[str, Value], dict[str, dict[str, Any]]]:
    """The fields of the record itself, and its rows by their prefix."""
    rows = {name: value for name, value in patch.items() if isinstance(value, dict)}
    return {name: _value(value) for name, value in patch.items() if name not in rows}, rows


def _value(value: Any) -> Value:
    # Commands write numbers and nulls where a form sends text.
    if isinstance(value, list):
        return sorted(str(one) for one in value)
    return value if isinstance(value, bool) else str("" if value is None else value)


# --- In words ---------------------------------------------------------------------------------------------


def compare(applied: Applied, patch: Patch, base: Patch) -> list[Group]:
    """The change side by side with the record as it is: first its own fields, then row by row."""
    own, rows = split(patch)
    groups = [Group("", CHANGED, list(_fields(applied.form, own, base)))] if own else []
    for formset in applied.formsets:
        if formset.prefix in rows:
            groups += _row_groups(formset, rows[formset.prefix], base.get(formset.prefix, {}))
    return groups


def _fields(form: Any, proposed: dict[str, Any], base: dict[str, Any]) -> Iterator[Change]:
    for name, value in proposed.items():
        if name in form.fields:
            now, one = form.stored[name], form.fields[name]
            since = values.readable(one, base[name]) if name in base and base[name] != now else ""
            read = values.readable(one, now), values.readable(one, _value(value))
            yield Change(merging.label_of(form, name), read[0], read[1], since)


def _row_groups(formset: Any, rows: dict[str, Any], base: dict[str, Any]) -> list[Group]:
    groups, called = [], str(formset.model._meta.verbose_name)
    for form in formset.initial_forms:
        key = str(form.instance.pk)
        if key in rows.get(REMOVED, []):
            groups.append(Group(str(form.instance), f"{called} removed"))
        elif key in rows.get(CHANGED, {}):
            before = base.get(CHANGED, {}).get(key, {})
            changes = list(_fields(form, rows[CHANGED][key], before))
            groups.append(Group(str(form.instance), f"{called} changed", changes))
    for form, row in zip(formset.extra_forms, rows.get(ADDED, []), strict=False):
        changes = [Change(one.label, "", one.proposed) for one in _fields(form, row, {})]
        groups.append(Group("", f"{called} added", changes))
    return groups
