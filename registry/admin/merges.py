"""Merging two records: choosing the other one, the preview, and undoing it."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join

from registry.actions.merge import CannotMerge, Plan, may_merge, merge, plan_merge
from registry.actions.rewind import CannotRewind
from registry.actions.unmerge import may_unmerge, unmerge
from registry.admin.merge_page import sections, shown_values
from registry.admin.records import account, key_of
from registry.models import Merge

MOST_CONFLICTS = 300


class MergeableAdmin(admin.ModelAdmin):
    """Mixed into the admins of records that can be merged."""

    def get_urls(self) -> list[Any]:
        """With the pages of merging."""
        view, name = self.admin_site.admin_view, f"registry_{self.opts.model_name}"
        return [
            path("<path:object_id>/merge/", view(self.merge_view), name=f"{name}_merge"),
            path("merges/<int:merge_id>/undo/", view(self.unmerge_view), name=f"{name}_unmerge"),
            *super().get_urls(),
        ]

    @admin.action(description="Merge the two selected", permissions=["change"])
    def merge_selected(self, request: HttpRequest, queryset: models.QuerySet) -> HttpResponse | None:
        """Show what merging the two would do; the older record stays unless it is turned round."""
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            messages.error(request, "Select exactly two records to merge.")
            return None
        return HttpResponseRedirect(f"{self._merge_url(keys[0])}?other={keys[1]}")

    def _merge_url(self, key: Any) -> str:
        return reverse(f"admin:registry_{self.opts.model_name}_merge", args=[key])

    def merge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose the other record, see what would move, and do it."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        given = request.POST if request.method == "POST" else request.GET
        wanted = given.get("other", "").strip()
        other = self.find_other(request, wanted) if wanted else None
        if wanted and other is None:
            messages.error(request, f"No {self.opts.verbose_name} is found by “{wanted[:80]}”.")
        if other is None:
            return self._page(request, "choose", record, wanted=wanted)
        try:
            return self._preview_or_merge(request, record, other)
        except CannotMerge as error:
            messages.error(request, str(error))
            return self._page(request, "choose", record, wanted=wanted)

    def find_other(self, request: HttpRequest, wanted: str) -> Any:
        """A record by its number, permanent identifier, or the last part of its address."""
        rows, last = self.get_queryset(request), wanted.rstrip("/").rpartition("/")[2]
        if (number := key_of(last)) is not None:
            return rows.filter(pk=number).first()
        try:
            return rows.filter(pid=uuid.UUID(last)).first()
        except ValueError:
            return rows.filter(slug=last.replace("\x00", "")).first()

    def _preview_or_merge(self, request: HttpRequest, record: Any, other: Any) -> HttpResponse:
        fields = _chosen(request, "field-")
        links = {key: int(value) for key, value in _chosen(request, "link-").items() if value.isdigit()}
        plan = plan_merge(record, other, fields=fields, links=links)
        if not may_merge(account(request), plan):
            raise PermissionDenied
        if request.method == "POST" and "_merge" in request.POST:
            try:
                seen = request.POST.get("seen", "")
                done = merge(record, other, by=account(request), fields=fields, links=links, seen=seen)
            except CannotMerge as error:
                messages.error(request, str(error))
            else:
                return self._merged(request, record, done)
        return self._preview(request, plan)

    def _merged(self, request: HttpRequest, record: Any, done: Merge) -> HttpResponse:
        undo = reverse(f"admin:registry_{self.opts.model_name}_unmerge", args=[done.pk])
        told = "“{}” was merged into this record. <a href='{}'>Undo the merge</a>"
        messages.success(request, format_html(told, done.merged_name, undo))
        return self._to_form(record)

    def _to_form(self, record: Any) -> HttpResponse:
        return HttpResponseRedirect(
            reverse(f"admin:registry_{self.opts.model_name}_change", args=[record.pk])
        )

    def _preview(self, request: HttpRequest, plan: Plan) -> HttpResponse:
        listed = None if request.GET.get("listed") == "all" else 50
        return self._page(
            request,
            "preview",
            plan.survivor,
            other=plan.merged,
            plan=plan,
            differences=shown_values(plan),
            sections=sections(plan, listed=listed, conflicts=MOST_CONFLICTS),
            turned=f"{self._merge_url(plan.merged.pk)}?other={plan.survivor.pk}",
        )

    def unmerge_view(self, request: HttpRequest, merge_id: int) -> HttpResponse:
        """Ask, and undo the merge; or say why it cannot be undone."""
        done = Merge.objects.filter(pk=merge_id, kind=self.opts.model_name).first()
        if done is None:
            raise Http404
        if not may_unmerge(account(request), done):
            raise PermissionDenied
        survivor = self.model._base_manager.filter(pid=done.survivor).first()
        if request.method != "POST":
            return self._page(request, "unmerge", survivor or done, merge=done)
        try:
            unmerge(done, by=account(request))
        except CannotRewind as error:
            reasons = format_html_join("", "<li>{}</li>", ((reason,) for reason in error.reasons))
            messages.error(request, format_html("The merge cannot be undone:<ul>{}</ul>", reasons))
            return HttpResponseRedirect(request.get_full_path())
        back = self.model._base_manager.get(pid=done.merged)
        messages.success(request, f"The merge is undone: “{back}” is back with its address and its links.")
        return self._to_form(back)

    def _page(self, request: HttpRequest, step: str, record: Any, **context: Any) -> HttpResponse:
        return TemplateResponse(
            request,
            f"admin/registry/merge_{step}.html",
            {
                **self.admin_site.each_context(request),
                "title": f"Merge: {record}",
                "opts": self.opts,
                "record": record,
                **context,
            },
        )


def _chosen(request: HttpRequest, prefix: str) -> dict[str, str]:
    posted = request.POST if request.method == "POST" else {}
    return {name.removeprefix(prefix): value for name, value in posted.items() if name.startswith(prefix)}
