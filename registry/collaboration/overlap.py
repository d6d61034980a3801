"""How far networks have the same members: cities in common, and Jaccard's index of each two."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from registry.collaboration.statements import ask
from registry.models import Network

MOST_NETWORKS = 25
# Of nearly all memberships the sizes of networks are read from an index alone, and then the members of the
# largest; few are kept as they were found.
SHARED = """
WITH asked (network_id, city_id) AS {kept} ({rows}), sized AS MATERIALIZED (
    SELECT network_id, count(DISTINCT city_id) AS members FROM asked GROUP BY network_id
), largest AS (SELECT network_id FROM sized ORDER BY members DESC, network_id LIMIT %s),
member AS MATERIALIZED (
    SELECT DISTINCT network_id, city_id FROM asked WHERE network_id IN (SELECT network_id FROM largest)
)
SELECT one.network_id, other.network_id, count(*), (SELECT count(*) FROM sized)
FROM member one JOIN member other ON other.city_id = one.city_id AND one.network_id <= other.network_id
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


def overlaps(memberships: QuerySet, few: bool = True) -> Overlaps:
    """Compare the networks that have most members among these memberships, a few or nearly all there are."""
    members = memberships.order_by().values("network", "city")
    found = ask(SHARED, members, [MOST_NETWORKS], kept="MATERIALIZED" if few else "NOT MATERIALIZED")
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
