"""One page of a listing, read at a cost that does not grow with the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from registry.filters.base import REACHABLE

COUNTED = 10_000


@dataclass(frozen=True)
class Page:
    """Some rows of a listing; `count` is exact up to 10,000 and `more` says that there are more."""

    number: int = 1
    size: int = 50
    count: int = 0
    more: bool = False
    has_next: bool = False
    rows: list[Any] = field(default_factory=list)

    @classmethod
    def of(cls, rows: list[Any], number: int, size: int) -> Page:
        """Page `number` of rows that are all known; raises NoSuchPage beyond the last."""
        start = (number - 1) * size
        if start >= len(rows) > 0 or number > 1 > len(rows):
            raise NoSuchPage(beyond(number, -(-len(rows) // size)))
        return cls(number, size, len(rows), False, start + size < len(rows), rows[start : start + size])

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return self.first + len(self.rows) - 1

    @property
    def pages(self) -> int:
        """How many pages are known of."""
        return max(1, -(-self.count // self.size))

    @property
    def near(self) -> list[int]:
        """Numbers of this page and its neighbours, for links."""
        highest = max(self.pages, self.number + self.has_next)
        return [n for n in range(self.number - 2, self.number + 3) if 1 <= n <= highest]

    @property
    def beyond(self) -> bool:
        """Whether there are pages after those of `near`."""
        return self.more or self.pages > self.near[-1]


class NoSuchPage(Exception):
    """The number given is beyond the last page; the message says so to the reader."""


def read_page(
    queryset: QuerySet, counted: QuerySet, number: int, size: int, read: Callable[[QuerySet], list[Any]]
) -> Page:
    """Page `number` of the rows; `read` makes the rows shown out of a slice of the queryset.

    `counted` are the same rows in the order in which they are soonest found.
    """
    start = (number - 1) * size
    if start + size > REACHABLE:
        raise NoSuchPage(
            gettext("A listing can be read to its row %(last)s: ask for fewer rows by filters.")
            % {"last": number_format(REACHABLE, force_grouping=True)}
        )
    found = counted[: COUNTED + 1].count()
    count = min(found, COUNTED)
    if start >= found > 0 and found <= COUNTED:
        raise NoSuchPage(beyond(number, -(-found // size)))
    rows = read(queryset[start : start + size + 1])
    if not rows and number > 1:
        raise NoSuchPage(
            gettext("There is no page %(number)s: the rows end before it.")
            % {"number": number_format(number, force_grouping=True)}
        )
    return Page(number, size, count, found > COUNTED, len(rows) > size, rows[:size])


def beyond(number: int, pages: int) -> str:
    """That there is no page of this number, and how many there are."""
    pages = max(1, pages)
    words = ngettext(
        "There is no page %(number)s. There is one page of these rows.",
        "There is no page %(number)s. There are %(pages)s pages of these rows.",
        pages,
    )
    shown = {"number": number, "pages": pages}
    return words % {name: number_format(figure, force_grouping=True) for name, figure in shown.items()}
