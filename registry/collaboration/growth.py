"""How the membership of one network grew: who joined, who left and who was there, year by year."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, DateField, Func, IntegerField
from django.db.models.functions import Cast, ExtractYear, Substr

from registry.models import Membership, Network

YEARS = 40


@dataclass(frozen=True)
class Year:
    """One year: memberships that began and ended in it, and those that were certain at some time in it.

    The shares are hundredths of the most in any year shown, for drawing.
    """

    year: int
    joined: int
    left: int
    members: int
    joined_share: int = 0
    left_share: int = 0
    members_share: int = 0


@dataclass(frozen=True)
class Growth:
    """The years from the first that is known of, the newest last, and how many dates are not known."""

    years: list[Year]
    memberships: int
    undated: int

    @property
    def latest(self) -> list[Year]:
        """The years, the newest first."""
        return self.years[::-1]

    def __bool__(self) -> bool:
        return bool(self.years)


def growth(network: Network, this_year: int) -> Growth:
    """The years of a public network's public memberships, as many as are told apart; later ones are left out.

    A city that came back joined twice. A membership counts as present from its first to its last certain
    day: one whose start is all that is known, in the year of its start.
    """
    rows = Membership.objects.public(known="network").present().filter(network=network)
    counts = _counted(rows)
    joined, left, here = Counter[int](), Counter[int](), Counter[int]()
    undated = 0
    for row in counts:
        joined[row["began"] or 0] += row["number"]
        left[row["over"] or 0] += row["number"]
        undated += row["number"] if row["first"] is None else 0
        if row["first"] is not None:
            last = this_year if row["last"] is None else min(row["last"], this_year)
            for year in range(row["first"], last + 1):
                here[year] += row["number"]
    known = [year for year in (*joined, *left, *here) if 0 < year <= this_year]
    first = max(min(known), this_year - YEARS + 1) if known else this_year + 1
    years = [Year(year, joined[year], left[year], here[year]) for year in range(first, this_year + 1)]
    return Growth(_with_shares(years), sum(row["number"] for row in counts), undated)


def _counted(rows: Any) -> list[dict[str, Any]]:
    """Memberships by the years they began and ended in, and the first and last year they are certain in."""
    began, over = (Cast(Substr(field, 1, 4), IntegerField()) for field in ("since", "until"))
    first = Func("certain", function="lower", output_field=DateField())
    last = Func("certain", template="(upper(%(expressions)s) - 1)", output_field=DateField())
    years = {"began": began, "over": over, "first": ExtractYear(first), "last": ExtractYear(last)}
    return list(rows.order_by().values(**years).annotate(number=Count("pk")))


def _with_shares(years: list[Year]) -> list[Year]:
    """The same with the lengths of their bars: members by themselves, joiners and leavers together."""
    most = max((year.members for year in years), default=0) or 1
    moved = max((max(year.joined, year.left) for year in years), default=0) or 1
    return [
        replace(
            year,
            joined_share=_share(year.joined, moved),
            left_share=_share(year.left, moved),
            members_share=_share(year.members, most),
        )
        for year in years
    ]


def _share(number: int, most: int) -> int:
    return -(-number * 100 // most)
