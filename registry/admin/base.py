"""What every admin of the registry has: bounded lists, indexed search, and refusals in plain words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import IntegrityError, connection, models
from django.db.models import Q, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from registry.actions.cite import citation_field
from registry.actions.review import NO_REASON
from registry.admin import deletion, lost, merging, patches
from registry.admin.care import CareAdmin
from registry.admin.fields import RecordSelect, remember_labels
from registry.admin.filtering import RecordFilter
from registry.admin.merging import MergingForm
from registry.admin.paging import MOST_COUNTED, CappedPaginator, KeyedChangeList
from registry.admin.records import RecordFields, account, key_of
from registry.admin.rows import CitedRowForm
from registry.models import Citation
from registry.models.base import Fold
from registry.models.refusals import Refusal, read_refusal

LONGEST_SEARCH = 200
NUL = "\x00"
# The buttons that save, in their order of precedence.
SAVING = ("_propose", "_publish", "_review", "_draft", "_continue", "_addanother", "_save")


class RecordForm(MergingForm):
    """The form of a record; shows what the database refused when it was last sent."""

    refusal: Refusal | None = None
    # Values to be shown in place of the record's own, and the visit of a contributor who proposes some.
    proposed: dict[str, Any] = {}
    proposing: Any = None
    # The key of the account that sends the form, and what keeps its record from being saved, in words.
    account: Any = None
    lost: str = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remember_labels(self)
        if not self.is_bound:
            self.show_instead(self.proposed)
        self.opened = merging.read_opened(self.data) if self.is_bound and self.instance.pk else None
        if self.opened:
            self.merge(self.opened["record"])
            merging.take_over_own([self], self.account)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.instance.pk and self.opened is None:
            self.add_error(None, merging.NOT_KNOWN)
        elif self.meanwhile:
            self.add_error(None, merging.MEANWHILE)
        if self.lost:
            self.add_error(None, self.lost)
        if self.proposing and not self.proposing.reason:
            self.add_error(None, NO_REASON)
        if self.refusal:
            field = self.refusal.field
            self.add_error(field if field in self.fields else None, self.refusal.message)
        return cleaned


class RegistryAdmin(CareAdmin, RecordFields, admin.ModelAdmin):
    """Base of every admin. `search_fields` names folded columns, each with a trigram index."""

    form = RecordForm
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    # What the label of a record needs besides the record, for autocompletion and choices.
    label_related: tuple[str, ...] = ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address begins a form with, but for what cannot be the key of a record."""
        begun = super().get_changeform_initial_data(request)
        return {name: value for name, value in begun.items() if self._can_begin_with(name, value)}

    def _can_begin_with(self, name: str, value: Any) -> bool:
        linked = {field.name for field in self.opts.get_fields() if field.is_relation}
        keys = value if isinstance(value, list) else [value]
        return name not in linked or all(key_of(str(key)) is not None for key in keys)

    def label_of(self, record: models.Model) -> str:
        """How a choice among very many names the record."""
        return str(record)

    # --- Lists --------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; characters that no text of the database can have are taken out of what is asked."""
        if any(NUL in value for values in request.GET.lists() for value in (values[0], *values[1])):
            query = request.GET.copy()
            for name in list(query):
                values = query.pop(name)
                if NUL not in name:
                    query.setlist(name, [value.replace(NUL, "") for value in values])
            request.GET = query  # type: ignore[assignment]
            messages.error(request, "NUL characters were taken out of what you asked for.")
        return super().changelist_view(request, extra_context)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeyedChangeList]:
        """Lists of the kind that stays fast."""
        return KeyedChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet, search_term: str
    ) -> tuple[models.QuerySet, bool]:
        """Records in which every word occurs, whatever its accents."""
        if len(search_term) > LONGEST_SEARCH:
            messages.error(request, f"Search for at most {LONGEST_SEARCH} characters.")
            return queryset.none(), False
        for word in search_term.replace(NUL, "").split():
            queryset = queryset.filter(self.matches(word))
        return queryset, False

    def matches(self, word: str) -> Q:
        """Which records have this word in one of the columns searched."""
        found = Q()
        for field in self.search_fields:
            found |= Q(**{f"{field}__contains": Fold(Value(word))})
        return found

    def response_action(  # type: ignore[override]
        self, request: HttpRequest, queryset: models.QuerySet
    ) -> HttpResponse | None:
        """Refuse an action on more rows than the list counts: it would reach further than anyone has seen."""
        across = request.POST.get("select_across", "0") not in ("", "0")
        if across and CappedPaginator(queryset, 1).capped:
            messages.error(request, f"That is more than {MOST_COUNTED:,} at once. Narrow the list first.")
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)

    @property
    def media(self) -> forms.Media:
        """With what filters need that find a record by typing."""
        media = super().media
        filters = [spec for spec in self.list_filter or () if isinstance(spec, type)]
        if any(issubclass(spec, RecordFilter) for spec in filters):
            field = models.ForeignKey(self.model, models.DO_NOTHING)
            media += RecordSelect(field, self.admin_site).media
        return media

    # --- Forms --------------------------------------------------------------------------------------------

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The record of this address; none has a NUL in its key. Locked where it is to be changed."""
        record = None if NUL in object_id else super().get_object(request, object_id, from_field)
        if record is None or request.method != "POST" or not connection.in_atomic_block:
            return record
        # Whoever saves it now is waited for, and what they saved is read.
        list(self.model._base_manager.select_for_update(no_key=True).filter(pk=record.pk).values("pk"))
        return super().get_object(request, object_id, from_field)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        """The form. What the database refuses at the last moment is shown on it, with all that was typed.

        Another session may have saved between our validation and our statement. A second look usually
        finds its row and puts the message where it belongs; if not, the constraint's own is shown.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            if read_refusal(error) is None:
                raise
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            request.refusal = read_refusal(error)  # type: ignore[attr-defined]
            if request.refusal is None:  # type: ignore[attr-defined]
                raise
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        """Of a form whose record was deleted meanwhile: what was typed, to be saved as a new record."""
        sent = request.method == "POST" and any(name in request.POST for name in SAVING)
        gone = self.deleted_record(object_id) if sent and self.has_add_permission(request) else None
        if gone is None:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]
        request.lost = lost.as_new(self, request, gone)  # type: ignore[attr-defined]
        address = reverse(f"admin:registry_{self.opts.model_name}_add")
        return super().changeform_view(request, None, address)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form class, with what the database refused if it has, and with what is proposed."""
        form = super().get_form(request, obj, change, **kwargs)
        known = {name: getattr(request, name, None) for name in ("refusal", "proposing", "lost")}
        known["proposed"] = patches.split(getattr(request, "proposed_rows", {}))[0]
        return type(form.__name__, (form,), {**known, "account": request.user.pk})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The form with what it is opened on, and with what somebody else saved while it was open."""
        record, form = kwargs.get("obj"), context["adminform"].form
        if record is not None and record.pk and self.has_change_permission(request, record):
            rows = [rows for rows in context["inline_admin_formsets"] if rows.has_change_permission]
            formsets = [one.formset for one in rows]
            context["opened_on"] = merging.opened_on(form, formsets)
            if request.method == "POST":
                context["meanwhile"] = merging.told(form, formsets)
                context["pressed"] = next((name for name in SAVING if name in request.POST), "_save")
        return super().render_change_form(request, context, *args, **kwargs)

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """The public page, of records that the public can see."""
        if obj is None or not obj.pk or not hasattr(obj, "get_absolute_url"):
            return None
        rows = type(obj)._default_manager.filter(pk=obj.pk)
        public = rows.public() if hasattr(rows, "public") else rows
        return obj.get_absolute_url() if public.exists() else None

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save rows in the state of their record, who asserts them, and what was cited beside them."""
        for row in formset.forms:
            if not row.instance.pk and hasattr(row.instance, "publication"):
                row.instance.publication = getattr(form.instance, "publication", row.instance.publication)
            if isinstance(row.instance, Citation) and not row.instance.pk:
                row.instance.asserted_by = account(request)
        formset.save()
        for row in formset.forms:
            if isinstance(row, CitedRowForm) and row not in formset.deleted_forms:
                row.cite(account(request))

    # --- Deletion -----------------------------------------------------------------------------------------

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go with the records, in numbers: a network may have 10,000 memberships."""
        return deletion.summary(objs, request, self.admin_site)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Delete, unless someone has referred to the record meanwhile."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except (IntegrityError, models.ProtectedError, models.RestrictedError):
            messages.error(request, "Something came to refer to this record meanwhile. Look again.")
            return HttpResponseRedirect(request.get_full_path())


def is_sourced(model: type[models.Model]) -> models.Exists:
    """An expression: whether a citation supports the row."""
    target = citation_field(model)
    return models.Exists(Citation.objects.filter(**{str(target): models.OuterRef("pk")}))


class ReadOnlyAdmin(RegistryAdmin):
    """Rows that are looked at here and made elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made elsewhere."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kept as they are."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Kept as they are."""
        return False
