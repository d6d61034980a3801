"""Possible duplicates: a page of pairs for each kind, and a warning while a new record is typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from registry.actions.duplicates import tell_apart
from registry.admin.base import RegistryAdmin
from registry.admin.fields import widget_of
from registry.admin.publication import PublicRecordAdmin
from registry.admin.records import account, key_of
from registry.admin.rows import read_page
from registry.admin.workqueue import SHOWN, Line, Shown
from registry.choices import DuplicateKind
from registry.duplicates import KINDS, Pair, Similar, like, possible_duplicates
from registry.models import Membership, NotDuplicate, PolicyParty
from registry.models.base import count_rows

PER_PAGE = 20
LAST_PAGE = 25
SEEN = "similar_seen"
HELD_UP = "It may be recorded already, see below. Compare, and save all the same if it is another one."
# Numbers that tell two records apart, beside their own fields.
COUNTS: dict[str, dict[str, tuple[Any, str]]] = {
    "network": {"members": (Membership, "network")},
    "jointpolicy": {"cities": (PolicyParty, "policy")},
}
# What a reader compares first.
FACTS = {
    "city": (
        "kind",
        "country",
        "division",
        "population",
        "latitude",
        "longitude",
        "geonames_id",
        "wikidata_id",
        "website",
    ),
    "network": ("acronym", "scope", "founded", "dissolved", "secretariat", "website", "members"),
    "jointpolicy": ("kind", "status", "since", "until", "website", "cities"),
    "cityoffice": ("city", "kind", "established", "closed", "website"),
    "organisation": ("kind", "country", "website"),
}


def merge_page(pair: Pair) -> str:
    """The address at which the two are compared and merged; the record made first stays."""
    page = reverse(f"admin:registry_{pair.one._meta.model_name}_merge", args=[pair.one.pk])
    return f"{page}?other={pair.other.pk}"


# --- On the first page ------------------------------------------------------------------------------------


def first_pairs(request: HttpRequest) -> HttpResponse:
    """The likeliest pairs of each kind that the account may change.

    The first page asks for them when they are wanted: all records of a kind are compared with each other,
    which takes seconds where there are very many.
    """
    kinds = [kind for kind in KINDS if request.user.has_perm(f"registry.change_{kind}")]
    found = [shown for kind in kinds if (shown := _first_of(kind)).lines]
    context = {**admin.site.each_context(request), "title": "Possible duplicates", "work": found}
    part = "admin/registry/work_queue.html"
    return TemplateResponse(request, part if request.htmx else "admin/registry/first_pairs.html", context)  # type: ignore[attr-defined]


def _first_of(kind: DuplicateKind) -> Shown:
    compared: Any = admin.site.get_model_admin(KINDS[kind].model)
    pairs = possible_duplicates(kind, SHOWN + 1, 0, compared.compared_records())
    lines = [Line(f"{pair.one} — {pair.other}", merge_page(pair), ", ".join(pair.reasons)) for pair in pairs]
    more = f"more than {SHOWN}" if len(pairs) > SHOWN else str(len(pairs))
    everything = reverse(f"admin:registry_{kind}_duplicates")
    return Shown(f"Possible duplicates: {kind.label.lower()}", more, lines[:SHOWN], everything)


class NameInput(AdminTextInputWidget):
    """A name, under which records that are like it appear while it is typed.

    Without JavaScript they appear when the form is first saved: `found` holds them then.
    """

    found: list[Similar] = []

    def __init__(self, compared: ComparedAdmin, fields: dict[str, forms.Field], attrs: Any = None) -> None:
        super().__init__(attrs)
        self.compared = compared
        self.triggers = [
            _trigger(name, widget_of(fields[name])) for name in compared.typed_fields if name in fields
        ]

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The box and the place of the warning."""
        said = {
            "box": super().render(name, value, attrs, renderer),
            "address": self.compared.address_of("similar"),
            "fields": ", ".join(f"#id_{name}" for name in self.compared.typed_fields),
            "triggers": ", ".join(self.triggers),
            **self.compared.shown(self.found),
        }
        return mark_safe(render_to_string("admin/registry/name_input.html", said))

    class Media:
        js = ["htmx.min.js", "registry/admin/htmx.js", "registry/admin/similar.js"]


