"""Offices across cities: how many of each kind there are, and when they were established."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, IntegerField, Max, Min, Q, QuerySet
from django.db.models.functions import Cast, Substr

from registry.choices import OfficeKind
from registry.models.dates import over

YEARS = 40


@dataclass(frozen=True)
class KindOfOffice:
    """The offices of one kind. `first` and `last` are the years in which one was established, if known."""

    kind: str
    offices: int
    open: int
    cities: int
    countries: int
    first: str
    last: str

    @property
    def words(self) -> str:
        """The kind in words."""
        return str(OfficeKind(self.kind).label)


@dataclass(frozen=True)
class YearOfOffices:
    """A year, how many offices were established in it, and that in hundredths of the most in any year."""

    year: int
    offices: int
    share: int


@dataclass(frozen=True)
class Directory:
    """The kinds, the most frequent first; the years, the newest first, without gaps.

    `earlier` were established before the years shown, `undated` at a time that is not known.
    """

    kinds: list[KindOfOffice]
    years: list[YearOfOffices]
    earlier: int
    undated: int


def directory(offices: QuerySet) -> Directory:
    """The directory of these offices, by two queries."""
    return Directory(_kinds(offices), *_years(offices))


def _kinds(offices: QuerySet) -> list[KindOfOffice]:
    rows = (
        offices.order_by()
        .values("kind")
        .annotate(
            offices=Count("pk"),
            open=Count("pk", filter=~Q(over())),
            cities=Count("city", distinct=True),
            countries=Count("city__country", distinct=True),
            first=Min("established"),
            last=Max("established"),
        )
        .order_by("-offices", "kind")
    )
    return [KindOfOffice(**{**row, "first": _year(row["first"]), "last": _year(row["last"])}) for row in rows]


def _year(established: str | None) -> str:
    return (established or "")[:4]


def _years(offices: QuerySet) -> tuple[list[YearOfOffices], int, int]:
    year = Cast(Substr("established", 1, 4), IntegerField())
    rows: Any = offices.order_by().values(year=year).annotate(number=Count("pk"))
    counts = {row["year"]: row["number"] for row in rows}
    undated = counts.pop(None, 0)
    if not counts:
        return [], 0, undated
    last = max(counts)
    first = min(known for known in counts if known > last - YEARS)
    most = max(number for known, number in counts.items() if known >= first)
    shown = [
        YearOfOffices(known, counts.get(known, 0), -(-counts.get(known, 0) * 100 // most))
        for known in range(last, first - 1, -1)
    ]
    return shown, sum(number for known, number in counts.items() if known < first), undated
