"""How often later partners stand among the first ten opportunities, against simpler orders.

    python -m benchmarks.opportunities [PARTNERS.csv] [--seeds N] [--top N]

Without a file: the policies of the registry that DATABASE_URL names (the starter registry, as loaded). With
one: the joint projects of a list with the columns policy, city_name, country_iso2, start_year, geonames_id
(the real list of URBACT partners), in a database that has the gazetteer. Everything happens in one
transaction that is taken back.

A random fifth of the ties is hidden, other ties for each seed, in time order: for a hidden tie that began at
some time only what began before that time is left, so neither it nor its neighbours nor anything later can
be seen. What is hidden is withdrawn from the registry itself (parties, memberships and offices become
drafts), and then the shipped code is asked for the opportunities of each of the two cities. Nothing is left
that could leak. Parties without any date are left in place, are never hidden, and count as known; so do
memberships and offices without one, which most are. Since some of those will have begun later, the whole is
measured a second time without any membership.

A tie can be foreseen only if both cities were active on its issue before it began. Others are left out; how
many is said. With `any` every policy is given one issue more, the same for all, so that the ties of cities
that were never active on one narrow issue count too; a tie is then new where the two had none at all.
A list of projects without issues is measured in this way only.

All orders rank the same candidates, those of the shipped code. Where an order has equal scores, the mean
over all ways to break them counts. Other cities that became partners at that time too do not push a hidden
one down. Hits are the share of hidden ties, from either city, among the first ten; MRR is the mean of the
reciprocal ranks.

- chance: every candidate alike
- popularity: the number of cities that the candidate has ties with
- joint policies: how many the candidate takes part in, the first part of the shipped order by itself
- common neighbours: how many cities both have ties with (Newman 2001)
- Adamic–Adar: each of those counts 1 / ln(its number of ties) (Adamic and Adar 2003)
- shipped: `registry.collaboration.gaps.find`
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import random
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - needs the set-up above
from django.db.models import Count, Q  # noqa: E402
from django.db.models.functions import Coalesce  # noqa: E402

from registry.collaboration.gaps import find  # noqa: E402
from registry.models import (  # noqa: E402
    City,
    CityOffice,
    Country,
    DirectTie,
    Issue,
    JointPolicy,
    LiveParty,
    Membership,
    PolicyParty,
)

SHARE = 0.2
MISSING = ("", "NA")
Pair = tuple[int, int]
# By order: the chance to be among the first, and the reciprocal of the rank.
Marks = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Foreseen:
    """A tie of two cities that began at a time, as it would have ranked for each of them just before."""

    pair: Pair
    since: str
    marks: tuple[Marks, ...]


class Neighbours:
    """Who has ties with whom and how many joint policies, as far as it is not hidden."""

    def __init__(self) -> None:
        self.of: dict[int, set[int]] = defaultdict(set)
        for one, other in DirectTie.objects.order_by().values_list("city_a", "city_b").distinct():
            self.of[one].add(other)
            self.of[other].add(one)
        parties = LiveParty.objects.values_list("city")
        self.policies = dict(parties.annotate(number=Count("policy", distinct=True)))

    def common(self, one: int, other: int) -> set[int]:
        """The cities that both have ties with."""
        return self.of[one] & self.of[other]

    def adamic_adar(self, one: int, other: int) -> float:
        """Each partner in common has two ties at least, so its logarithm is not zero."""
        return sum(1 / math.log(len(self.of[city])) for city in self.common(one, other))


def main() -> None:
    """Print a table for each question asked of the data."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("partners", nargs="?", type=Path, help="a list of partners of joint projects")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--top", type=int, default=10)
    given = parser.parse_args()
    with transaction.atomic():
        if given.partners:
            bring(given.partners)
            show("any", measure(given.top, any_issue()), given)
        else:
            show("by issue", measure(given.top), given)
            issue = any_issue()
            show("any", measure(given.top, issue), given)
            Membership.objects.update(publication="draft")
            show("any, without memberships", measure(given.top, issue), given)
        transaction.set_rollback(True)


