"""Networks, and partners that are not cities."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.choices import NetworkLinkKind, OrganisationKind
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

# How one network stands to another, and how the other stands to it.
LINKS = {
    NetworkLinkKind.PART_OF: ("org:subOrganizationOf", "org:hasSubOrganization"),
    NetworkLinkKind.SUCCESSOR_OF: ("dcterms:replaces", "dcterms:isReplacedBy"),
    NetworkLinkKind.PARTNER_OF: ("org:linkedTo", "org:linkedTo"),
}
TYPES = {
    OrganisationKind.UNIVERSITY: "schema:CollegeOrUniversity",
    OrganisationKind.INSURER: "schema:Corporation",
    OrganisationKind.COMPANY: "schema:Corporation",
    OrganisationKind.NGO: "schema:NGO",
    OrganisationKind.NATIONAL_GOVERNMENT: "schema:GovernmentOrganization",
}
# Standings on the page of those who are or were members.
PRESENT = ("current", "former")


def network(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """A network with its members; `found` is what its page shows, by the names of the sections."""
    return kept(
        {
            **thing(site, record, "org:Organization", "schema:Organization"),
            "schema:alternateName": record.acronym if record.acronym != record.name else "",
            "other_names": [_named(row) for row in record.names.all()],
            "description": record.description,
            "scope": record.scope,
            "subjects": subjects(site, record.issues.all()),
            **identified(record.identifiers.all()),
            **existence(record.founded, record.dissolved, record.ended, record.observed_on),
            "schema:location": called(site, record.secretariat) if record.secretariat else None,
            **_links(site, record, found["links"]),
            **_members(site, record, found),
            "sources": sources(record),
        }
    )


def organisation(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """A partner with its parts in joint policies and networks."""
    lists = {"policy-list": found["in_policies"], "network-list": found["in_networks"]}
    kind = TYPES.get(record.kind, "schema:Organization")
    return kept(
        {
            **thing(site, record, "org:FormalOrganization", kind),
            "kind": record.kind,
            "description": record.description,
            "schema:address": _seat(record.country),
            **identified(record.identifiers.all()),
            "memberships": [
                parts.partner(site, row, organization=row.policy or row.network)
                for some in lists.values()
                for row in parts.whole(some)
            ],
            "links": [
                site.rows(listing, organisation=record.slug)
                for listing, some in lists.items()
                if not parts.is_whole(some)
            ],
            "sources": sources(record),
        }
    )


def _seat(country: Any) -> Node | None:
    if country is None:
        return None
    return {"@type": "schema:PostalAddress", "schema:addressCountry": country.alpha2}


def _named(row: Any) -> Any:
    return {"@value": row.name, "@language": row.language} if row.language else row.name


def _links(site: Site, record: Any, links: Any) -> Node:
    """Other networks, by how they stand to it now; who came after whom stays so."""
    found: dict[str, list[Node]] = {}
    for link in parts.whole(links):
        if parts.holds(link) or link.kind == NetworkLinkKind.SUCCESSOR_OF:
            forth, back = LINKS[link.kind]
            own = link.network_id == record.pk
            found.setdefault(forth if own else back, []).append(
                called(site, link.other if own else link.network)
            )
    return dict(found)


def _members(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """Cities and partners, each list whole or left to its listing."""
    standings = [some for key, _, some in found["standings"] if key in PRESENT]
    lists = {"membership-list": standings, "organisation-list": [found["partnerships"]]}
    cities = [row for some in standings for row in some.rows] if parts.is_whole(*standings) else []
    now = dict.fromkeys(site.iri(row.city) for row in cities if row.standing == "current")
    return {
        "members": [
            *(parts.of_network(site, row, member=row.city) for row in cities),
            *(
                parts.partner(site, row, member=row.organisation)
                for row in parts.whole(found["partnerships"])
            ),
        ],
        "org:hasMember": [{"@id": iri} for iri in now],
        "links": [
            site.rows(listing, network=record.slug)
            for listing, some in lists.items()
            if not parts.is_whole(*some)
        ],
    }
