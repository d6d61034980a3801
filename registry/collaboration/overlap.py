"""How far networks have the same members: cities in common, and Jaccard's index of each two."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from registry.collaboration.statements import ask
from registry.models import Network

MOST_NETWORKS = 25
SHARED = """
WITH member (network_id, city_id) AS MATERIALIZED ({rows}),
largest AS (
    SELECT network_id FROM member GROUP BY network_id ORDER BY count(*) DESC, network_id LIMIT %s
), chosen AS MATERIALIZED (SELECT * FROM member JOIN largest USING (network_id))
SELECT one.network_id, other.network_id, count(*), (SELECT count(DISTINCT network_id) FROM member)
FROM chosen one JOIN chosen other ON other.city_id = one.city_id AND one.network_id <= other.network_id
GROUP BY one.network_id, other.network_id
"""


@dataclass(frozen=True)
class Overlap:
    """Two networks: the cities in both, and their share of the cities in either (Jaccard 1901), 0 to 1."""

    shared: int
    jaccard: float

    @property
    def percent(self) -> int:
        """The index in hundredths."""
        return round(self.jaccard * 100)

    @property
    def heat(self) -> int:
        """How deep its colour is, from 0 (none in common) to 6."""
        return min(6, 1 + int(self.jaccard * 12)) if self.shared else 0


@dataclass(frozen=True)
class Pair:
    """Two networks with members in common."""

    network: Network
    other: Network
    shared: int
    jaccard: float


@dataclass(frozen=True)
class Overlaps:
    """The largest networks with the numbers of their members, and each two of them."""

    networks: list[tuple[Network, int]]
    rows: list[tuple[Network, int, list[Overlap | None]]]
    total: int

    @property
    def left_out(self) -> int:
        """How many networks are not shown."""
        return self.total - len(self.networks)

    def pairs(self) -> list[Pair]:
        """Networks with members in common, those most alike first."""
        found = [
            Pair(network, other, overlap.shared, overlap.jaccard)
            for place, (network, _, overlaps) in enumerate(self.rows)
            for (other, _), overlap in zip(self.networks[:place], overlaps, strict=False)
            if overlap and overlap.shared
        ]
        return sorted(
            found, key=lambda pair: (-pair.jaccard, -pair.shared, pair.network.name, pair.other.name)
        )


def overlaps(memberships: QuerySet) -> Overlaps:
    """Compare the networks that have most members among these memberships."""
    members = memberships.order_by().values("network", "city").distinct()
    found = ask(SHARED, members, [MOST_NETWORKS])
    shared = {(one, other): number for one, other, number, _ in found}
    sizes = {one: number for (one, other), number in shared.items() if one == other}
    records = Network.objects.public().in_bulk([*sizes])
    shown = sorted(records.values(), key=lambda network: (-sizes[network.pk], network.name))
    table = [
        (
            one,
            sizes[one.pk],
            [None if one == other else _overlap(shared, sizes, one.pk, other.pk) for other in shown],
        )
        for one in shown
    ]
    return Overlaps([(one, sizes[one.pk]) for one in shown], table, found[0][-1] if found else 0)


def _overlap(shared: dict[tuple[int, int], int], sizes: dict[int, int], one: int, other: int) -> Overlap:
    common = shared.get((min(one, other), max(one, other)), 0)
    return Overlap(common, common / (sizes[one] + sizes[other] - common))
