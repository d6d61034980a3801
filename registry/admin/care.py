"""Bringing back what was: values and versions from the history, and deleted records."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from registry.actions.later import called, who
from registry.actions.links import link_fields
from registry.actions.merge import MERGED
from registry.actions.recorded import table_of
from registry.actions.restore import (
    CannotRestore,
    Restored,
    deleted_of,
    may_restore,
    restore_deleted,
    restore_links,
    restore_values,
    would_come_back,
)
from registry.admin import history
from registry.admin.records import account, key_of
from registry.choices import Publication
from registry.models import Merge

PER_PAGE = 50
NUL = "\x00"
LARGEST = 2**63
# What a button of the history sends: the table and number of an event, and the field if only one is meant.
_VERSION = re.compile(r"(\w{1,60})\.(\d{1,18})(?::(\w{1,60}))?", re.ASCII)


class CareAdmin(admin.ModelAdmin):
    """Mixed into every admin of the registry."""

    def get_urls(self) -> list[Any]:
        """With the pages of restoring."""
        view, name = self.admin_site.admin_view, f"registry_{self.opts.model_name}"
        return [
            path("deleted/", view(self.deleted_view), name=f"{name}_deleted"),
            path("<path:object_id>/history/restore/", view(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    # --- History ------------------------------------------------------------------------------------------

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Every recorded change of the record, or of what refers to it: what, by whom, when."""
        record = self.get_object(request, object_id)
        gone = self.deleted_record(object_id) if record is None else None
        record = gone.record if gone else record
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_or_change_permission(request, None if gone else record):
            raise PermissionDenied
        page = "links" if "links" in request.GET else ""
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {gone.name if gone else record}",
            "record": record,
            "object": record,
            "opts": self.opts,
            "preserved_filters": self.get_preserved_filters(request),
            **history.of(self.model, record.pk, page, request.GET.get("before", "")),
            "of_links": bool(page),
            **self._care_context(request, record, gone),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/registry/history.html", context)

    def deleted_record(self, object_id: str) -> history.Gone | None:
        """The deleted record of this address, if there is one."""
        try:
            key = self.opts.pk.to_python(object_id.replace(NUL, ""))
        except ValidationError:
            return None
        fits = not isinstance(key, int) or abs(key) < LARGEST
        return history.deleted(self.model, key) if fits else None

    def _care_context(self, request: HttpRequest, record: Any, gone: history.Gone | None) -> dict[str, Any]:
        """What the history page needs besides the changes: whether to offer buttons, and merges."""
        if gone is None:
            merges = (
                Merge.objects.of(record).select_related("merged_by") if isinstance(record, MERGED) else ()
            )
            return {"may_restore": self.has_change_permission(request, record), "merges": merges}
        context: dict[str, Any] = {"gone": gone, "may_restore": False}
        try:
            coming = would_come_back(self.model, record.pk)
        except CannotRestore as error:
            return {**context, "reasons": error.reasons}
        published = getattr(record, "publication", None) == Publication.PUBLISHED
        may = may_restore(account(request), self.model, published=published)
        return {**context, "may_bring_back": may, "coming": counted(coming.links)}

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give the record, or a row that refers to it, what the history has of it."""
        record = self.get_object(request, object_id)
        if record is None or request.method != "POST":
            raise Http404
        name = "row" if "row" in request.POST else "version"
        asked = _VERSION.fullmatch(request.POST.get(name, ""))
        if asked is None:
            raise Http404
        try:
            told = _bring_back(asked, request) if name == "row" else _restore(asked, record, account(request))
        except (ValidationError, CannotRestore) as error:
            reasons = error.reasons if isinstance(error, CannotRestore) else error.messages
            messages.error(request, "It was not restored: " + " ".join(reasons))
        else:
            messages.success(request, f"Restored: {told}." if told else "It is so already.")
        address = reverse(f"admin:registry_{self.opts.model_name}_history", args=[record.pk])
        return HttpResponseRedirect(f"{address}?links=1" if "links" in request.GET else address)

    # --- Deleted records ----------------------------------------------------------------------------------

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """Deleted records of this kind; one of them comes back by its button."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._restore(request)
        found = deleted_of(self.model, key_of(request.GET.get("before", "")), PER_PAGE + 1)
        return TemplateResponse(
            request,
            "admin/registry/deleted.html",
            {
                **self.admin_site.each_context(request),
                "title": f"Deleted {self.opts.verbose_name_plural}",
                "opts": self.opts,
                "rows": [self._deleted_row(event) for event in found[:PER_PAGE]],
                "older": found[PER_PAGE - 1].pgh_id if len(found) > PER_PAGE else None,
                "may_restore": self.has_add_permission(request),
            },
        )

    def _deleted_row(self, event: Any) -> dict[str, Any]:
        table: Any = table_of(self.model)
        values = {one.attname: getattr(event, one.attname) for one in table.fields}
        by = who(event.pgh_context.metadata if event.pgh_context else None)
        return {
            "key": event.pgh_obj_id,
            "name": called(self.model, values),
            "at": event.pgh_created_at,
            "by": by,
        }

    def _restore(self, request: HttpRequest) -> HttpResponse:
        try:
            key = self.opts.pk.to_python(request.POST.get("key", "").replace(NUL, ""))
        except ValidationError as error:
            raise Http404 from error
        try:
            restored = restore_deleted(self.model, key, by=account(request))
        except CannotRestore as error:
            for reason in error.reasons:
                messages.error(request, reason)
            return HttpResponseRedirect(request.get_full_path())
        links = "".join(f", {words}" for words in counted(restored.links))
        messages.success(request, f"“{restored.record}” is back{links}.")
        _warn_of(request, restored)
        return HttpResponseRedirect(
            reverse(f"admin:registry_{self.opts.model_name}_change", args=[restored.record.pk])
        )