def bring(path: Path) -> None:
    """Put the list in place of all joint policies, memberships and offices."""
    for model in (JointPolicy, Membership, CityOffice):
        model.objects.update(publication="draft")
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["geonames_id"] not in MISSING]
    cities = {city.geonames_id: city for city in City.objects.filter(geonames_id__in=_numbers(rows))}
    policies: dict[str, JointPolicy] = {}
    parties: dict[Pair, PolicyParty] = {}
    for row in rows:
        number = int(row["geonames_id"])
        if number not in cities:
            cities[number] = _city(row)
        since: Any = None if row["start_year"] in MISSING else row["start_year"]
        if row["policy"] not in policies:
            slug = f"benchmark-{len(policies)}"
            policies[row["policy"]] = JointPolicy.objects.create(
                name=row["policy"], slug=slug, kind="programme", publication="published"
            )
        policy, city = policies[row["policy"]], cities[number]
        party = PolicyParty(policy=policy, city=city, since=since, publication="published")
        parties.setdefault((policy.pk, city.pk), party)
    PolicyParty.objects.bulk_create(parties.values())
    print(f"{path.name}: {len(rows)} rows with a place, {len(policies)} projects, {len(cities)} cities")


def _numbers(rows: Iterable[dict[str, str]]) -> set[int]:
    return {int(row["geonames_id"]) for row in rows}


def _city(row: dict[str, str]) -> City:
    number = row["geonames_id"]
    country = Country.objects.get(alpha2=row["country_iso2"])
    return City.objects.create(
        name=row["city_name"],
        country=country,
        geonames_id=int(number),
        slug=f"benchmark-{number}",
        publication="published",
    )


def any_issue() -> list[int]:
    """The key of an issue that every joint policy is given."""
    issue = Issue.objects.create(name="Anything", slug="benchmark-anything")
    issue.policies.set(JointPolicy.objects.all())
    return [issue.pk]


