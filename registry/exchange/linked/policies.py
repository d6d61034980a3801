"""Joint policies and what they try out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.exchange.linked import memberships as parts
from registry.exchange.linked.site import Site
from registry.exchange.linked.terms import (
    Node,
    called,
    existence,
    identified,
    kept,
    sources,
    subjects,
    thing,
)


def policy(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """A joint policy: a collaboration of organisations, with its parties and partners.

    `found` is what its page shows, by the names of the sections.
    """
    return kept(
        {
            **thing(site, record, "org:OrganizationalCollaboration", "schema:Project"),
            "kind": record.kind,
            "status": record.status,
            "description": record.summary,
            "outputs": record.outputs,
            "subjects": subjects(site, record.issues.all()),
            "dcterms:isPartOf": [called(site, network) for network in record.networks.all()],
            "dcterms:hasPart": [
                {"@id": site.iri(row), "hypothesis": row.hypothesis}
                for row in parts.whole(found["experiments"])
            ],
            **identified(record.identifiers.all()),
            **existence(record.since, record.until, record.ended, record.observed_on),
            **_members(site, record, found),
            "sources": sources(record),
        }
    )


def experiment(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """An experiment of a joint policy: what was expected, where, and what came of it."""
    return kept(
        {
            **thing(site, record, "schema:ResearchProject", name=record.title),
            "hypothesis": record.hypothesis,
            "comparator": record.comparator,
            "outcome": record.outcome,
            "dcterms:isPartOf": called(site, record.policy),
            "subjects": subjects(site, record.policy.issues.all()),
            "schema:location": [called(site, city) for city in record.sites.all()],
            "replicates": [site.iri(row) for row in parts.whole(found["originals"])],
            "sources": sources(record),
        }
    )


def _members(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """Parties and partners, each list whole or left to its listing."""
    lists = {"city-list": found["parties"], "organisation-list": found["partnerships"]}
    return {
        "members": [
            *(parts.of_policy(site, row, member=row.city) for row in parts.whole(found["parties"])),
            *(
                parts.partner(site, row, member=row.organisation)
                for row in parts.whole(found["partnerships"])
            ),
        ],
        "links": [
            site.rows(listing, policy=record.slug)
            for listing, some in lists.items()
            if not parts.is_whole(some)
        ],
    }
