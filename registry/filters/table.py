"""The documentation of every parameter, made from the FilterSets themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from registry.filters import LISTINGS, QUESTIONS, RECORD
from registry.filters.base import LARGEST_PAGE, RegistryFilterSet
from registry.filters.fields import ChoiceField, ChoicesField, ColumnsField, NumberField
from registry.models.dates import PartialDateFormField

INTRODUCTION = """# Parameters of the listings

Made by `manage.py parameters_table` from the FilterSets in `registry/filters`; a test compares the two.

The query string of a listing is the whole state of its page. A parameter with choices, codes or addresses
may be repeated: values of one parameter are alternatives, different parameters narrow. Parameters a listing
does not have are ignored on its page. Words, dates and numbers are given once; so is what is marked “one of”.
A value that is not understood, a second one where only one is allowed, and a day of `active_on` outside the
period from `since` to `until` get a message beside their field, and no rows.

With `format` all rows come as a file, or the newest as a feed (`atom`), whatever the page. A listing has the
formats that mean something for its rows. A file has all columns of the listing unless `columns` names some.
There, a value that is not understood and a parameter that the listing does not have are refused (400) with
what is allowed.
"""


PAGES = {**LISTINGS, **QUESTIONS, **RECORD}


def parameters_table() -> str:
    """All parameters in Markdown: which listing takes which, and what each takes."""
    return "\n".join([INTRODUCTION, *_matrix(), "", *_details()]) + "\n"


def _matrix() -> Iterator[str]:
    names = dict.fromkeys(name for filterset in PAGES.values() for name in filterset.base_filters)
    yield "## Which listing takes which"
    yield ""
    yield f"| parameter | {' | '.join(PAGES)} |"
    yield f"| --- |{' :-: |' * len(PAGES)}"
    for name in sorted(names):
        marks = ("●" if name in filterset.base_filters else "" for filterset in PAGES.values())
        yield f"| `{name}` | {' | '.join(marks)} |"


def _details() -> Iterator[str]:
    for listing, filterset in PAGES.items():
        yield f"## /{listing}/"
        yield ""
        yield inspect.getdoc(filterset) or ""
        if period_of := getattr(filterset, "period_of", ""):
            yield ""
            yield f"The time asked about is that of {period_of}."
        yield ""
        yield "| parameter | on the page | takes |"
        yield "| --- | --- | --- |"
        for name, parameter in filterset.base_filters.items():
            yield f"| `{name}` | {parameter.label} | {takes(filterset, name)} |"
        yield ""


def takes(filterset: type[RegistryFilterSet], name: str) -> str:
    """What the field of a parameter accepts, in words."""
    parameter = filterset.base_filters[name]
    once = "one of " if issubclass(parameter.field_class, ChoiceField) else ""
    if name == "order":
        columns = getattr(parameter, "columns", None) or dict(parameter.extra["choices"])
        both = "; with a hyphen before it for descending" if hasattr(parameter, "columns") else ""
        return once + ", ".join(f"`{column}`" for column in columns) + both
    if issubclass(parameter.field_class, ChoicesField | ColumnsField):
        field = parameter.field_class(**parameter.extra)
        several = ", also several set apart by commas" if name == "columns" else ""
        return once + ", ".join(f"`{value}`" for value in field.choices) + several
    if issubclass(parameter.field_class, PartialDateFormField):
        return "`2005`, `2005-11` or `2005-11-03`"
    if name == "page":
        return f"a number from 1 to the last page; pages reach the first {filterset.reachable:,} rows"
    if issubclass(parameter.field_class, NumberField):
        return f"a number from 1 to {LARGEST_PAGE}"
    return str(getattr(parameter.field_class, "takes", ""))
