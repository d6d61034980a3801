"""Research tables: bringing one in, saying whom its rows mean, making draft memberships of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html

from registry.actions.datasets import delete_cells
from registry.admin.base import ReadOnlyAdmin, RecordForm
from registry.admin.filtering import by_city, by_network
from registry.admin.list_rows import CityNumber
from registry.admin.publication import PublicRecordAdmin
from registry.admin.records import account
from registry.exchange.datasets import mapping as mappings
from registry.exchange.datasets.bring import bring, read
from registry.exchange.datasets.mapping import MappingError
from registry.exchange.datasets.places import Unplaced, place, unplaced, unplaced_keys
from registry.exchange.datasets.promote import Promoted, networks_of, promote
from registry.exchange.lists import ListError
from registry.models import City, Dataset, Observation
from registry.models.base import Fold

ROWS_AT_ONCE = 25
LONGEST_MAPPING = 100_000


class DatasetForm(RecordForm):
    """A table; a new one comes with its file and mapping."""

    file = forms.FileField(help_text="CSV or XLSX, kept byte for byte.")
    table_mapping = forms.CharField(
        label="mapping",
        strip=False,
        max_length=LONGEST_MAPPING,
        widget=forms.Textarea(attrs={"rows": 14, "cols": 70, "spellcheck": "false"}),
        initial='[row]\ncity = "City"\ncountry = "Country"\n\n[values]\nscale = "presence"\n',
        help_text="What the columns mean, in TOML; see “How a mapping is written” below.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["file"], self.fields["table_mapping"]

    def clean(self) -> dict[str, Any] | None:
        """Read the table by its mapping, and say beside either what is wrong."""
        cleaned = super().clean()
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("table_mapping")
        if file and text:
            try:
                self.instance.given = read(file.read(), file.name, text)
            except ListError as error:
                self.add_error("file", ValidationError(str(error)))
            except MappingError as error:
                self.add_error("table_mapping", ValidationError(error.messages))
        return cleaned


@admin.register(Dataset)
class DatasetAdmin(PublicRecordAdmin):
    """Imported research tables."""

    form = DatasetForm
    list_display = ("name", "source", "observed_on", "licence", "publication")
    list_select_related = ("source",)
    list_filter = ("publication",)
    search_fields = ("folded",)
    ordering = ("name", "pk")
    autocomplete_fields = ("source",)
    about = ("name", "publication", "source", ("observed_on", "licence"), "description")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """A new table with its file; later its file and cells stay as they are."""
        table = [] if obj else [("The table", {"fields": ("file", "table_mapping")})]
        staff = ("For staff", {"fields": ("slug", "note")})
        return [(None, {"fields": self.about}), *table, staff]

    def matches(self, word: str) -> Q:
        """By name."""
        return Q(folded__contains=Fold(Value(word)))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Bring a new table in with all its cells."""
        if change:
            super().save_model(request, obj, form, change)
            return
        by = account(request)
        came = bring(obj, obj.given, who={"user": by.pk, "username": by.get_username()})
        linked = f"{len(came.linked):,} names of networks were understood"
        left = f", {len(came.unlinked):,} were not" if came.unlinked else ""
        messages.info(
            request,
            f"{came.rows:,} rows with {came.cells:,} cells. The city of {came.placed:,} rows was found. "
            f"{linked}{left}; they say {came.said:,} times who is a member and who is not.",
        )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The form that brings a table in."""
        given = {"title": "Import a research table", "how_mappings_are_written": mappings.__doc__}
        return super().add_view(request, form_url, {**given, **(extra_context or {})})

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete a table after its cells."""
        delete_cells(Dataset.objects.filter(pk=obj.pk))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete tables after their cells."""
        delete_cells(queryset)
        super().delete_queryset(request, queryset)

    def get_urls(self) -> list[Any]:
        """With the pages of rows without a city, and of promoting."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/rows/", view(self.rows_view), name="registry_dataset_rows"),
            path("<int:pk>/promote/", view(self.promote_view), name="registry_dataset_promote"),
            *super().get_urls(),
        ]

    def _context(self, request: HttpRequest, dataset: Dataset, title: str) -> dict[str, Any]:
        site = self.admin_site.each_context(request)
        return {**site, "title": title, "opts": self.opts, "original": dataset}

    # --- Rows without a city ------------------------------------------------------------------------------

    def rows_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The next rows whose city is not known, each with those it may mean."""
        dataset = self.get_object(request, str(pk))
        if dataset is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not self.has_change_permission(request, dataset):
            raise PermissionDenied
        if not dataset.mapping:
            messages.warning(request, "This table has no mapping: nothing says which column names the city.")
            return HttpResponseRedirect(reverse("admin:registry_dataset_change", args=[pk]))
        given = [key.replace("\0", "") for key in request.POST.getlist("key")]
        keys = given[:ROWS_AT_ONCE] or self._some_keys(request, dataset)
        forms_of_rows = row_forms(unplaced(dataset, keys), request.POST or None, self.admin_site)
        if request.method == "POST" and all(form.is_valid() for form in forms_of_rows):
            chosen = {form.key: form.cleaned_data["city"] for form in forms_of_rows}
            number = place(dataset, {key: city for key, city in chosen.items() if city})
            messages.success(
                request, f"The city of {number:,} {'row is' if number == 1 else 'rows is'} noted."
            )
            return HttpResponseRedirect(request.get_full_path())
        context = {
            **self._context(request, dataset, f"{dataset}: rows without a city"),
            "forms": forms_of_rows,
            "total": unplaced_keys(dataset).count(),
            "next": self._page(request) + 1 if len(keys) == ROWS_AT_ONCE else None,
            "media": self.media + CityNumber(self.admin_site).widget.media,
        }
        return TemplateResponse(request, "admin/registry/dataset/rows.html", context)

    def _some_keys(self, request: HttpRequest, dataset: Dataset) -> list[str]:
        start = (self._page(request) - 1) * ROWS_AT_ONCE
        return list(unplaced_keys(dataset)[start : start + ROWS_AT_ONCE])

    @staticmethod
    def _page(request: HttpRequest) -> int:
        text = request.GET.get("page", "")
        return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1

    # --- Draft memberships --------------------------------------------------------------------------------

    def promote_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The networks that the table names members of; of those chosen, draft memberships."""
        dataset = self.get_object(request, str(pk))
        if dataset is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(pk))
        if not account(request).has_perm("registry.add_membership"):
            raise PermissionDenied
        networks = networks_of(dataset)
        chosen = [one for one, _ in networks if str(one.pk) in request.POST.getlist("network")]
        if request.method == "POST" and chosen:
            for made in promote(dataset, chosen, by=account(request)):
                messages.success(request, told(made))
            return HttpResponseRedirect(reverse("admin:registry_dataset_change", args=[pk]))
        context = {
            **self._context(request, dataset, f"{dataset}: draft memberships"),
            "networks": networks,
            "nothing_chosen": request.method == "POST",
        }
        return TemplateResponse(request, "admin/registry/dataset/promote.html", context)


