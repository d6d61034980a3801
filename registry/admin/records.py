"""How every form of the staff site names other records: found by typing, labelled without extra queries."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import User
from django.db import models
from django.http import HttpRequest

from registry.admin.fields import (
    OfficeSelect,
    RecordChoiceField,
    RecordMultipleChoiceField,
    RecordSelect,
    RecordSelectMultiple,
)

SHORT_TEXT = {"rows": 2, "cols": 60}


def account(request: HttpRequest) -> User:
    """Who is signed in; nobody else reaches the staff site."""
    return cast(User, request.user)


def key_of(text: str) -> int | None:
    """The key of a record that a text may be; None for what no record can have."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


class RecordFields(BaseModelAdmin):
    """Mixed into every admin and inline."""

    # Foreign keys to offices, and the field that names the city they must belong to.
    offices_of: dict[str, str] = {}

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A box that finds the record, never a list of all of them."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = self._select_for(db_field)
            kwargs["form_class"] = RecordChoiceField
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return self._labelled(field, db_field)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The same for several records."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = RecordSelectMultiple(db_field, self.admin_site)
            kwargs["form_class"] = RecordMultipleChoiceField
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        return self._labelled(field, db_field)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Short boxes for texts; beside a choice a link to add a record, none to change or delete it."""
        if isinstance(db_field, models.TextField) and not db_field.choices:
            kwargs.setdefault("widget", forms.Textarea(attrs=SHORT_TEXT))
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = field.widget.can_view_related = False
            field.widget.can_delete_related = False
        return field

    def _select_for(self, db_field: Any) -> RecordSelect:
        if db_field.name in self.offices_of:
            return OfficeSelect(db_field, self.admin_site, city=self.offices_of[db_field.name])
        return RecordSelect(db_field, self.admin_site)

    def _labelled(self, field: Any, db_field: Any) -> Any:
        related = self.admin_site._registry.get(db_field.related_model)
        if isinstance(field, RecordChoiceField | RecordMultipleChoiceField) and related is not None:
            field.label_of = getattr(related, "label_of", str)
            needed = getattr(related, "label_related", ())
            if needed and field.queryset is not None:
                field.queryset = field.queryset.select_related(*needed)
        return field
