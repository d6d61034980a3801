"""A made-up registry to measure with: as large as asked for, plausible, and the same for the same seed.

Everything goes through the tables' own constraints, triggers and history, in one transaction. A few large
cities belong to very many networks and policies and most to few, as in real registries; names say that
they are made up, and so do addresses: `sample-city-17-fr`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from registry.exchange.gazetteer.countries import load_countries
from registry.exchange.sample import evidence, functions, networks, offices, places, policies
from registry.models import City, CityOffice, JointPolicy, Network, Organisation, Report, Source

MOST = 10_000_000
LARGEST_SEED = 2**31 - 1
POLICIES_FOR_AN_ORGANISATION = 100
POLICIES_FOR_A_REPORT = 50
# How much larger the largest network is than the others.
FLATNESS, STEEPNESS = 5, 0.8
MADE: dict[str, Any] = {"city": City, "network": Network, "policy": JointPolicy, "office": CityOffice}
ALSO_MADE: dict[str, Any] = {"organisation": Organisation, "report": Report}
Say = Callable[[str], None]


class SampleError(Exception):
    """The sample cannot be made; the message is for the person who asked for it."""


@dataclass(frozen=True)
class Sample:
    """How much is asked for."""

    cities: int
    networks: int
    memberships: int
    policies: int
    seed: int = 1

    def check(self) -> None:
        """Refuse numbers that cannot be."""
        for name in ("cities", "networks", "memberships", "policies"):
            number = getattr(self, name)
            if not 0 <= number <= MOST:
                raise SampleError(f"--{name} is a number from 0 to {MOST:,}, not {number:,}.")
        if not 0 <= self.seed <= LARGEST_SEED:
            raise SampleError(f"--seed is a number from 0 to {LARGEST_SEED:,}, not {self.seed:,}.")
        if self.memberships > (possible := self.cities * self.networks):
            raise SampleError(
                f"--memberships {self.memberships:,} is more than there can be: {self.cities:,} cities in "
                f"{self.networks:,} networks make {possible:,} at most."
            )
        if self.policies and self.cities < 2:
            raise SampleError("--policies needs --cities 2 or more: a joint policy has two parties at least.")


def make_sample(asked: Sample, *, into_existing: bool = False, say: Say = lambda line: None) -> None:
    """Fill the registry; all of it or nothing.

    A database with records of its own is refused unless `into_existing` is said: then cities that it
    has are taken before any is made, the largest first.
    """
    asked.check()
    with transaction.atomic():
        if not into_existing and (found := _records_of_its_own()):
            raise SampleError(
                f"This database holds a registry of its own ({found}, for one). Make the sample in an empty "
                "database, or say --into-existing to put it among these records."
            )
        load_countries()
        with connection.cursor() as cursor:
            _make(asked, into_existing, cursor, say)
        say("Working out the ties of the joint policies…")
    with connection.cursor() as cursor:
        # Outside a transaction also make index-only scans possible.
        cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM ANALYZE")


def _records_of_its_own() -> str:
    """The name of a record that no sample made, if there is one."""
    for model in (*MADE.values(), *ALSO_MADE.values()):
        others = model._default_manager.exclude(slug__startswith="sample-").order_by("pk")
        if name := others.values_list("name", flat=True).first():
            return name
    return ""


def _make(asked: Sample, into_existing: bool, cursor: Any, say: Say) -> None:
    known = City.objects.count() if into_existing else 0
    given = _numbers(asked, max(0, asked.cities - known), cursor)
    given["last_key"] = 0 if into_existing else given["last_city_key"]

    def run(*sql: str) -> None:
        for statement in sql:
            cursor.execute(statement, given)

    cursor.execute(functions.FUNCTIONS.replace("{seed}", str(asked.seed)))
    say("Making cities…")
    run(places.DIVISIONS)
    for level in (1, 2, 3):
        given["level"] = level
        run(places.ISSUES)
    run(places.ISSUE_NUMBERS, places.CITIES, places.CITY_NUMBERS)
    run(places.CITY_NAMES, places.CITY_LINKS)
    say("Making networks and memberships…")
    run(networks.NETWORKS, networks.NETWORK_NUMBERS, networks.NETWORK_ISSUES)
    run(networks.NETWORK_NAMES, networks.NETWORK_LINKS, networks.ROSTERS, networks.MEMBERSHIPS)
    say("Making offices…")
    run(offices.OFFICES, offices.OFFICE_NUMBERS, offices.OFFICE_ISSUES)
    run(offices.HOLDERS, offices.OFFICE_LINKS)
    say("Making joint policies…")
    run(policies.POLICIES, policies.POLICY_NUMBERS, policies.POLICY_ISSUES)
    run(policies.POLICY_NETWORKS, policies.PARTIES)
    run(policies.EXPERIMENTS, policies.EXPERIMENT_SITES, policies.REPLICATIONS)
    run(policies.ORGANISATIONS, policies.PARTNERSHIPS)
    run(evidence.REPORTS, evidence.REPORT_NUMBERS, *evidence.REPORT_LINKS)
    say("Making sources and citations…")
    run(evidence.SOURCES, evidence.SOURCE_NUMBERS, *evidence.CITATIONS)
    # Keys are checked and ties worked out at the commit, by plans that would still take the tables for empty.
    run("ANALYZE")


def _numbers(asked: Sample, new_cities: int, cursor: Any) -> dict[str, Any]:
    """What the statements ask for: how many of each, from which number and after which key."""
    large = max(1, asked.cities // places.LARGE)
    given: dict[str, Any] = {
        "seed": asked.seed,
        "cities": asked.cities,
        "networks": max(1, asked.networks),
        "policies": max(1, asked.policies),
        "large": large,
        "small": max(1, asked.cities - large),
        "sizes": network_sizes(asked.networks, asked.memberships, asked.cities),
        "last_source_key": _last_key(Source),
        "organisations": (asked.policies + asked.networks) // POLICIES_FOR_AN_ORGANISATION,
        "reports": (asked.policies + asked.networks) // POLICIES_FOR_A_REPORT,
    }
    made = {"city": new_cities, "network": asked.networks, "policy": asked.policies, "office": 0}
    also_made = {"organisation": given["organisations"], "report": given["reports"]}
    given["organisations"] = max(1, given["organisations"])
    for kind, number in {**made, **also_made}.items():
        model = {**MADE, **ALSO_MADE}[kind]
        first = _last_number(kind, model, cursor) + 1
        given |= {f"first_{kind}": first, f"last_{kind}": first + number - 1}
        given[f"last_{kind}_key"] = _last_key(model)
    return given


def _last_key(model: Any) -> int:
    last = model._default_manager.order_by("-pk").values_list("pk", flat=True).first()
    return last or 0


def _last_number(kind: str, model: Any, cursor: Any) -> int:
    """The highest number that a sample ever gave to a record of this kind."""
    table, name = connection.ops.quote_name(model._meta.db_table), model._meta.model_name
    sql = (
        "SELECT coalesce(max(substring(slug FROM %(shape)s)::bigint), 0) FROM ("
        f"SELECT slug FROM {table} UNION ALL SELECT slug FROM registry_alias WHERE kind = %(name)s) given"
    )
    cursor.execute(sql, {"shape": rf"^sample-{kind}-(\d{{1,12}})(?:-|$)", "name": name})
    return cursor.fetchone()[0]


def network_sizes(networks: int, memberships: int, cities: int) -> list[int]:
    """How many memberships each network has: a few have very many, none more than there are cities."""
    weights = [(place + FLATNESS) ** -STEEPNESS for place in range(networks)]
    left, weight_left = memberships, sum(weights)
    sizes = []
    for place, weight in enumerate(weights, 1):
        share = left if place == networks else -int(-left * weight / weight_left // 1)
        sizes.append(min(cities, left, share))
        left -= sizes[-1]
        weight_left -= weight
    return sizes
