"""Bringing back what was: values and versions from the history, and deleted records."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from registry.actions.later import called, who
from registry.actions.merge import MERGED
from registry.actions.recorded import table_of
from registry.actions.restore import CannotRestore, deleted_of, restore_deleted, restore_values
from registry.admin.records import account
from registry.models import Merge

PER_PAGE = 50
NUL = "\x00"


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

    def care_context(self, request: HttpRequest, record: Any) -> dict[str, Any]:
        """What the history page needs besides the changes: whether to offer buttons, and merges."""
        merges = Merge.objects.of(record).select_related("merged_by") if isinstance(record, MERGED) else ()
        return {"may_restore": self.has_change_permission(request, record), "merges": merges}

    def restore_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Give a record the value, or all values, that an event recorded."""
        record = self.get_object(request, object_id)
        if record is None or request.method != "POST":
            raise Http404
        event, _, name = request.POST.get("version", "").partition(":")
        if not (event.isascii() and event.isdigit() and len(event) < 19):
            raise Http404
        try:
            changed = restore_values(record, int(event), by=account(request), names={name} if name else None)
        except ValidationError as error:
            messages.error(request, "It was not restored: " + " ".join(error.messages))
        else:
            told = ", ".join(str(getattr(self.opts.get_field(one), "verbose_name", one)) for one in changed)
            messages.success(request, f"Restored: {told}." if changed else "It is so already.")
        return HttpResponseRedirect(
            reverse(f"admin:registry_{self.opts.model_name}_history", args=[record.pk])
        )

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """Deleted records of this kind; one of them comes back by its button."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._restore(request)
        before = request.GET.get("before", "")
        number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
        found = deleted_of(self.model, number, PER_PAGE + 1)
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
        links = "".join(
            f", {number:,} {kind._meta.verbose_name_plural}"
            for kind, number in restored.links.items()
            if not kind._meta.auto_created
        )
        messages.success(request, f"“{restored.record}” is back{links}.")
        for kind, number in restored.left_out.items():
            told = f"{number:,} {kind._meta.verbose_name_plural} stay away: their other end is deleted too."
            messages.warning(request, told)
        return HttpResponseRedirect(
            reverse(f"admin:registry_{self.opts.model_name}_change", args=[restored.record.pk])
        )
