"""Form fields and widgets that name a record among very many."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from registry.actions.cite import read_reference


class _Remembering:
    """Takes the label of the selected record from the row that has it, instead of a query for each row."""

    known: dict[str, str]

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        known = getattr(self, "known", {})
        chosen = [str(one) for one in value if str(one)]
        if not chosen or any(one not in known for one in chosen):
            return super().optgroups(name, value, attrs) if chosen else self._nothing(name)  # type: ignore[misc]
        options = [self.create_option(name, one, known[one], True, 0) for one in chosen]  # type: ignore[attr-defined]
        return [(None, options, 0)]

    def _nothing(self, name: str) -> Any:
        # Asks no query where nothing is chosen, as in every empty row.
        return [(None, [self.create_option(name, "", "", False, 0)], 0)]  # type: ignore[attr-defined]


class _Marking:
    """Shows the mark of an option, such as “recently used”, beside its label."""

    @property
    def media(self) -> forms.Media:
        media = super().media  # type: ignore[misc]
        # One list, since Django keeps the order of scripts only within a list.
        return forms.Media(js=[*media._js, "registry/admin/marks.js"], css=media._css)


class RecordSelect(_Marking, _Remembering, AutocompleteSelect):  # type: ignore[misc]
    """One record, found by typing."""


class RecordSelectMultiple(_Marking, _Remembering, AutocompleteSelectMultiple):  # type: ignore[misc]
    """Several records, found by typing."""

    def _nothing(self, name: str) -> Any:
        return [(None, [], 0)]


class OfficeSelect(RecordSelect):
    """An office of the city that another field of the form names.

    `city` is the name of that field: of the same row if there is one, else of the form.
    """

    def __init__(self, *args: Any, city: str = "city", **kwargs: Any) -> None:
        self.city = city
        super().__init__(*args, **kwargs)

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        # Another class, since Django's own script would not send the city.
        attrs["class"] = attrs["class"].replace("admin-autocomplete", "office-autocomplete")
        return {**attrs, "data-city-field": self.city, "data-ajax--cache": "false"}

    @property
    def media(self) -> forms.Media:
        media = super().media
        # One list, since Django keeps the order of scripts only within a list.
        return forms.Media(js=[*media._js, "registry/admin/offices.js"], css=media._css)  # type: ignore[attr-defined]


class RecordChoiceField(forms.ModelChoiceField):
    """A record by the label that its own admin gives it."""

    label_of: Any = staticmethod(str)

    def label_from_instance(self, record: models.Model) -> str:
        return self.label_of(record)


class RecordMultipleChoiceField(forms.ModelMultipleChoiceField):
    """Records by the label that their own admin gives them."""

    label_of: Any = staticmethod(str)

    def label_from_instance(self, record: models.Model) -> str:
        return self.label_of(record)


class ReferenceInput(forms.TextInput):
    """A text box that offers the known sources whose title or address has what was typed."""

    def __init__(self, attrs: Any = None) -> None:
        shown = {"class": "vReference", "placeholder": "https://… or a reference", "autocomplete": "off"}
        super().__init__({**shown, **(attrs or {})})

    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        return {**super().build_attrs(base_attrs, extra_attrs), "data-sources": reverse("admin:autocomplete")}

    class Media:
        js = ("registry/admin/references.js",)


class ReferenceField(forms.CharField):
    """The address of a source or a reference in words."""

    widget = ReferenceInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "max_length": 1000, **kwargs})

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value:
            read_reference(value)


def widget_of(field: forms.Field) -> Any:
    """The widget inside Django's wrapper that adds the links to add and change."""
    return getattr(field.widget, "widget", field.widget)


def remember_labels(form: forms.ModelForm) -> None:
    """Give the form's widgets the labels of related records that its instance has fetched already."""
    for name, field in form.fields.items():
        widget = widget_of(field)
        if isinstance(widget, RecordSelect) and isinstance(field, RecordChoiceField):
            record = form.instance._state.fields_cache.get(name)
            if record is not None:
                widget.known = {str(record.pk): field.label_from_instance(record)}


def shown_error(form: forms.ModelForm, error: ValidationError) -> None:
    """Add an error of the model to the form, beside its field if the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, errors in error.error_dict.items():
        form.add_error(field if field in form.fields else None, errors)
