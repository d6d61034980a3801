"""The pages of review: what waits, and each record beside its last published state."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst

from registry.actions import review
from registry.actions.publish import PARTS, Moved, may_publish
from registry.admin import published, queue
from registry.admin.comments import comments_on
from registry.admin.records import account, key_of
from registry.choices import Publication
from registry.models.base import PublicRecord

PER_PAGE = 50
PARTS_SHOWN = 100
NOTHING_CHOSEN = "Choose some records first."


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """Where the pages are, below the address of the staff site."""
    return [
        path("review/", site.admin_view(queue_view), name="review"),
        path("review/<slug:kind>/<int:key>/", site.admin_view(record_view), name="review_record"),
    ]


# --- The queue --------------------------------------------------------------------------------------------


def queue_view(request: HttpRequest) -> HttpResponse:
    """Records of all kinds that are in review, to be published or returned, one or many at once."""
    may = [model for model in queue.kinds() if may_publish(account(request), model)]
    if not may:
        raise PermissionDenied
    problems: list[str] = []
    if request.method == "POST":
        try:
            _decide(request)
            return HttpResponseRedirect(request.get_full_path())
        except ValidationError as error:
            problems = error.messages
    kind = next((model for model in may if model._meta.model_name == request.GET.get("kind")), None)
    numbers = queue.numbers_in_review()
    shown = [kind] if kind else queue.kinds()
    total = min(sum(numbers.get(str(model._meta.model_name), 0) for model in shown), queue.CAP)
    page = _Pages(queue.in_review(kind), total).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": "In review",
        "kinds": _choices(numbers, kind),
        "kind": kind._meta.model_name if kind else "",
        "page": page,
        "waiting": queue.details(page.object_list),
        "number": queue.said(sum(numbers.values())),
        "problems": problems,
        "said": request.POST.get("comment", ""),
        "chosen": request.POST.getlist("chosen"),
    }
    return TemplateResponse(request, "admin/registry/review_queue.html", context)


class _Pages(Paginator):
    """Pages of rows that are counted already."""

    def __init__(self, rows: Any, number: int) -> None:
        super().__init__(rows, PER_PAGE)
        self.number = number

    @property
    def count(self) -> int:
        return self.number


def _choices(numbers: dict[str, int], chosen: Any) -> list[dict[str, Any]]:
    return [
        {
            "slug": model._meta.model_name,
            "name": capfirst(str(model._meta.verbose_name_plural)),
            "number": queue.said(numbers[str(model._meta.model_name)]),
            "chosen": model is chosen,
        }
        for model in queue.kinds()
        if numbers.get(str(model._meta.model_name))
    ]


def _decide(request: HttpRequest) -> None:
    chosen = _chosen(request.POST.getlist("chosen"))
    number = sum(len(keys) for keys in chosen.values())
    if not number:
        raise ValidationError(NOTHING_CHOSEN)
    by, text = account(request), request.POST.get("comment", "").replace("\x00", "")
    if "publish" in request.POST:
        _tell(request, "published", number, review.publish_reviewed(chosen, by=by))
    else:
        _tell(request, "returned to draft", number, review.return_reviewed(chosen, text, by=by))


def _chosen(sent: list[str]) -> dict[type[PublicRecord], list[int]]:
    """The records whose boxes were ticked, by kind; what makes no sense is left out."""
    found: dict[type[PublicRecord], list[int]] = defaultdict(list)
    for one in sent:
        kind, _, key = one.partition(":")
        model = review.model_of(kind)
        if model is not None and (number := key_of(key)) is not None:
            found[model].append(number)
    return found


def _tell(request: HttpRequest, done: str, number: int, moved: list[tuple[str, Moved]]) -> None:
    records = sum(one.records for _, one in moved)
    parts = sum(sum(one.parts.values()) for _, one in moved)
    also = f", with {parts:,} parts" if parts else ""
    if records:
        messages.success(request, f"{records:,} {'record' if records == 1 else 'records'} {done}{also}.")
    if records < number:
        messages.warning(request, f"{number - records:,} were no longer in review and stay as they are.")
    for name, bare, shown in ((n, *v) for _, one in moved for n, v in one.unsourced.items()):
        messages.warning(request, f"{capfirst(name)}: {bare:,} of {shown:,} published are unsourced.")
    for name, hidden in ((n, v) for _, one in moved for n, v in one.hidden.items()):
        told = f"{capfirst(name)}: {hidden:,} published do not show yet"
        messages.warning(request, f"{told}, since something they refer to is still a draft.")


# --- One record -------------------------------------------------------------------------------------------


def record_view(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """A record beside what it said when last published, with its parts, and what was said about it."""
    model = review.model_of(kind)
    if model is None or key >= 2**63 or model not in admin.site._registry:
        raise Http404
    model_admin = admin.site.get_model_admin(model)
    record = model._default_manager.select_related(*_related(model_admin)).filter(pk=key).first()
    if record is None:
        raise Http404
    if not model_admin.has_view_or_change_permission(request, record):
        raise PermissionDenied
    problems: list[str] = []
    if request.method == "POST":
        try:
            return _answer(request, record)
        except ValidationError as error:
            problems = error.messages
    compared = published.side_by_side(record)
    context = {
        **admin.site.each_context(request),
        "title": f"Review {record}",
        "opts": model._meta,
        "record": record,
        "form_address": queue.form_of(record),
        "compared": compared,
        "parts": _parts(record),
        "comments": comments_on(record),
        "may_decide": record.publication == Publication.IN_REVIEW and may_publish(account(request), model),
        "problems": problems,
        "said": request.POST.get("comment", ""),
        "chosen": f"{kind}:{key}",
    }
    return TemplateResponse(request, "admin/registry/review_record.html", context)


def _related(model_admin: Any) -> tuple[str, ...]:
    return tuple(model_admin.list_select_related or ())


def _answer(request: HttpRequest, record: Any) -> HttpResponse:
    if "publish" in request.POST or "return" in request.POST:
        _decide(request)
        return HttpResponseRedirect(reverse("admin:review"))
    if not request.user.has_perm("registry.add_reviewcomment"):
        raise PermissionDenied
    review.comment([record], request.POST.get("comment", "").replace("\x00", ""), by=account(request))
    return HttpResponseRedirect(request.get_full_path())


def _parts(record: Any) -> list[dict[str, Any]]:
    """The parts that move with the record, those first that differ from what was published."""
    groups = []
    for accessor in PARTS.get(record._meta.model_name, ()):
        rows = getattr(record, accessor).all()
        related = _related(admin.site.get_model_admin(rows.model))
        found = list(rows.select_related(*related)[: PARTS_SHOWN + 1])
        compared = published.compare_rows(found[:PARTS_SHOWN])
        if compared:
            groups.append(
                {
                    "name": capfirst(str(rows.model._meta.verbose_name_plural)),
                    "rows": sorted(compared, key=lambda one: not (one.is_new or one.changes)),
                    "more": len(found) > PARTS_SHOWN,
                }
            )
    return groups