def settle() -> None:
    """Let the database work out what it defers to the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def measure(top: int, issues: list[int] | None = None) -> list[Foreseen]:
    """How each tie that could be foreseen would have ranked, just before it began."""
    settle()
    begun = first_ties(issues)
    print(f"{len(begun):,} ties with a known beginning", end="; ", flush=True)
    found = []
    for time in sorted({*begun.values()}):
        new = {key for key, since in begun.items() if since == time}
        with transaction.atomic():
            hide_from(time)
            settle()
            found += ranked(new, time, issues, top)
            transaction.set_rollback(True)
    return found


def first_ties(issues: list[int] | None) -> dict[tuple[int, int, int], str]:
    """When two cities first had a tie on an issue; those that may have begun at any time are left out."""
    ties = DirectTie.objects.all() if issues is None else DirectTie.objects.filter(issue__in=issues)
    begun: dict[tuple[int, int, int], str] = {}
    for *key, since in ties.order_by().values_list("city_a", "city_b", "issue", "since"):
        one = (key[0], key[1], key[2])
        begun[one] = min(begun.get(one, "9"), since or "")
    return {key: since for key, since in begun.items() if since}


def hide_from(time: str) -> None:
    """Withdraw what began at this time or later, or may have: 2018 is not before 2018-08-23."""
    parties = PolicyParty.objects.annotate(begun=Coalesce("since", "policy__since"))
    not_before = parties.filter(_not_before("begun", time)).values("pk")
    PolicyParty.objects.filter(pk__in=not_before).update(publication="draft")
    Membership.objects.filter(_not_before("since", time)).update(publication="draft")
    CityOffice.objects.filter(_not_before("established", time)).update(publication="draft")


def _not_before(date: str, time: str) -> Q:
    return Q(**{f"{date}__gte": time}) | Q(**{f"{date}__in": [time[:4], time[:7]]})


def ranked(new: set[tuple[int, int, int]], time: str, issues: list[int] | None, top: int) -> list[Foreseen]:
    """The new ties that were gaps before, as each order would have ranked them for each of their cities."""
    neighbours = Neighbours()
    partners: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for one, other, issue in new:
        partners[one][other].add(issue)
        partners[other][one].add(issue)
    marks: dict[Pair, list[Marks]] = defaultdict(list)
    for city, came in partners.items():
        rows = find([city], issues, limit=None).rows
        candidates = {row.other: row for row in rows}
        hidden = {
            other for other, on in came.items() if other in candidates and on & {*candidates[other].issues}
        }
        rest = [other for other in candidates if other not in came]
        orders = scores(city, neighbours, {row.other: -place for place, row in enumerate(rows)})
        for other in hidden:
            found = {name: place_of(score, other, rest, top) for name, score in orders.items()}
            marks[min(city, other), max(city, other)].append(found)
    return [Foreseen(pair, time, tuple(both)) for pair, both in sorted(marks.items())]


def scores(city: int, neighbours: Neighbours, shipped: dict[int, int]) -> dict[str, Callable[[int], float]]:
    """Each order by what it scores a candidate; the higher the better."""
    return {
        "chance": lambda other: 0,
        "popularity": lambda other: len(neighbours.of[other]),
        "joint policies": lambda other: neighbours.policies.get(other, 0),
        "common neighbours": lambda other: len(neighbours.common(city, other)),
        "Adamic–Adar": lambda other: neighbours.adamic_adar(city, other),
        "shipped": lambda other: shipped[other],
    }


def place_of(score: Callable[[int], float], one: int, rest: list[int], top: int) -> tuple[float, float]:
    """The chance that one is among the first `top`, and its mean reciprocal rank, equals in any order."""
    own = score(one)
    values = [score(other) for other in rest]
    above, equal = sum(value > own for value in values), sum(value == own for value in values) + 1
    hit = min(1.0, max(0.0, (top - above) / equal))
    return hit, sum(1 / (above + place) for place in range(1, equal + 1)) / equal


def show(question: str, ties: list[Foreseen], given: argparse.Namespace) -> None:
    """The means and spreads over the seeds, each of which hides another fifth."""
    pairs = {tie.pair for tie in ties}
    print(f"{len(ties)} ties of {len(pairs)} pairs could be foreseen ({question})")
    if not ties:
        return
    samples = [
        random.Random(seed).sample(ties, max(1, round(SHARE * len(ties)))) for seed in range(given.seeds)
    ]
    print(f"{'order':20} {f'hits@{given.top}':>16} {'MRR':>16} {'all: hits':>10} {'better':>8} {'worse':>8}")
    shipped = [_means(hidden, "shipped")[0] for hidden in samples]
    for name in ties[0].marks[0]:
        means = [_means(hidden, name) for hidden in samples]
        hits, reciprocals = ([row[place] for row in means] for place in (0, 1))
        better = sum(mine > theirs for mine, theirs in zip(shipped, hits, strict=True))
        worse = sum(mine < theirs for mine, theirs in zip(shipped, hits, strict=True))
        print(
            f"{name:20} {_spread(hits):>16} {_spread(reciprocals):>16} {_means(ties, name)[0]:10.3f}"
            f" {better:8} {worse:8}"
        )
    print("better, worse: in how many of the samples the shipped order has more or fewer hits\n", flush=True)


def _means(ties: list[Foreseen], name: str) -> tuple[float, float]:
    marks = [side[name] for tie in ties for side in tie.marks]
    return statistics.mean(hit for hit, _ in marks), statistics.mean(rank for _, rank in marks)


def _spread(values: list[float]) -> str:
    return f"{statistics.mean(values):.3f} ± {statistics.stdev(values) if len(values) > 1 else 0:.3f}"


if __name__ == "__main__":
    main()
