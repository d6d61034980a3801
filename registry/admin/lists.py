"""Lists of cities: bringing one in, looking through its plan, applying it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from registry.actions.cite import read_reference
from registry.admin.base import RecordForm, RegistryAdmin
from registry.admin.fields import ReferenceInput
from registry.admin.filtering import by_city, by_network, by_policy
from registry.admin.list_preview import Preview
from registry.admin.queue import form_of
from registry.admin.records import account
from registry.admin.workqueue import Line, Queue, register
from registry.choices import ImportState, ListOutcome
from registry.exchange.lists import ListError, read_list, read_text, resolve
from registry.exchange.lists.imports import open_list
from registry.models import JointPolicy, ListImport, ListImportRow, Network, TaughtName
from registry.models.base import Fold, count_rows

NAMES = ("name", "names")


def _to_decide(user: Any) -> Any:
    """Open lists with names that nobody has decided on."""
    undecided = ListImportRow.objects.filter(city__isnull=True, left_out=False)
    rows = count_rows(undecided.filter(outcome__in=[ListOutcome.AMBIGUOUS, ListOutcome.UNMATCHED]), "listing")
    return (
        ListImport.objects.filter(state=ImportState.OPEN)
        .select_related("network", "policy")
        .annotate(undecided=rows)
        .filter(undecided__gt=0)
        .order_by("-made_at", "pk")
    )


def _list_lines(lists: Any) -> list[Line]:
    return [
        Line(str(one), form_of(one), f"{one.undecided:,} {NAMES[one.undecided != 1]} to decide")
        for one in lists
    ]


register(
    Queue(
        "Lists with names to decide",
        _to_decide,
        _list_lines,
        permission="registry.add_listimport",
        all=partial(reverse, "admin:registry_listimport_changelist"),
    )
)

LONGEST_PASTE = 1_000_000
ONE_LIST = "Choose a file or paste the list."
NOT_BOTH = "Choose a file or paste the list, not both."
PASTE_HELP = (
    "One city a line: “Kansas City, KS”, “Porto (PT), since 2004”. Cells copied from a spreadsheet work too."
)


class UploadForm(RecordForm):
    """A new list. What cannot be read of it is said beside the file or the text it came in."""

    file = forms.FileField(
        required=False,
        help_text="CSV or XLSX with a column of names; country, since, until, role, source if it has them.",
    )
    pasted = forms.CharField(
        required=False,
        label="or paste it",
        help_text=PASTE_HELP,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "cols": 60, "maxlength": LONGEST_PASTE}),
    )

    def clean_source(self) -> str:
        """An address or a reference in words."""
        source = self.cleaned_data["source"]
        if source:
            read_reference(source)
        return source

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        file, pasted = self.cleaned_data.get("file"), self.cleaned_data.get("pasted", "").strip()
        if "file" in self.errors or "pasted" in self.errors:
            return cleaned
        if bool(file) == bool(pasted):
            self.add_error("file", NOT_BOTH if file else ONE_LIST)
            return cleaned
        try:
            self.instance.read = read_list(file, file.name) if file else read_text(pasted)
        except ListError as error:
            self.add_error("file" if file else "pasted", ValidationError(str(error)))
        self.instance.file_name = file.name[:255] if file else ""
        return cleaned


@admin.register(ListImport)
class ListImportAdmin(RegistryAdmin):
    """Lists: the form brings one in, and its own page is the plan."""

    form = UploadForm
    list_display = ("name", "target", "state", "made_by", "made_at", "applied_by", "applied_at", "batch")
    list_select_related = ("network", "policy", "made_by", "applied_by")
    list_filter = ("state", by_network(), by_policy())
    search_fields = ("network__folded", "policy__folded")
    search_help_text = "Words of the network or joint policy."
    ordering = ("-made_at", "-pk")
    sortable_by = ()
    autocomplete_fields = ("network", "policy")
    fieldsets = (
        ("Whose list", {"fields": ("network", "policy")}),
        ("The list", {"fields": ("file", "pasted")}),
        ("How do we know?", {"fields": ("source", "observed_on", "note")}),
    )

    @admin.display(description="list")
    def name(self, listing: ListImport) -> str:
        """The file, or that it was pasted."""
        return listing.file_name or "Pasted list"

    @admin.display(description="for")
    def target(self, listing: ListImport) -> str:
        """The network or joint policy."""
        return str(listing.target)

    def matches(self, word: str) -> Q:
        """By the network or the joint policy."""
        named = {"folded__contains": Fold(Value(word))}
        return Q(network__in=Network.objects.filter(**named)) | Q(
            policy__in=JointPolicy.objects.filter(**named)
        )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The source is typed like every other: known ones are offered."""
        if db_field.name == "source":
            kwargs["widget"] = ReferenceInput()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was applied stays on record."""
        applied = obj is not None and obj.state == ImportState.APPLIED
        return super().has_delete_permission(request, obj) and not applied

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """None: lists are deleted one by one, since those that were applied stay."""
        return {}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Find the cities that the rows mean, and keep the list with its plan."""
        decisions = resolve(obj.read.rows, network=obj.network)
        open_list(obj, decisions, by=account(request), columns=obj.read.columns)
        for note in obj.read.notes:
            messages.info(request, note)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form that brings a list in. One button is enough: it leads to the plan."""
        context = {
            "title": "Import a list",
            "show_save_and_add_another": False,
            "show_save_and_continue": False,
            **(extra_context or {}),
        }
        return super().add_view(request, form_url, context)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """Straight to the plan."""
        number = obj.rows.count()
        messages.success(request, f"{number:,} rows were read. Nothing is recorded until you apply it.")
        return HttpResponseRedirect(reverse("admin:registry_listimport_change", args=[obj.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The plan of the list, and what to do with it."""
        listing = self.get_object(request, object_id)
        if listing is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, listing):
            raise PermissionDenied
        return Preview(self, request, listing).respond()


@admin.register(TaughtName)
class TaughtNameAdmin(RegistryAdmin):
    """What staff taught: which city a name means in the lists of a network."""

    list_display = ("name", "beside", "city", "network")
    list_select_related = ("city__country", "network")
    list_filter = (by_network(), by_city())
    search_fields = ("folded", "city__folded")
    ordering = ("name", "pk")
    sortable_by = ()
    autocomplete_fields = ("network", "city")
    fields = ("name", "beside", "city", "network")