def counted(links: dict[type[models.Model], int]) -> list[str]:
    """How many rows of each kind, in words; links of many-to-many fields by what they lead to."""
    return [f"{number:,} {_called(kind, number)}" for kind, number in links.items()]


def _called(kind: Any, number: int) -> str:
    if not kind._meta.auto_created:
        return str(kind._meta.verbose_name if number == 1 else kind._meta.verbose_name_plural)
    relations = (one for one in kind._meta.concrete_fields if one.is_relation)
    ends = [str(one.related_model._meta.verbose_name) for one in relations]
    return f"{'link' if number == 1 else 'links'} of {' and '.join(ends)}"


def _model_of(asked: re.Match[str]) -> Any:
    """The model whose history is asked for."""
    try:
        model = apps.get_model("registry", asked[1])
    except LookupError as error:
        raise Http404 from error
    if table_of(model) is None:
        raise Http404
    return model


def _restore(asked: re.Match[str], record: Any, by: User) -> str:
    """Restore a value, a version or links of the record, or a value of a row; what changed, in words."""
    model, event, name = _model_of(asked), int(asked[2]), asked[3]
    if model._meta.auto_created:
        field = next((one for one, table in link_fields(type(record)) if table.model is model), None)
        if field is None:
            raise Http404
        return _words(record, [field.name]) if restore_links(record, field.name, event, by=by) else ""
    if model is not type(record):
        record = _row_of(model, event)
    return _words(record, restore_values(record, event, by=by, names={name} if name else None))


def _row_of(model: Any, event: int) -> Any:
    """The row that an event is of, if it is there still."""
    table: Any = table_of(model)
    keys = table.events.objects.filter(pgh_id=event).values("pgh_obj")
    row = model._base_manager.filter(pk__in=keys).first()
    if row is None:
        raise ValidationError("This row is deleted.")
    return row


def _words(record: Any, names: Iterable[str]) -> str:
    fields = (record._meta.get_field(name) for name in names)
    return ", ".join(str(getattr(one, "verbose_name", one.name)) for one in fields)


def _bring_back(asked: re.Match[str], request: HttpRequest) -> str:
    """Bring back a deleted row with all that was deleted with it; what is back, in words."""
    model = _model_of(asked)
    table: Any = table_of(model)
    event = (
        table.events.objects.filter(pgh_id=int(asked[2])).first() if not model._meta.auto_created else None
    )
    if event is None:
        raise Http404
    restored = restore_deleted(model, event.pgh_obj_id, by=account(request))
    _warn_of(request, restored)
    return ", ".join([f"{model._meta.verbose_name} “{restored.record}”", *counted(restored.links)])


def _warn_of(request: HttpRequest, restored: Restored) -> None:
    for words in counted(restored.left_out):
        messages.warning(request, f"Left away, since their other end is deleted too: {words}.")
