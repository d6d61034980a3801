"""Pages of rows that go on after a row, and not at a number: what is written meanwhile moves none of them.

A cursor holds where a page ended, signed: it is understood only for the question it was made for.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext

from registry.api.problems import Refused
from registry.api.resources import Resource
from registry.api.rows import plain, value_of
from registry.exchange.changes import Place
from registry.exchange.columns import Column
from registry.filters.base import RegistryFilterSet
from registry.views.changes import ChangeList
from registry.views.listings import RegistryListView
from registry.views.measures import Known


@dataclass(frozen=True)
class Part:
    """A page of rows, and the cursor that goes on after it; empty after the last row."""

    rows: list[Any]
    following: str


class Pages:
    """The pages of the rows that a FilterSet leaves."""

    def __init__(self, resource: Resource, filterset: RegistryFilterSet, columns: list[Column]) -> None:
        self.resource, self.filterset, self.columns = resource, filterset, columns
        self.view: RegistryListView = resource.rows()
        self.size = filterset.asked.get("page_size") or self.view.page_size

    def after(self, cursor: str) -> Part:
        """The page after the one that gave this cursor, the first where it is empty.

        Raises Refused where the cursor is of another question, or none.
        """
        place = self._place(cursor) if cursor else None
        if isinstance(self.view, ChangeList):
            return self._newest(place)
        rows = self.view.ordered(self.filterset)
        if isinstance(rows, Known):
            return self._computed(rows.rows, place)
        # What is put together of several tables has a last row that is reached: it is read as a whole.
        if rows.query.combinator or rows.query.is_sliced or rows.query.is_empty():
            return self._computed(list(rows), place)
        return self._sorted(rows, place)

    # --- Rows that the database sorts --------------------------------------------------------------------

    def _sorted(self, rows: QuerySet, place: Any) -> Part:
        order = Order(rows)
        rows = order.named(rows)
        if place is not None:
            rows = rows.filter(order.after(place))
        grouped = self.view.keys(rows) is rows
        found = list((rows if grouped else order.with_values(rows))[: self.size + 1])
        page = found[: self.size]
        keys = page if grouped else [one["pk"] for one in page]
        read = self.view.read(keys, self.filterset, self.columns)
        following = self._cursor(order.place_of(page[-1])) if len(found) > self.size else ""
        return Part(read, following)

    # --- Changes, which are read from the newest and no further than the page ------------------------------

    def _newest(self, place: Any) -> Part:
        after = Place(datetime.fromisoformat(place[0]), *place[1:]) if place is not None else None
        found = list(self.filterset.newest(self.size + 1, after))
        page = found[: self.size]
        following = ""
        if len(found) > self.size:
            last = Place.of(page[-1])
            following = self._cursor([last.at.isoformat(), last.number, last.kind])
        return Part(self._read(page), following)

    # --- Rows that are computed all at once --------------------------------------------------------------

    def _computed(self, rows: list[Any], place: Any) -> Part:
        start = self._start(rows, *place) if place is not None else 0
        end = start + self.size
        read = self._read(rows[start:end])
        following = self._cursor([end, self._name(read[-1])]) if len(rows) > end and read else ""
        return Part(read, following)

    def _read(self, rows: list[Any]) -> list[Any]:
        return self.view.read(rows, self.filterset, self.columns)

    def _start(self, rows: list[Any], number: int, name: str) -> int:
        """Where the rows go on after the row of this name, which was the last of so many.

        It stands there still unless something was written; then it is looked for, and where it is gone the
        number has to do.
        """
        last = self._read(rows[number - 1 : number])
        if last and self._name(last[0]) == name:
            return number
        names = [self._name(row) for row in self._read(rows)]
        return names.index(name) + 1 if name in names else number

    def _name(self, row: Any) -> str:
        """What tells a computed row from the others: the identifiers in it."""
        keys = [plain(value_of(one, row)) for one in self._keys]
        return hashlib.sha256(json.dumps(keys).encode()).hexdigest()[:16]

    @property
    def _keys(self) -> list[Any]:
        fields = self.resource.fields.items()
        return [one for name, one in fields if name == "id" or name.endswith(("_id", "_ids"))]

    # --- Cursors -----------------------------------------------------------------------------------------

    @property
    def _signer(self) -> signing.Signer:
        """Signs for this question alone: another has other rows, or another order."""
        query = self.filterset.canonical()
        for name in ("page_size", "format"):
            query.pop(name, None)
        # Without a time in it, so that the same page has the same ETag.
        return signing.Signer(salt=f"api:{self.resource.name}?{query.urlencode()}")

    def _cursor(self, place: list[Any]) -> str:
        return self._signer.sign_object(place, compress=True)

    def _place(self, cursor: str) -> Any:
        try:
            return self._signer.unsign_object(cursor)
        except signing.BadSignature as error:
            words = gettext("It is of another question, or none that was given out. Begin without it.")
            raise Refused([("cursor", words)]) from error


class Order:
    """The order of a queryset, so that rows after one of them can be asked for."""

    def __init__(self, rows: QuerySet) -> None:
        self.terms = [_Term.of(one, number) for number, one in enumerate(rows.query.order_by)]

    def named(self, rows: QuerySet) -> QuerySet:
        """The same rows, with a name for each expression that they are sorted by."""
        expressions = {term.name: term.expression for term in self.terms if term.expression is not None}
        return rows.annotate(**expressions) if expressions else rows

    def with_values(self, rows: QuerySet) -> QuerySet:
        """The key of each row and all that it is sorted by."""
        return rows.values("pk", *(term.name for term in self.terms if term.name != "pk"))

    def place_of(self, row: dict[str, Any]) -> list[Any]:
        """What a row is sorted by."""
        return [row[term.name] for term in self.terms]

    def after(self, place: list[Any]) -> Q:
        """That a row comes after the one with these values."""
        reached, same = Q(), Q()
        for term, value in zip(self.terms, place, strict=True):
            if value is not None:
                reached |= same & term.beyond(value)
            same &= term.equal(value)
        # Says nothing new, but lets an index be begun in its middle.
        return self.terms[0].not_before(place[0]) & reached


@dataclass(frozen=True)
class _Term:
    """One thing that rows are sorted by. Where it can be empty, empty ones come last."""

    name: str
    descending: bool
    may_be_empty: bool
    expression: Any = None

    @classmethod
    def of(cls, given: Any, number: int) -> _Term:
        if isinstance(given, str):
            return cls(given.removeprefix("-"), given.startswith("-"), False)
        descending = isinstance(given, OrderBy) and given.descending
        inner: Any = given.expression if isinstance(given, OrderBy) else given
        if isinstance(inner, F):
            return cls(str(inner.name), descending, True)  # type: ignore[attr-defined]
        return cls(f"sorted_by_{number}", descending, False, inner)

    def beyond(self, value: Any) -> Q:
        further = self._compared("lt" if self.descending else "gt", value)
        return further | Q(**{f"{self.name}__isnull": True}) if self.may_be_empty else further

    def equal(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else self._compared("exact", value)

    def not_before(self, value: Any) -> Q:
        return Q() if self.may_be_empty else self._compared("lte" if self.descending else "gte", value)

    def _compared(self, how: str, value: Any) -> Q:
        return Q(**{f"{self.name}__{how}": value})
