"""Imports and other batches: the newest ones, and undoing one as a whole."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from registry.actions.undo import CannotUndo, batches, contexts_of, undo_batch
from registry.admin.records import account


def list_view(request: HttpRequest) -> HttpResponse:
    """The newest batches, each with a way to undo it."""
    if not account(request).has_perm("registry.view_membership"):
        raise PermissionDenied
    context = {**admin.site.each_context(request), "title": "Batches", "batches": batches()}
    return TemplateResponse(request, "admin/registry/batches.html", context)


def undo_view(request: HttpRequest, batch: str) -> HttpResponse:
    """Ask, then undo the batch; or say which later edits depend on it."""
    if not account(request).has_perm("registry.view_membership"):
        raise PermissionDenied
    if "\0" in batch or not contexts_of(batch):
        raise Http404
    context = {**admin.site.each_context(request), "title": "Undo a batch", "batch": batch}
    if request.method == "POST":
        try:
            undone = undo_batch(batch, by=account(request))
        except CannotUndo as error:
            context["reasons"] = error.reasons
        else:
            messages.success(request, f"The batch is undone: {undone.total:,} rows are as they were before.")
            return HttpResponseRedirect(reverse("admin:batches"))
    return TemplateResponse(request, "admin/registry/undo_batch.html", context)
