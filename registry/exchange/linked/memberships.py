"""Memberships: of cities in networks, parties in joint policies, partners in both, holders in offices.

The Organization ontology has one class for all of them. A membership has no page; it is named by its
permanent identifier, as feeds name it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone

from registry.choices import Ended, MembershipStatus
from registry.exchange.linked.site import Site
from registry.exchange.linked.terms import Node, called, kept, period, sources
from registry.models.taking_part import PRESENT

# A list of more is left to the listing that has it: a document says a list whole or not at all.
MOST = 100


def is_whole(*lists: Any) -> bool:
    """Whether the page shows these lists to their ends, and they are short enough to be said."""
    total = sum(one.total for one in lists)
    return sum(len(one.rows) for one in lists) == total <= MOST


def whole(some: Any) -> list[Any]:
    """The rows of a list that can be said whole, else none."""
    return some.rows if is_whole(some) else []


def holds(row: Any, today: date | None = None) -> bool:
    """Whether the period of a row is not known to be over: what `registry.models.dates.over` asks."""
    after = row.possible.upper if row.possible else None
    return row.ended != Ended.ENDED and (after is None or after > (today or timezone.now().date()))


def is_member(row: Any) -> bool:
    """Whether a city is a member of the network now, as far as is known."""
    return row.status == MembershipStatus.MEMBER and holds(row)


def of_network(site: Site, row: Any, **end: Any) -> Node:
    """A city's membership of a network, told from one `end`: `member` or `organization`."""
    return _membership(
        site,
        row,
        end,
        role=row.role,
        status=row.status,
        tier=row.tier,
        founding=row.founding or None,
        hosting=row.hosting or None,
        **period(row.since, row.until, row.ended, row.observed_on),
    )


def of_policy(site: Site, row: Any, **end: Any) -> Node:
    """A city's part in a joint policy; the dates that count are its policy's where it has none."""
    return _membership(site, row, end, role=row.role, **period(**row.lasts))


def partner(site: Site, row: Any, **end: Any) -> Node:
    """An organisation's part in a network or joint policy."""
    return _membership(
        site, row, end, role=row.role, **period(row.since, row.until, row.ended, row.observed_on)
    )


def present(rows: Iterable[Any]) -> list[Any]:
    """The rows that say that a city is or was a member."""
    return [row for row in rows if row.status in PRESENT]


def _membership(site: Site, row: Any, end: dict[str, Any], **facts: Any) -> Node:
    ((name, record),) = end.items()
    return kept(
        {
            "@id": f"urn:uuid:{row.pid}",
            "@type": "org:Membership",
            name: called(site, record),
            **facts,
            "sources": sources(row),
        }
    )
