"""Rows as graphs: what a node and an edge are, and how the records of a listing make them."""

from registry.exchange.graphs.base import Edge, Graph, Node, Spell, spells_of
from registry.exchange.graphs.links import memberships_of, of_memberships, of_parties
from registry.exchange.graphs.pairs import of_pairs, of_shared_networks

__all__ = [
    "Edge",
    "Graph",
    "Node",
    "Spell",
    "memberships_of",
    "of_memberships",
    "of_pairs",
    "of_parties",
    "of_shared_networks",
    "spells_of",
]
