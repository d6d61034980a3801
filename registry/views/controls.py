"""A FilterSet as a page shows it: controls to fill in, what is asked for now, and what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from registry.filters.base import RegistryFilterSet
from registry.filters.fields import ChoicesField, CountriesField, IssuesField, NumberField, ValuesField
from registry.models import Country, Issue
from registry.models.dates import PartialDateFormField

PAGE_SIZES = (25, 50, 100, 200)
SHOWN = 5


@dataclass(frozen=True)
class Option:
    """One value that can be chosen."""

    value: str
    words: str
    chosen: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value, and the records it may have meant."""

    message: str
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
    example: str

    @property
    def chosen(self) -> list[Option]:
        """The options asked for now."""
        return [option for option in self.options if option.chosen]


@dataclass(frozen=True)
class Chip:
    """One thing asked for, and the address without it."""

    label: str
    words: str
    query: QueryDict


class Controls:
    """The form of a listing."""

    def __init__(self, filterset: RegistryFilterSet, query: QueryDict, page_size: int) -> None:
        self.filterset = filterset
        self.page_size = str(page_size)
        self.query = query
        self.form = filterset.form
        made = {name: self._control(name) for name in self.form.fields if name != "page"}
        period = getattr(filterset, "of_the_period", ())
        self.period = [made[name] for name in period]
        self.period_of = getattr(filterset, "period_of", "")
        self.page = [made[name] for name in ("order", "page_size") if name in made]
        apart = {*period, *filterset.of_the_page}
        self.main = [control for name, control in made.items() if name not in apart]
        numbers = [self._control("page")] if "page" in self.form.fields else []
        self.problems = [control for control in (*made.values(), *numbers) if control.problems]

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
        )

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
        if isinstance(form_field, CountriesField):
            rows = Country.objects.values_list("alpha2", "name")
            return "select", [Option(code, words, code in chosen) for code, words in rows]
        if isinstance(form_field, IssuesField):
            return "select", _tree(chosen)
        if isinstance(form_field, ChoicesField):
            shape = "sort" if name == "order" else "checkboxes"
            words = form_field.choices.items()
            return shape, [Option(value, label, value in chosen) for value, label in words]
        if isinstance(form_field, NumberField):
            sizes = sorted({*map(str, PAGE_SIZES), *chosen, self.page_size}, key=int)
            now = chosen or [self.page_size]
            usual = {self.page_size: ""}
            return "sort", [Option(usual.get(size, size), size, size in now) for size in sizes]
        if isinstance(form_field, ValuesField):
            things = self.form.cleaned_data.get(name) or []
            return "records", [Option(form_field.key(one), form_field.words(one), True) for one in things]
        return ("date" if isinstance(form_field, PartialDateFormField) else "text"), []

    def _problem(self, name: str, error: ValidationError) -> Problem:
        candidates = getattr(error, "candidates", [])
        choices = []
        for record in candidates:
            query = self.query.copy()
            query.setlist(name, [record.slug])
            choices.append((query, _described(record)))
        return Problem(" ".join(error.messages), choices)

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
                chips.append(Chip(str(form_field.label), words, self._without(name, position)))
        return chips

    def _without(self, name: str, position: int) -> QueryDict:
        query = self.query.copy()
        query.pop("page", None)
        values = query.getlist(name)
        query.setlist(name, values[:position] + values[position + 1 :])
        return query


def _described(record: Any) -> str:
    """A record among others of its name."""
    places = [getattr(record, "division", None), getattr(record, "country", None)]
    return ", ".join([record.name, *(str(place) for place in places if place)])


def _tree(chosen: list[str]) -> list[Option]:
    """Every issue, in the order of the tree."""
    return [
        Option(
            issue.slug, issue.name, issue.slug in chosen, 2 if above and above.parent_id else int(bool(above))
        )
        for issue in Issue.objects.for_listing()
        for above in [issue.parent]
    ]