def _trigger(name: str, widget: Any) -> str:
    """When htmx asks again, for one field of the form."""
    if hasattr(widget, "optgroups"):
        event = "chosen" if "data-ajax--url" in widget.build_attrs({}) else "change"
        return f"{event} from:#id_{name}"
    return f"input changed delay:400ms from:#id_{name}"


class ComparingForm(forms.ModelForm):
    """The form of a new record: held up once where records like it are recorded."""

    compared: ComparedAdmin

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["name"].widget
        self.fields["name"].widget = NameInput(self.compared, self.fields, box.attrs)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        found = like(self._meta.model, {**self.data, **(cleaned or self.cleaned_data)})
        self.fields["name"].widget.found = found
        seen = self.data.get(SEEN, "").split(",")
        if any(str(one.record.pk) not in seen for one in found) and "name" not in self.errors:
            self.add_error("name", HELD_UP)
        return cleaned


class ComparedAdmin(PublicRecordAdmin):
    """Base of the admins of records that may be recorded twice."""

    @property
    def typed_fields(self) -> tuple[str, ...]:
        """The fields that are compared while a new record is typed."""
        return KINDS[self.kind].fields

    @property
    def kind(self) -> Any:
        """The `DuplicateKind` of these records."""
        return next(kind for kind, compared in KINDS.items() if compared.model is self.model)

    def address_of(self, page: str) -> str:
        """The address of a page of this kind of record; empty where there is none."""
        try:
            return reverse(f"admin:registry_{self.opts.model_name}_{page}", current_app=self.admin_site.name)
        except NoReverseMatch:
            return ""

    def get_urls(self) -> list[Any]:
        """With the pairs, and what a record being typed is like."""
        view, name = self.admin_site.admin_view, f"registry_{self.opts.model_name}"
        return [
            path("duplicates/", view(self.duplicates_view), name=f"{name}_duplicates"),
            path("similar/", view(self.similar_view), name=f"{name}_similar"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, with the way to possible duplicates."""
        address = {"duplicates_address": self.address_of("duplicates")}
        return super().changelist_view(request, {**address, **(extra_context or {})})

    # --- While typing -------------------------------------------------------------------------------------

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form class; that of a new record looks for others like it."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None:
            return form
        return type(form.__name__, (ComparingForm, form), {"compared": self})

    def similar_view(self, request: HttpRequest) -> HttpResponse:
        """Records like the one being typed, as a piece of the form."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        found = like(self.model, request.GET.dict())
        return TemplateResponse(request, "admin/registry/similar.html", self.shown(found))

    def shown(self, found: list[Similar]) -> dict[str, Any]:
        """What the warning shows of the records found."""
        rows = [
            {
                "label": self.label_of(one.record),
                "address": self._address_of_record(one.record),
                "state": one.record.get_publication_display(),
                "reasons": one.reasons,
            }
            for one in found
        ]
        return {"similar": rows, "seen": ",".join(str(one.record.pk) for one in found), "seen_name": SEEN}

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        """The form, whose button says so where a new record is held up."""
        name = context["adminform"].form.fields.get("name")
        context["held_up"] = bool(getattr(getattr(name, "widget", None), "found", []))
        return super().render_change_form(request, context, *args, **kwargs)

    def _address_of_record(self, record: models.Model) -> str:
        return reverse(f"admin:registry_{self.opts.model_name}_change", args=[record.pk])

    # --- Pairs --------------------------------------------------------------------------------------------

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """Pairs that may be the same, likeliest first; posted, that two of them are different."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._tell_apart(request)
        page = min(read_page(request, "page"), LAST_PAGE)
        pairs = possible_duplicates(self.kind, PER_PAGE + 1, (page - 1) * PER_PAGE, self.compared_records())
        context = {
            **self.admin_site.each_context(request),
            "title": f"Possible duplicates among {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "pairs": [self._pair(pair) for pair in pairs[:PER_PAGE]],
            "kinds": self._kinds(request),
            "may_judge": request.user.has_perm("registry.add_notduplicate"),
            "previous": page - 1,
            "next": page + 1 if len(pairs) > PER_PAGE and page < LAST_PAGE else 0,
            "page": page,
        }
        return TemplateResponse(request, "admin/registry/duplicates.html", context)

    def compared_records(self) -> models.QuerySet:
        """Records with the facts by which two are compared."""
        names = [fact for fact in FACTS[self.kind] if fact not in COUNTS.get(self.kind, {})]
        related = [name for name in names if self.opts.get_field(name).is_relation]
        related += [f"{name}__{more}" for name in related for more in self._label_needs(name)]
        counts = {
            name: count_rows(model._default_manager.all(), key, "city")
            for name, (model, key) in COUNTS.get(self.kind, {}).items()
        }
        return self.model._default_manager.select_related(*related, *self.label_related).annotate(**counts)

    def _label_needs(self, name: str) -> tuple[str, ...]:
        related: Any = self.admin_site._registry.get(self.opts.get_field(name).related_model)  # type: ignore[arg-type]
        return getattr(related, "label_related", ())

    def _pair(self, pair: Pair) -> dict[str, Any]:
        labels = [self.label_of(record) for record in (pair.one, pair.other)]
        return {
            "records": [
                {"label": label, "address": self._address_of_record(record), "key": record.pk}
                for label, record in zip(labels, (pair.one, pair.other), strict=True)
            ],
            "facts": self._facts(pair),
            "reasons": pair.reasons,
            "merge": merge_page(pair),
        }

    def _facts(self, pair: Pair) -> list[tuple[str, str, str]]:
        facts = [("state", *(record.get_publication_display() for record in (pair.one, pair.other)))]
        for name in FACTS[self.kind]:
            called = name if name in COUNTS.get(self.kind, {}) else self.opts.get_field(name).verbose_name  # type: ignore[union-attr]
            facts.append((str(called), _shown(pair.one, name), _shown(pair.other, name)))
        return [fact for fact in facts if fact[1] or fact[2]]

    def _kinds(self, request: HttpRequest) -> list[dict[str, Any]]:
        found = []
        for compared in KINDS.values():
            other: Any = self.admin_site._registry[compared.model]
            if other.has_view_permission(request):
                name = capfirst(other.opts.verbose_name_plural)
                found.append({"name": name, "address": other.address_of("duplicates"), "here": other is self})
        return found

    def _tell_apart(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("registry.add_notduplicate"):
            raise PermissionDenied
        keys = [request.POST.get(name, "") for name in ("one", "other")]
        numbers = [number for number in map(key_of, keys) if number is not None]
        records = list(self.model._default_manager.filter(pk__in=numbers))
        if len(records) == 2:
            tell_apart(*records, by=account(request))
            messages.success(request, f"“{records[0]}” and “{records[1]}” are kept apart from now on.")
        else:
            messages.error(request, "One of the two records is gone. Look again.")
        return HttpResponseRedirect(request.get_full_path())


def _shown(record: Any, name: str) -> str:
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    if isinstance(value, int) and name not in ("geonames_id",):
        return f"{value:,}"
    return "" if value is None else str(value)


@admin.register(NotDuplicate)
class NotDuplicateAdmin(RegistryAdmin):
    """Pairs that somebody told apart; taken away, a pair is asked about again."""

    list_display = ("kind", "one_name", "other_name", "by", "at")
    list_display_links = None
    list_select_related = ("by",)
    list_filter = ("kind",)
    ordering = ("-pk",)
    sortable_by = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """With the names of the two records."""
        pairs = super().get_queryset(request)
        return pairs.annotate(**{f"{end}_called": _called(end) for end in ("one", "other")})

    @admin.display(description="one record")
    def one_name(self, pair: Any) -> str:
        """The first of the two."""
        return pair.one_called or f"gone ({pair.one})"

    @admin.display(description="other record")
    def other_name(self, pair: Any) -> str:
        """The second of the two."""
        return pair.other_called or f"gone ({pair.other})"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """On the page of possible duplicates."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is nothing to change about it."""
        return False


def _called(end: str) -> Coalesce:
    """The name of the record whose permanent identifier the column holds, whatever its kind."""
    names = [
        Subquery(compared.model._default_manager.filter(pid=OuterRef(end)).values("name")[:1])
        for compared in KINDS.values()
    ]
    return Coalesce(*names, output_field=models.CharField())
