"""Graphs of two kinds of nodes: cities with the networks they belong to, or the joint policies they are in.

A joint policy of several cities is a hyperedge. It is written as a node of its own with an edge to each
party, which programs for graphs read; they do not read hyperedges.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from registry.exchange.columns import Column, Field
from registry.exchange.columns.memberships import OF_A_MEMBERSHIP
from registry.exchange.graphs.base import (
    AT_ONCE,
    NETWORK_FIELDS,
    PLACE_FIELDS,
    Edge,
    Graph,
    Node,
    node,
    spells_of,
    together,
    told,
    values_of,
)
from registry.models import City, Network, PolicyParty

PARTY_FIELDS = (
    Field("role", "The part of the city: lead, partner, signatory or observer."),
    Field("since", "When its part began, or the joint policy.", "lasts.since", type="partial-date"),
    Field("until", "When its part ended, or the joint policy.", "lasts.until", type="partial-date"),
    Field("ended", "What is known where no end is given: ongoing, ended or unknown.", "lasts.ended"),
    Field("observed_on", "A date at which a source shows it.", "lasts.observed_on", type="partial-date"),
)


def of_memberships(rows: Iterable[Any], memberships: QuerySet, columns: list[Column]) -> Graph:
    """Cities and networks; the rows are the edges, and `memberships` the same unread."""
    fields = told(columns)
    nodes = chain(
        _nodes("city", _ends(City, "city", memberships), PLACE_FIELDS),
        _nodes("network", _ends(Network, "network", memberships), NETWORK_FIELDS),
    )
    edges = (_membership(row, fields) for row in rows)
    return Graph(nodes, edges, together(PLACE_FIELDS, NETWORK_FIELDS), fields)


def memberships_of(rows: Iterable[Any], memberships: QuerySet, columns: list[Column], kind: str) -> Graph:
    """The rows, which are of this kind, `city` or `network`, with the other ends of these memberships."""
    fields = told(columns)
    if kind == "city":
        others = _nodes("network", _ends(Network, "network", memberships), NETWORK_FIELDS)
        other_fields: tuple[Field, ...] = NETWORK_FIELDS
    else:
        others = _nodes("city", _ends(City, "city", memberships), PLACE_FIELDS)
        other_fields = PLACE_FIELDS
    nodes = chain((node(kind, row, fields) for row in rows), others)
    links = memberships.select_related("city", "network").order_by("pk").iterator(chunk_size=AT_ONCE)
    edges = (_membership(link, OF_A_MEMBERSHIP) for link in links)
    return Graph(nodes, edges, together(fields, other_fields), [*OF_A_MEMBERSHIP])


def of_parties(rows: Iterable[Any], policies: QuerySet, columns: list[Column]) -> Graph:
    """The rows, which are joint policies, with the cities that are parties to them."""
    fields = told(columns)
    parties = PolicyParty.objects.public().filter(policy__in=policies.order_by().values("pk"))
    nodes = chain(
        (node("policy", row, fields) for row in rows),
        _nodes("city", _ends(City, "city", parties), PLACE_FIELDS),
    )
    links = parties.with_period().select_related("city", "policy").order_by("pk")
    edges = (_party(link) for link in links.iterator(chunk_size=AT_ONCE))
    return Graph(nodes, edges, together(fields, PLACE_FIELDS), [*PARTY_FIELDS])


def _ends(model: Any, end: str, links: QuerySet) -> QuerySet:
    """The public records at one end of the links."""
    records = model.objects.public().filter(pk__in=links.order_by().values(end)).order_by("pk")
    return records.select_related("country") if model is City else records


def _nodes(kind: str, records: QuerySet, fields: tuple[Field, ...]) -> Iterator[Node]:
    return (node(kind, record, fields) for record in records.iterator(chunk_size=AT_ONCE))


def _membership(row: Any, fields: Iterable[Field]) -> Edge:
    ends = str(row.city.pid), str(row.network.pid)
    return Edge(str(row.pid), *ends, values_of(row, fields), spells_of(row.since, row.until))


def _party(row: Any) -> Edge:
    ends = str(row.policy.pid), str(row.city.pid)
    spells = spells_of(row.lasts["since"], row.lasts["until"])
    return Edge(str(row.pid), *ends, values_of(row, PARTY_FIELDS), spells)
