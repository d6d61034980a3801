"""A FilterSet as a page shows it: controls to fill in, what is asked for now, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from anyascii import anyascii
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.formats import number_format

from registry.filters.base import RegistryFilterSet
from registry.filters.facets import Counts, count
from registry.filters.fields import (
    ChoicesField,
    ColumnsField,
    CountriesField,
    DecadesField,
    IssuesField,
    NumberField,
    RecordsField,
    ValuesField,
)
from registry.models import Country, Issue, Membership, PolicyParty
from registry.models.base import estimated_rows
from registry.models.dates import PartialDateFormField

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAGE_SIZES = (25, 50, 100, 200)
SHOWN = 5
FREQUENT = 8
LONGEST_NAME = 200
TOO_MUCH = ("too_large", "too_many_ties")
# Beyond so many memberships and parties the dear facets are counted when somebody asks.
MANY = 50_000


@dataclass(frozen=True)
class Option:
    """One value that can be chosen."""

    value: str
    words: str
    chosen: bool = False
    depth: int = 0
    count: int | None = None

    @property
    def said(self) -> str:
        """The words, and how many rows it leaves where that was counted."""
        if self.count is None:
            return self.words
        return f"{self.words} ({number_format(self.count, force_grouping=True)})"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value, and the records it may have meant."""

    message: str
    # Understood, but more than can be worked out.
    too_much: bool
    choices: list[tuple[Any, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Control:
    """One parameter of the form: `shape` names the part of the template that draws it."""

    name: str
    label: str
    help: str
    shape: str
    values: list[str]
    options: list[Option]
    problems: list[Problem]
    example: StrOrPromise
    # The kind of record that is asked for; empty for anything else.
    kind: str = ""
    # The address that counts what each value would leave, where that is done only when asked for.
    counted_at: str = ""

    @property
    def chosen(self) -> list[Option]:
        """The options asked for now."""
        return [option for option in self.options if option.chosen]

    @property
    def frequent(self) -> list[Option]:
        """Of many options, those to choose from by a click: the most frequent of what is not chosen."""
        counted = [option for option in self.options if option.count and not option.chosen]
        if self.name == "issue":
            return [option for option in counted if not option.depth]
        return sorted(counted, key=_rank)[:FREQUENT]


@dataclass(frozen=True)
class Chip:
    """One thing asked for, and the address without it."""

    name: str
    label: str
    words: str
    query: QueryDict


class Controls:
    """The form of a listing."""

    def __init__(self, filterset: RegistryFilterSet, query: QueryDict, page_size: int) -> None:
        self.filterset = filterset
        self.counts = _counts(filterset)
        self.page_size = str(page_size)
        self.query = query
        self.form = filterset.form
        made = {name: self._control(name) for name in self.form.fields if name != "page"}
        period = getattr(filterset, "of_the_period", ())
        self.period = [made[name] for name in period]
        self.period_of = getattr(filterset, "period_of", "")
        self.page = [made[name] for name in ("order", "page_size", "columns") if name in made]
        apart = {*period, *filterset.of_the_page}
        self.main = [control for name, control in made.items() if name not in apart]
        # What each of the two forms keeps of the other's.
        self.kept_by_filters = self._kept(filterset.of_the_page)
        settings = {control.name for control in self.page}
        self.kept_by_table = self._kept(name for name in made if name not in settings)
        numbers = [self._control("page")] if "page" in self.form.fields else []
        self.problems = [control for control in (*made.values(), *numbers) if control.problems]
        self.too_much = all(one.too_much for control in self.problems for one in control.problems)

    def _control(self, name: str) -> Control:
        form_field = self.form.fields[name]
        shape, options = self._shape(name, form_field)
        return Control(
            name=name,
            label=str(form_field.label),
            help=str(form_field.help_text),
            shape=shape,
            values=self._values(name),
            options=options,
            problems=[self._problem(name, error) for error in self._errors(name)],
            example=getattr(form_field, "example", ""),
            kind=str(getattr(form_field, "kind", "")),
            counted_at=self._counted_at(name),
        )

    def _counted_at(self, name: str) -> str:
        if name not in self.filterset.countable or name in self.counts:
            return ""
        query = self.query.copy()
        query.appendlist("facets", name)
        return f"?{query.urlencode()}"

    def _kept(self, names: Iterable[str]) -> list[tuple[str, str]]:
        """Parameters that a form hands on unseen."""
        return [(name, one) for name in names if name != "page" for one in self.query.getlist(name)]

    def _errors(self, name: str) -> list[ValidationError]:
        return self.form.errors[name].as_data() if name in self.form.errors else []

    def _values(self, name: str) -> list[str]:
        """What stands in the text inputs: a wrong value as it was given, so that it can be mended."""
        form_field = self.form.fields[name]
        given = self.form[name].data
        if isinstance(form_field, ValuesField):
            given = list(given or []) if name in self.form.errors else []
        else:
            given = [given] if given else []
        return [str(text).replace("\x00", "\ufffd")[:200] for text in given[:SHOWN]]

    def _shape(self, name: str, form_field: Any) -> tuple[str, list[Option]]:
        chosen = self.query.getlist(name)
        counts = self.counts.get(name)
        if isinstance(form_field, CountriesField):
            codes = {country.alpha2: country.local_name for country in Country.objects.all()}
            options = [
                Option(code, words, code in chosen, 0, _of(counts, code)) for code, words in codes.items()
            ]
            some = [option for option in options if option.chosen or option.count != 0]
            return "select", sorted(some, key=lambda option: anyascii(option.words).lower())
        if isinstance(form_field, IssuesField):
            return "select", _tree(chosen, counts)
        if isinstance(form_field, ChoicesField):
            shape = "sort" if name == "order" else "checkboxes"
            words = form_field.choices.items()
            return shape, [
                Option(value, str(label), value in chosen, 0, _of(counts, value)) for value, label in words
            ]
        if isinstance(form_field, DecadesField) and counts is not None and (counts or chosen):
            decades = sorted({*counts, *chosen}, reverse=True)
            return "checkboxes", [
                Option(one, form_field.words(one), one in chosen, 0, _of(counts, one)) for one in decades
            ]
        if isinstance(form_field, ColumnsField):
            listing = self.filterset.listing()
            shown = self.filterset.columns_asked if self.form.is_valid() else []
            return "columns", [
                Option(column.name, str(column.label), column in (shown or listing.usual))
                for column in listing.columns[1:]
            ]
        if isinstance(form_field, NumberField):
            given = {one for one in chosen if one.isdecimal()}
            sizes = sorted({*map(str, PAGE_SIZES), *given, self.page_size}, key=int)
            now = chosen or [self.page_size]
            usual = {self.page_size: ""}
            return "sort", [Option(usual.get(size, size), size, size in now) for size in sizes]
        if isinstance(form_field, ValuesField):
            things = self.form.cleaned_data.get(name) or []
            options = [_record(form_field, one, counts, chosen=True) for one in things]
            if counts and isinstance(form_field, RecordsField):
                known = {str(one.pk) for one in things}
                others = form_field.records().filter(pk__in=counts.keys() - known)
                options += [_record(form_field, one, counts, chosen=False) for one in others]
            return "records", options
        return ("date" if isinstance(form_field, PartialDateFormField) else "text"), []

    def _problem(self, name: str, error: ValidationError) -> Problem:
        candidates = getattr(error, "candidates", [])
        choices = []
        for record in candidates:
            query = self.query.copy()
            query.setlist(name, [record.slug])
            choices.append((query, _described(record)))
        return Problem(" ".join(error.messages), error.code in TOO_MUCH, choices)

    @property
    def name(self) -> str:
        """What is asked for in few words: a name for it."""
        return ", ".join(words for _, words in self.filterset.in_words())[:LONGEST_NAME]

    @property
    def chips(self) -> list[Chip]:
        """Everything asked for, each with the address that no longer asks for it."""
        chips = []
        asked = self.filterset.asked
        for name in (control.name for control in (*self.main, *self.period)):
            if name not in asked:
                continue
            form_field, value = self.form.fields[name], asked[name]
            things = value if isinstance(form_field, ValuesField) else [value]
            for position, thing in enumerate(things):
                words = form_field.words(thing) if isinstance(form_field, ValuesField) else str(thing)
                chips.append(Chip(name, str(form_field.label), words, self._without(name, position)))
        return chips

    def _without(self, name: str, position: int) -> QueryDict:
        query = self.query.copy()
        query.pop("page", None)
        values = query.getlist(name)
        query.setlist(name, values[:position] + values[position + 1 :])
        return query


def _counts(filterset: RegistryFilterSet) -> Counts:
    """The facets that are counted now: in a large registry the dear ones only when they are asked for."""
    if not filterset.is_valid() or not filterset.countable:
        return {}
    asked = filterset.asked.get("facets", [])
    large = estimated_rows(Membership) + estimated_rows(PolicyParty) > MANY
    # Where a dear parameter narrows the rows, each count goes through its links.
    dear = filterset.countable if filterset.asked.keys() & {*filterset.dear} else filterset.dear
    names = [name for name in filterset.countable if name in asked or not (large and name in dear)]
    return count(filterset, names)


def _of(counts: dict[str, int] | None, key: str) -> int | None:
    return None if counts is None else counts.get(key, 0)


def _record(form_field: Any, one: Any, counts: dict[str, int] | None, *, chosen: bool) -> Option:
    """A record as an option."""
    return Option(form_field.key(one), form_field.words(one), chosen, 0, _of(counts, str(one.pk)))


def _rank(option: Option) -> tuple[int, str]:
    return -(option.count or 0), option.words


def _described(record: Any) -> str:
    """A record among others of its name."""
    places = [getattr(record, "division", None), getattr(record, "country", None)]
    return ", ".join([str(record), *(str(place) for place in places if place)])


def _tree(chosen: list[str], counts: dict[str, int] | None) -> list[Option]:
    """Every issue, in the order of the tree; where rows were counted, those that have some."""
    options = []
    for issue in Issue.objects.for_listing():
        depth = 2 if issue.parent and issue.parent.parent_id else int(bool(issue.parent))
        number = _of(counts, str(issue.pk))
        if number != 0 or issue.slug in chosen:
            options.append(Option(issue.slug, issue.name, issue.slug in chosen, depth, number))
    return options
