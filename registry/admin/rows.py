"""Rows of other records on a record's form: in pages, checked together, cited in place."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.options import InlineModelAdmin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from registry.actions.cite import citation_field, cite
from registry.admin import merging, values
from registry.admin.fields import ReferenceField, remember_labels, shown_error
from registry.admin.merging import Difference, Meanwhile, MergingForm
from registry.admin.periods import overlap_with_others
from registry.admin.records import RecordFields, key_of
from registry.admin.values import Value
from registry.choices import Publication
from registry.models.base import PublicRecord
from registry.models.claims import claims_at_once, condition_holds
from registry.models.dates import PartialDateFormField

PER_PAGE = 25


class RowForm(MergingForm):
    """One row. Rows that nobody touched are not validated again."""

    may_publish = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remember_labels(self)
        for name, field in self.fields.items():
            # The column's head is no label to those who do not see it.
            field.widget.attrs.setdefault("aria-label", capfirst(merging.label_of(self, name)))
            if isinstance(field, PartialDateFormField):
                field.widget.attrs["placeholder"] = "2005-11"
        published = getattr(self.instance, "publication", None) == Publication.PUBLISHED
        self.locked = published and not self.may_publish
        if self.instance.pk:
            self.empty_permitted = True

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        # Django leaves out constraints that name the parent, which may not be saved yet.
        if self.errors or not self.parent_key_is_known():
            return
        for constraint in self._meta.model._meta.constraints:
            if isinstance(constraint, models.CheckConstraint):
                try:
                    constraint.validate(type(self.instance), self.instance)
                except ValidationError as error:
                    shown_error(self, error)

    def parent_key_is_known(self) -> bool:
        """Whether the record that the row belongs to has been saved."""
        parents = [field for field in self.fields.values() if hasattr(field, "parent_instance")]
        return all(field.parent_instance and field.parent_instance.pk for field in parents)


class CitedRowForm(RowForm):
    """One row with a box for the source that supports it."""

    reference = ReferenceField(label="source")

    def cite(self, by: Any) -> None:
        """Cite what was typed for the row just saved."""
        reference = self.cleaned_data.get("reference")
        if reference and self.instance.pk:
            cite(self.instance, reference, by=by)


class RowFormSet(forms.BaseInlineFormSet):
    """The rows of one page and the new ones, checked against each other and the rows not shown."""

    model: type[models.Model]
    page = 1
    per_page = PER_PAGE
    # What the address of the form asks besides, to be kept by links to other pages.
    query: QueryDict
    list_of_all = ""
    # A change proposed to these rows, to be shown in them; whether the other rows stay away.
    proposed: dict[str, Any] = {}
    only_proposed = False
    # The key of the account that sends the form.
    account: Any = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gone: list[Meanwhile] = []
        opened = merging.read_opened(self.data) if self.is_bound else None
        self.opened: dict[str, dict[str, Value]] = (opened or {}).get("rows", {}).get(self.prefix, {})
        if self.opened:
            self._set_aside_what_is_gone()

    def _set_aside_what_is_gone(self) -> None:
        """Leave out rows that somebody else deleted; what was typed into them becomes a new row."""
        keys = [self._posted_key(number) for number in range(self.initial_form_count())]
        gone = [number for number, row in enumerate(self.get_queryset()) if row.pk is None]
        if gone:
            touched = [number for number in gone if self._tell_gone(number, keys[number])]
            kept = [number for number in range(len(keys)) if number not in gone]
            extra = [*range(len(keys), self.total_form_count()), *touched]
            key = str(self.model._meta.pk.name)
            self.data = merging.renumbered(self.data, str(self.prefix), kept, extra, key)
            del self.management_form, self._rows

    def _tell_gone(self, number: int, key: int | None) -> bool:
        """Note that a row is gone; whether something was typed into it."""
        was, prefix = self.opened.get(str(key)), self.add_prefix(number)
        if was is None or f"{prefix}-DELETE" in self.data:
            return False
        form: Any = self.form(self.data, self.files, prefix=prefix, use_required_attribute=False)
        mine = {name: values.typed(form, name) for name in was}
        shown = [
            "; ".join(values.readable(form.fields[name], value) for name, value in row.items() if value)
            for row in (was, mine)
        ]
        label = str(self.model._meta.verbose_name)
        gone = Difference("", label, shown[0], merging.DELETED, shown[1], kept=mine != was)
        self.gone.append(Meanwhile(self.model(pk=key), merging.row_name(form, was), [gone]))
        return mine != was

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].widget.attrs["aria-label"] = "Delete"
        if getattr(form, "locked", False):
            for field in form.fields.values():
                field.disabled = True

    def get_queryset(self) -> Any:
        """The rows of the page asked for; of a posted form the rows it was made of, whatever came since."""
        if not hasattr(self, "_rows"):
            rows = super().get_queryset()
            if self.is_bound:
                posted = [self._posted_key(number) for number in range(self.initial_form_count())]
                # Locked, so that what is compared with the form is what it will replace.
                held = rows.select_for_update(of=("self",), no_key=True)
                found = held.in_bulk([key for key in posted if key])
                self._rows = [found.get(key) or self.model() for key in posted]
            else:
                start = (self.page - 1) * self.per_page
                shown = [] if self.only_proposed else list(rows[start : start + self.per_page])
                self._rows = [*shown, *self._proposed_rows(rows, {row.pk for row in shown})]
        return self._rows

    def _proposed_rows(self, rows: Any, shown: set[Any]) -> list[Any]:
        """The rows that a proposal changes or removes, but for those shown already."""
        keys = [*self.proposed.get("changed", {}), *self.proposed.get("removed", [])]
        wanted = [number for number in map(key_of, keys) if number is not None]
        found = rows.in_bulk([key for key in wanted if key not in shown]) if wanted else {}
        return list(found.values())

    def _propose(self, form: Any, number: int) -> None:
        """Show in a row what is proposed of it."""
        added, new = self.proposed.get("added", []), number - self.initial_form_count()
        if new >= 0:
            form.show_instead(added[new] if new < len(added) else {})
            return
        key = str(form.instance.pk)
        form.show_instead(self.proposed.get("changed", {}).get(key, {}))
        if key in self.proposed.get("removed", []) and "DELETE" in form.fields:
            form.fields["DELETE"].initial = True

    @cached_property
    def pages(self) -> dict[str, Any]:
        """Which rows are shown and the way to the others; nothing where all are shown."""
        number = super().get_queryset().count() if self.instance.pk else 0
        if number <= self.per_page:
            return {}
        first = (self.page - 1) * self.per_page + 1
        last = min(self.page * self.per_page, number)
        return {
            "number": f"{number:,}",
            "first": f"{min(first, number):,}",
            "last": f"{last:,}",
            "size": self.per_page,
            "previous": self._address(self.page - 1) if self.page > 1 else "",
            "next": self._address(self.page + 1) if last < number else "",
            "all": self.list_of_all and f"{self.list_of_all}{self.instance.pk}",
        }

    def _address(self, page: int) -> str:
        query = self.query.copy()
        query[page_parameter(self)] = str(page)
        return f"?{query.urlencode()}#{self.prefix}-group"

    def _posted_key(self, number: int) -> int | None:
        return key_of(self.data.get(f"{self.add_prefix(number)}-{self.model._meta.pk.name}", ""))

    def _existing_object(self, pk: Any) -> Any:
        return next((row for row in self.get_queryset() if row.pk == pk), None)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        if self.is_bound and i < self.initial_form_count():
            kwargs["instance"] = self.get_queryset()[i]
        form: Any = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        setattr(form.instance, self.fk.name, self.instance)
        if i < self.initial_form_count() and form.instance.pk is None:
            # Someone deleted the row meanwhile: it is left out, whatever the form says of it.
            form.has_changed = lambda: False
            form.empty_permitted = True
        elif self.is_bound and (opened := self.opened.get(str(form.instance.pk))):
            form.merge(opened)
        elif not self.is_bound and self.proposed:
            self._propose(form, i)
        return form

    def validate_unique(self) -> None:
        """Nothing: `clean` finds identical rows and says so beside them."""

    def clean(self) -> None:
        super().clean()
        merging.take_over_own(self.initial_forms, self.account)
        if self.gone or any(cast(RowForm, form).meanwhile for form in self.initial_forms):
            raise ValidationError(merging.ROWS_MEANWHILE)
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, ExclusionConstraint):
                self._check_periods(constraint)
            elif isinstance(constraint, models.UniqueConstraint):
                self._check_identical(constraint)

    def live_forms(self) -> list[Any]:
        """Forms whose rows will exist after saving: the untouched among them too."""
        return [
            form
            for form in self.forms
            if not self._should_delete_form(form)
            and (form.has_changed() or form.instance.pk)
            and not form.errors
        ]

    def _should_delete_form(self, form: Any) -> bool:
        return bool(getattr(form, "cleaned_data", {}).get("DELETE", False))

    def _check_periods(self, constraint: Any) -> None:
        message = ValidationError(constraint.get_violation_error_message())
        forms = self.live_forms()
        changed = [form for form in forms if form.has_changed()]
        claims = {id(form): claims_at_once(constraint, form.instance, self.fk.attname) for form in forms}
        elsewhere = overlap_with_others(
            constraint, self.fk, self.instance, [form.instance for form in changed], self._keys_on_form()
        )
        for form in changed:
            mine = claims[id(form)]
            others = [claims[id(other)] for other in forms if other is not form]
            if mine and any(mine.meets(other) for other in [*others, *elsewhere] if other):
                form.add_error(constraint.field if constraint.field in form.fields else None, message)

    def _check_identical(self, constraint: models.UniqueConstraint) -> None:
        names = [name for name in constraint.fields if name != self.fk.name]
        columns: list[Any] = [self.model._meta.get_field(name) for name in names]
        fields = [column.attname for column in columns]
        condition = constraint.condition or models.Q()
        forms = [form for form in self.live_forms() if condition_holds(condition, form.instance)]
        changed = [form for form in forms if form.has_changed()]
        taken = {self._values(form.instance, fields) for form in forms if form not in changed}
        # Those of other records are found with each row; those of this one are not, as it may be new.
        if changed and self.instance.pk and self.fk.name in constraint.fields:
            others = self.model._default_manager.filter(condition, **{self.fk.name: self.instance})
            likely = {f"{fields[0]}__in": [getattr(form.instance, fields[0]) for form in changed]}
            taken |= set(others.filter(**likely).exclude(pk__in=self._keys_on_form()).values_list(*fields))
        for form in changed:
            values = self._values(form.instance, fields)
            distinct = None in values and constraint.nulls_distinct is not False
            if values in taken and not distinct:
                field = getattr(constraint, "field", None)
                form.add_error(
                    field if field in form.fields else None, constraint.get_violation_error_message()
                )
            taken.add(values)

    @staticmethod
    def _values(row: models.Model, fields: list[str]) -> tuple[Any, ...]:
        return tuple(getattr(row, field) for field in fields)

    def _keys_on_form(self) -> list[Any]:
        return [form.instance.pk for form in self.initial_forms if form.instance.pk]


class _Rows(RecordFields, InlineModelAdmin):
    """What rows of either layout share."""

    form = RowForm
    formset = RowFormSet
    extra = 0
    rows_related: tuple[str, ...] = ()
    # The parameter by which the list of all rows is narrowed to this record, where there is such a list.
    list_parameter = ""

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Rows with what their labels need, so that no row asks for it again."""
        rows = super().get_queryset(request)
        if self.rows_related:
            rows = rows.select_related(*self.rows_related)
        return rows.prefetch_related("citations__source") if self._is_cited() else rows

    def _is_cited(self) -> bool:
        return citation_field(self.model) is not None

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The formset of the page asked for, with what the account may do."""
        formset: Any = super().get_formset(request, obj, **kwargs)
        proposed = getattr(request, "proposed_rows", {}).get(formset.get_default_prefix(), {})
        formset.proposed, formset.only_proposed = proposed, getattr(request, "only_proposed", False)
        formset.extra = max(0 if formset.only_proposed else formset.extra, len(proposed.get("added", [])))
        may = (
            not issubclass(self.model, PublicRecord)
            or bool(getattr(request, "proposing", None))
            or request.user.has_perm(f"registry.publish_{self.model._meta.model_name}")
        )
        formset.form = type(formset.form.__name__, (formset.form,), {"may_publish": may})
        formset.may_publish, formset.account = may, request.user.pk
        formset.page = read_page(request, page_parameter(formset))
        formset.query = request.GET
        if self.list_parameter:
            list_of_all = reverse(f"admin:registry_{self.model._meta.model_name}_changelist")
            formset.list_of_all = f"{list_of_all}?{self.list_parameter}="
        return formset

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only on records that the account may change."""
        return self._parent_is_open(request, obj) and super().has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only on records that the account may change."""
        return self._parent_is_open(request, obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only on records that the account may change."""
        return self._parent_is_open(request, obj) and super().has_delete_permission(request, obj)

    def _parent_is_open(self, request: HttpRequest, parent: Any) -> bool:
        if getattr(parent, "publication", None) != Publication.PUBLISHED or getattr(
            request, "proposing", None
        ):
            return True
        return request.user.has_perm(f"registry.publish_{parent._meta.model_name}")

    @admin.display(description="state")
    def state(self, row: Any) -> SafeString | str:
        """How far the row is, and what supports it."""
        if not row.pk:
            return ""
        parts = []
        if isinstance(row, PublicRecord):
            parts.append(format_html("<span>{}</span>", row.get_publication_display()))
        if self._is_cited():
            parts.append(evidence(row))
        if self.show_change_link and self.admin_site.is_registered(self.model):
            address = reverse(f"admin:registry_{self.model._meta.model_name}_change", args=[row.pk])
            parts.append(format_html('<a href="{}">details</a>', address))
        return format_html_join(" ", "{}", ((part,) for part in parts))


def evidence(row: Any) -> SafeString:
    """The sources of a row whose citations are fetched, or that it has none."""
    cited = list(row.citations.all())
    if not cited:
        return format_html('<span class="unsourced">{}</span>', "unsourced")
    names = "; ".join(str(citation.source) for citation in cited)
    called = "1 source" if len(cited) == 1 else f"{len(cited)} sources"
    return format_html('<span class="sourced" title="{}">{}</span>', names, called)


def page_parameter(formset: Any) -> str:
    """The name under which the address holds the page of these rows."""
    return f"{formset.get_default_prefix()}-page"


def read_page(request: HttpRequest, parameter: str) -> int:
    """The page asked for; the first one where the address makes no sense."""
    value = request.GET.get(parameter, "1")
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 7 else 1


class Rows(_Rows, admin.TabularInline):
    """Rows as lines of a table."""

    template = "admin/registry/rows.html"
    layout = "admin/edit_inline/tabular.html"


class StackedRows(_Rows, admin.StackedInline):
    """Rows as forms one below the other, for long texts."""

    template = "admin/registry/rows.html"
    layout = "admin/edit_inline/stacked.html"
