"""The form of a record that somebody deleted while it was open: what was typed becomes a new record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from registry.admin import merging
from registry.admin.history import Gone

LOST = (
    "This record was deleted by {by} at {at:%Y-%m-%d %H:%M} UTC while you worked on it. Nothing you typed "
    "is lost: save it as a new record, or restore the deleted one and type it there."
)
# What the deleted record keeps: its address is never given to another.
KEPT = ("slug", merging.OPENED_ON)


def as_new(model_admin: Any, request: HttpRequest, gone: Gone) -> str:
    """Turn what was sent into the form of a new record, not yet saved; why, in words."""
    data = request.POST.copy()
    for name in KEPT:
        data.pop(name, None)
    for formset, inline in model_admin.get_formsets_with_inlines(request, None):
        prefix = formset.get_default_prefix()
        sent = data.get(f"{prefix}-TOTAL_FORMS", "0")
        total = min(int(sent), formset.absolute_max) if sent.isascii() and sent.isdigit() else 0
        rows = [row for row in range(total) if f"{prefix}-{row}-DELETE" not in data]
        data = merging.renumbered(data, prefix, [], rows, str(inline.model._meta.pk.name))
        for row in range(len(rows)):
            data.pop(f"{prefix}-{row}-{formset.fk.name}", None)
    request.POST = data  # type: ignore[assignment]
    address = reverse(f"admin:registry_{model_admin.opts.model_name}_history", args=[gone.record.pk])
    told = format_html('The deleted record is kept: <a href="{}">{}</a>.', address, gone.name)
    messages.warning(request, told)
    return LOST.format(by=gone.by, at=gone.at)
