"""What a column of a listing is: on the page, in files, in the data dictionary."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Manager, Prefetch, TextChoices

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise


def reach(value: Any, names: list[str]) -> Any:
    """What is found from `value` by these names; of several records (a relation) a list."""
    for place, name in enumerate(names):
        if value is None:
            return None
        value = value[name] if isinstance(value, dict) else getattr(value, name)
        if isinstance(value, Manager):
            value = list(value.all())
        if isinstance(value, list):
            return [reach(one, names[place + 1 :]) for one in value]
    return value


@dataclass(frozen=True)
class Field:
    """One field of a file: a cell of CSV, a key of JSON.

    `path` leads from a row of the listing to the value; empty where it is named like the field.
    `type` is that of the Frictionless table schema, or `partial-date`. `many`: a list of values.
    """

    name: str
    about: str
    path: str = ""
    type: str = "string"
    many: bool = False

    def of(self, row: Any) -> Any:
        """The value, or None where the row has none: texts that are missing are empty in the database."""
        found = reach(row, (self.path or self.name).split("."))
        return list(map(_given, found)) if isinstance(found, list) else _given(found)


def _given(value: Any) -> Any:
    return None if value == "" else value


@dataclass(frozen=True)
class Column:
    """One column of a listing's table, and the fields of files that say the same.

    `path` leads to what the page shows and `kind` says how; `shown`: on the page unless other columns
    are chosen. A count leads to the rows that were counted: `behind` names their listing and its
    parameter. `fetch` makes what has to be fetched with the rows for this column alone.
    """

    name: str
    label: Words
    kind: str
    fields: tuple[Field, ...]
    path: str = ""
    shown: bool = False
    choices: type[TextChoices] | None = None
    behind: tuple[str, str] | None = None
    fetch: Callable[[], list[Prefetch]] | None = None

    def of(self, row: Any) -> Any:
        """What the page shows of a row."""
        return reach(row, (self.path or self.name).split("."))

    def words(self, row: Any) -> str:
        """The same in plain words; empty where there is nothing to say."""
        value = self.of(row)
        if self.choices and value:
            return str(self.choices(value).label)
        if isinstance(value, list):
            return ", ".join(str(one) for one in value)
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Listing:
    """A listing: what one row of it means, how its rows were gathered, and its columns.

    The first column says what a row is of, so it is always there.
    """

    name: str
    title: Words
    row: Words
    gathered: Words
    columns: tuple[Column, ...]

    @property
    def usual(self) -> list[Column]:
        """The columns that the page shows where none are chosen."""
        return [column for column in self.columns if column.shown]

    def chosen(self, names: Iterable[str]) -> list[Column]:
        """The columns of these names and the first, in the order of the listing."""
        wanted = {*names, self.columns[0].name}
        return [column for column in self.columns if column.name in wanted]


def text(
    name: str, label: Words, about: str, *, path: str = "", type: str = "string", **given: Any
) -> Column:
    """A text or a code."""
    field = Field(name, about, path, type)
    return Column(name, label, given.pop("kind", "text"), (field,), path, **given)


def number(name: str, label: Words, about: str, **given: Any) -> Column:
    """A whole number; `behind` where it counts rows that can be looked at."""
    kind = "count" if "behind" in given else "number"
    return Column(name, label, kind, (Field(name, about, type="integer"),), **given)


def choice(
    name: str, label: Words, about: str, choices: type[TextChoices], *, path: str = "", **given: Any
) -> Column:
    """A value of a short list: its slug in files, its words on the page."""
    return Column(name, label, "choice", (Field(name, about, path),), path, choices=choices, **given)


def record(
    name: str,
    label: Words,
    about: str,
    *,
    path: str = "",
    key: str = "pid",
    kind: str = "record",
    **given: Any,
) -> Column:
    """Another record: its identifier and its name."""
    path = path or name
    fields = (
        Field(f"{name}_id", f"{about}: its permanent identifier or code.", f"{path}.{key}"),
        Field(f"{name}_name", f"{about}: its name.", f"{path}.name"),
    )
    return Column(name, label, kind, fields, path, **given)


def records(name: str, label: Words, about: str, *, path: str, **given: Any) -> Column:
    """Several other records: their identifiers and their names, in the same order."""
    fields = (
        Field(f"{name}_ids", f"{about}: their permanent identifiers.", f"{path}.pid", many=True),
        Field(f"{name}_names", f"{about}: their names.", f"{path}.name", many=True),
    )
    return Column(given.pop("column", f"{name}s"), label, given.pop("kind", "records"), fields, path, **given)


def heading(label: Words) -> Column:
    """What a record is called; its identifier and address."""
    fields = (
        Field(
            "id", "The permanent identifier. It never changes and is never given to another record.", "pid"
        ),
        Field("name", "The name."),
        Field("slug", "The last part of the address of its page. It may change; the old one leads on."),
    )
    return Column("name", label, "heading", fields, shown=True)


def period(label: Words, since: str = "since", until: str = "until", of: str = "it") -> Column:
    """From when to when, at the precision known."""
    fields = (
        Field(since, f"When {of} began: a year, month or day; blank if unknown.", type="partial-date"),
        Field(until, f"When {of} ended, inclusive at its precision; blank if unknown.", type="partial-date"),
        Field("ended", "What is known where no end is given: ongoing, ended or unknown."),
        Field("observed_on", "A date at which a source shows it: it proves that date.", type="partial-date"),
    )
    return Column("period", label, "period", fields, "ended", shown=True)
