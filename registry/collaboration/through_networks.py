"""How many ties through networks a question would make, known before any is made."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from registry.choices import Publication
from registry.models import Membership, Network

# So many ties are made, grouped and sorted in half a second.
MOST = 200_000


def memberships() -> Any:
    """Memberships that may make ties. City by city they are not looked at: this is for reckoning only."""
    published = Publication.PUBLISHED
    return Membership.objects.filter(publication=published, network__publication=published).present()


def reckoned_ties(members: QuerySet, issues: list[int] | None, ends: list[Q], *, between: bool) -> int:
    """How many ties the memberships `members` make at most, one for each two of a network and each issue.

    `issues` are the keys of the issues asked about, None for all. Each of `ends` says of a membership
    that its city can stand at an end of the tie; with `between` the first two stand at one end each.
    """
    counts = {f"end_{place}": Count("pk", filter=end) for place, end in enumerate(ends)}
    sizes = members.order_by().values("network").annotate(size=Count("pk"), **counts)
    links = Network.issues.through.objects.all()
    if issues is not None:
        links = links.filter(issue__in=issues)
    on = dict(links.values_list("network").annotate(number=Count("pk")))
    return sum(_pairs(row, len(ends), between) * on.get(row["network"], 0) for row in sizes)


def _pairs(row: dict[str, int], ends: int, between: bool) -> int:
    size = row["size"]
    if not ends:
        return size * (size - 1) // 2
    at_ends = [row[f"end_{place}"] for place in range(ends)]
    fewest = (size - 1) * min(at_ends)
    return min(fewest, at_ends[0] * at_ends[1]) if between else fewest