def told(made: Promoted) -> Any:
    """What became of one network, with the way to what waits and to what was applied."""
    applied = made.applied
    parts = [f"{applied.added:,} drafts added", f"{applied.seen:,} there already"]
    parts += [f"{applied.proposed:,} changes proposed"] if applied.proposed else []
    parts += [f"{applied.waiting:,} wait for a decision"] if applied.waiting else []
    page = reverse("admin:registry_listimport_change", args=[(made.rest or made.listing).pk])
    return format_html('{}: {}. <a href="{}">The list</a>', made.network, ", ".join(parts), page)


class RowForm(forms.Form):
    """The city of one row: one of those it may mean, or another."""

    choice = forms.ChoiceField(required=False, widget=forms.RadioSelect)

    def __init__(self, row: Unplaced, data: Any, site: admin.AdminSite, prefix: str) -> None:
        self.row, self.key = row, row.row_key
        super().__init__(data, prefix=prefix)
        offered = [(str(one.city_id), f"{one.name}, {one.country}") for one in row.candidates]
        self.fields["choice"].choices = [*offered, ("", "Leave it")]  # type: ignore[attr-defined]
        self.fields["other"] = CityNumber(site)
        self.fields["other"].widget.attrs["aria-label"] = f"Another city for {row.row.name}"

    def clean(self) -> dict[str, Any]:
        """The city chosen as `city`; what was found by typing counts before what was offered."""
        number = self.cleaned_data.get("other") or self.cleaned_data.get("choice")
        city = City.objects.filter(pk=number).first() if number else None
        if number and city is None:
            self.add_error("other", "There is no such city.")
        return {**self.cleaned_data, "city": city}


def row_forms(rows: Iterable[Unplaced], data: Any, site: admin.AdminSite) -> list[RowForm]:
    """A form for each row."""
    return [RowForm(row, data, site, f"row-{number}") for number, row in enumerate(rows)]


@admin.register(Observation)
class ObservationAdmin(ReadOnlyAdmin):
    """Cells of imported tables, as given."""

    list_display = ("row_key", "column", "value", "dataset", "city", "network")
    list_select_related = ("dataset", "city", "network")
    list_filter = (by_city(), by_network())
    search_fields = ("row_key",)
    ordering = ("-pk",)
    sortable_by = ()

    def matches(self, word: str) -> Q:
        """By the row as the table names it."""
        return Q(row_key__startswith=word)
