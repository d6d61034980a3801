"""What is written to a file, and what a format is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from registry.exchange.columns import Column, Field
from registry.exchange.graphs import Graph

CREDIT = (
    "Names, positions and populations of places: GeoNames, CC BY 4.0 "
    "<https://creativecommons.org/licenses/by/4.0/>."
)


@dataclass(frozen=True)
class Rows:
    """Rows to be written. `rows` yields them as the page reads them; it is gone through once.

    `address` leads to the page that shows the same rows, `query` is its query string and `question` the
    same in words. `graph` makes the rows a graph, where they can be one.
    """

    name: str
    title: str
    address: str
    query: str
    columns: list[Column]
    rows: Iterable[Any]
    question: str = ""
    graph: Callable[[], Graph] | None = None
    made_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def fields(self) -> list[Field]:
        """The fields of each row, in order."""
        return [one for column in self.columns for one in column.fields]


@dataclass(frozen=True)
class Format:
    """A format of files with all rows. `write` gives the file piece by piece, in constant memory.

    `listings` are the names of those whose rows it can hold, empty where it holds any; `ending` is that of
    the file's name where it is not the format's own. A format that `cites` tells of rows and holds none. One
    that can hold some rows only says which by `some`. `fetch` is what it reads beside the columns.
    """

    name: str
    label: str
    media_type: str
    write: Callable[[Rows], Iterator[str] | Iterator[bytes]]
    listings: frozenset[str] = frozenset()
    ending: str = ""
    cites: bool = False
    some: Callable[[Any], QuerySet] | None = None
    fetch: tuple[str, ...] = ()

    @property
    def bare_type(self) -> str:
        """The media type without its parameters, as links name it."""
        return self.media_type.partition(";")[0]

    def holds(self, listing: str) -> bool:
        """Whether rows of the listing of this name can be had so."""
        return not self.listings or listing in self.listings


def about(export: Rows) -> dict[str, str]:
    """What a file says of itself."""
    return {
        "listing": export.name,
        "title": export.title,
        "query": export.query,
        "page": export.address,
        "generated_at": export.made_at.isoformat(timespec="seconds"),
        "credit": CREDIT,
    }
