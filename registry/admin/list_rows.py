"""The rows of a list on the page of its plan: which city each means, and what it says of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe

from registry.admin.fields import RecordSelect, ReferenceInput
from registry.admin.list_maps import Map
from registry.choices import MembershipStatus, PartyRole, RowAnswer, RowStanding, Tier
from registry.exchange.lists import resolve
from registry.exchange.lists.imports import CORRECTED, offer, row_given
from registry.models import City, ListImport, ListImportRow

OTHER, NONE = "other", "none"
LARGEST_KEY = 2**63 - 1
CHOICES = {"status": (MembershipStatus, Tier), "role": (PartyRole,)}
SAVED = [
    *CORRECTED,
    "answer",
    "mended",
    "city",
    "by_staff",
    "left_out",
    "candidates",
    "outcome",
    "reason",
    "score",
]


class CityNumber(forms.IntegerField):
    """The key of a city found by typing."""

    def __init__(self, site: AdminSite) -> None:
        widget = RecordSelect(ListImportRow._meta.get_field("city"), site)
        widget.is_required = False
        super().__init__(required=False, min_value=1, max_value=LARGEST_KEY, widget=widget)
        self.widget.known = {}


class ListRowForm(forms.Form):
    """What staff may say of one row. Only what was touched is written: others may work on the same list."""

    choice = forms.ChoiceField(required=False, widget=forms.RadioSelect, show_hidden_initial=True)
    search = forms.CharField(required=False, max_length=300)
    since = forms.CharField(required=False, max_length=40, show_hidden_initial=True)
    until = forms.CharField(required=False, max_length=40, show_hidden_initial=True)
    status = forms.CharField(required=False, max_length=100, show_hidden_initial=True)
    role = forms.CharField(required=False, max_length=1000, show_hidden_initial=True)
    source = forms.CharField(required=False, max_length=1000, show_hidden_initial=True)
    mended = forms.BooleanField(required=False)
    answer = forms.ChoiceField(
        required=False,
        choices=[("", "Not decided"), *RowAnswer.choices],
        widget=forms.RadioSelect,
        show_hidden_initial=True,
    )

    def __init__(
        self, data: Any, row: ListImportRow, cities: dict[int, City], site: AdminSite, is_open: bool
    ) -> None:
        self.row = row
        self.options = [cities[key] for key in keys_of(row) if key in cities]
        initial = {name: getattr(row, name) for name in (*CORRECTED, "answer")}
        initial["choice"] = NONE if row.left_out else str(row.city_id or "")
        super().__init__(data, prefix=f"row-{row.pk}", initial=initial)
        known = [(str(city.pk), city.name) for city in self.options]
        self.fields["choice"].choices = [*known, (OTHER, "Another city"), (NONE, "Leave it out")]  # type: ignore[attr-defined]
        self.fields["other"] = CityNumber(site)
        self.fields["source"].widget = ReferenceInput()
        for name, field in self.fields.items():
            field.widget.attrs.setdefault("aria-label", f"{name} of row {row.number}")
            field.disabled = not is_open
        for name in ("since", "until"):
            self.fields[name].widget.attrs |= {"size": 10, "placeholder": "2005-11"}
        for name in CHOICES:
            self.fields[name].widget.attrs["list"] = f"known-{name}"

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if cleaned.get("choice") == OTHER and not cleaned.get("other") and not cleaned.get("search"):
            self.add_error("other", "Type the name of the other city, or choose another answer.")
        return cleaned

    def save(self, others: dict[int, City]) -> bool:
        """Take over to the row what was touched; whether anything was."""
        touched = set(self.changed_data)
        for name in {*CORRECTED, "answer"} & touched:
            setattr(self.row, name, self.cleaned_data[name])
        # Who corrects a date or a role has seen what could not be read; a tick says that it may be missing.
        self.row.mended = self.row.mended or bool({*CORRECTED, "mended"} & touched)
        choice, other = self.cleaned_data["choice"], self.cleaned_data["other"]
        if other in others and choice in (OTHER, self["choice"].initial):
            self._choose(other)
        elif "choice" in touched and choice != OTHER:
            self._choose(int(choice) if choice.isdigit() else None)
            self.row.left_out = choice == NONE
        return bool(touched)

    def _choose(self, city_id: int | None) -> None:
        self.row.city_id, self.row.by_staff, self.row.left_out = city_id, True, False

    # --- What the template shows --------------------------------------------------------------------------

    @property
    def initials(self) -> SafeString:
        """Hidden fields that say what each visible one held when the page was made."""
        kept = [field for field in self if field.field.show_hidden_initial]
        return mark_safe("".join(field.as_hidden(only_initial=True) for field in kept))

    @property
    def as_text(self) -> dict[str, SafeString]:
        """The visible boxes alone, since `initials` has the hidden ones of all."""
        return {name: self[name].as_widget() for name in CORRECTED}

    @property
    def cities(self) -> list[dict[str, Any]]:
        """The cities to choose from, with what tells them apart."""
        said = {candidate["city_id"]: candidate for candidate in self.row.candidates}
        chosen = str(self["choice"].value() or "")
        return [
            {
                "number": number,
                "city": city,
                "said": said.get(city.pk, {}),
                "percent": round(100 * said[city.pk]["score"]) if city.pk in said else None,
                "checked": chosen == str(city.pk),
            }
            for number, city in enumerate(self.options, 1)
        ]

    @property
    def chosen(self) -> str:
        """Which radio button is on."""
        return str(self["choice"].value() or "")

    @property
    def needs_choice(self) -> bool:
        """Whether the row waits for a city."""
        return self.row.standing in (RowStanding.AMBIGUOUS, RowStanding.UNMATCHED)

    @property
    def map(self) -> Map | None:
        """Where the cities lie, if there is a choice between some."""
        return Map.of(self.options) if self.needs_choice else None

    @property
    def given(self) -> list[tuple[str, Any]]:
        """The other cells as given."""
        return [
            (name.replace("_", " "), value) for name, value in self.row.given.items() if name != "problems"
        ]


def keys_of(row: ListImportRow) -> list[int]:
    """Keys of the cities offered for a row: its candidates, and the one chosen by other means."""
    keys = [candidate["city_id"] for candidate in row.candidates]
    return keys if row.city_id in keys or not row.city_id else [*keys, row.city_id]


def row_forms(
    rows: Iterable[ListImportRow], site: AdminSite, *, is_open: bool, data: Any = None
) -> list[ListRowForm]:
    """A form for each row: one query for all the cities they offer."""
    rows = list(rows)
    cities = _cities({key for row in rows for key in keys_of(row)})
    return [ListRowForm(data, row, cities, site, is_open) for row in rows]


def save_rows(listing: ListImport, forms: list[ListRowForm], site: AdminSite) -> bool:
    """Write what staff said of the rows; False, and nothing written, where something of it cannot be."""
    valid = not [form for form in forms if not form.is_valid()]
    others = _cities({form.cleaned_data["other"] for form in forms if form.cleaned_data.get("other")})
    label = getattr(site.get_model_admin(City), "label_of", str)
    for form in forms:
        other = form.cleaned_data.get("other")
        box: Any = form.fields["other"].widget
        box.known = {str(key): label(city) for key, city in others.items()}
        if other and other not in others:
            form.add_error("other", "This city is not recorded any more.")
            box.known = {str(other): "?"}
            valid = False
    if not valid:
        return False
    touched = [form.row for form in forms if form.save(others)]
    _search([form for form in forms if form.cleaned_data["search"]], listing)
    ListImportRow.objects.bulk_update(touched, SAVED)
    return True


def _search(forms: list[ListRowForm], listing: ListImport) -> None:
    """Offer for rows what the resolver finds under other words: the way without a script."""
    asked = [row_given(form.row, name=form.cleaned_data["search"]) for form in forms]
    if asked:
        for form, decision in zip(forms, resolve(asked, network=listing.network), strict=True):
            offer(form.row, decision)
            form.row.by_staff = True


def _cities(keys: set[Any]) -> dict[int, City]:
    found: QuerySet = City.objects.select_related("country", "division")
    return found.in_bulk(keys) if keys else {}


def known_words(listing: ListImport) -> dict[str, list[str]]:
    """Words offered for the columns in which only some can be recorded."""
    columns = ["status"] if listing.network_id else ["role"]
    return {name: [value for choices in CHOICES[name] for value in choices.values] for name in columns}
