"""Cities and their offices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.choices import CityKind, CityLinkKind, OfficeKind
from registry.exchange.linked import memberships as parts
from registry.exchange.linked.site import Site
from registry.exchange.linked.terms import (
    GEONAMES,
    SAME,
    Node,
    called,
    existence,
    identified,
    kept,
    period,
    sources,
    subjects,
    thing,
)

# Offices that are a unit; all others are posts, held by one person.
UNITS = (OfficeKind.INTERNATIONAL_AFFAIRS, OfficeKind.SUSTAINABILITY_OFFICE, OfficeKind.OTHER)
# How one city stands to another, and how the other stands to it.
LINKS = {
    CityLinkKind.PART_OF: ("schema:containedInPlace", "schema:containsPlace"),
    CityLinkKind.MERGED_INTO: ("dcterms:isReplacedBy", "dcterms:replaces"),
    CityLinkKind.COVERS: ("schema:containsPlace", "schema:containedInPlace"),
}


def city(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """A city: a government and the place it governs, as Wikidata and GeoNames have them in one.

    `found` is what its page shows, by the names of the sections.
    """
    place = "schema:City" if record.kind == CityKind.CITY else "schema:AdministrativeArea"
    return kept(
        {
            **thing(site, record, "org:FormalOrganization", "schema:GovernmentOrganization", place),
            "kind": record.kind,
            "other_names": _names(found["names"]),
            **_identified(record, found["identifiers"]),
            **_place(record),
            **_links(site, record, found["links"]),
            **_offices(site, found["offices"]),
            **_memberships(site, record, found),
            "sources": sources(record),
        }
    )


def office(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """An office of a city: a unit of its government or a post in it, with those who headed it."""
    is_unit = record.kind in UNITS
    kind, within = ("OrganizationalUnit", "unitOf") if is_unit else ("Post", "postIn")
    dates = (record.established, record.closed, record.ended, record.observed_on)
    return kept(
        {
            **thing(site, record, f"org:{kind}"),
            "kind": record.kind,
            "description": record.description,
            f"org:{within}": called(site, record.city),
            "subjects": subjects(site, record.remit.all()),
            **identified(record.identifiers.all()),
            **(existence(*dates) if is_unit else period(*dates)),
            "dcterms:relation": _partners(site, found["links"]),
            "opengov:heldThrough": _holders(site, record, found["holders"], is_unit),
            "sources": sources(record),
        }
    )


def _names(by_kind: list[tuple[str, list[Any]]]) -> list[Any]:
    """Other names, each with the languages that it is known in."""
    rows = [row for _, rows in by_kind for row in rows]
    return [
        {"@value": row.name, "@language": language} if language else row.name
        for row in rows
        for language in (row.languages or [""])
    ]


def _identified(record: Any, identifiers: Any) -> Node:
    """What others call it: of cities the most used schemes are columns of their own."""
    own = {"geonames": record.geonames_id, "wikidata": record.wikidata_id, "unlocode": record.unlocode}
    found = identified(identifiers)
    found["identifiers"] += [
        {"@type": "schema:PropertyValue", "scheme": scheme, "identifier": str(value)}
        for scheme, value in own.items()
        if value
    ]
    patterns = {"geonames": GEONAMES, "wikidata": SAME["wikidata"]}  # type: ignore[index]
    found["same_as"] += [pattern.format(own[scheme]) for scheme, pattern in patterns.items() if own[scheme]]
    return found


def _place(record: Any) -> Node:
    country, division = record.country, record.division
    facts: Node = {
        "gn:population": record.population,
        "schema:address": kept(
            {
                "@type": "schema:PostalAddress",
                "schema:addressCountry": country.alpha2,
                "schema:addressRegion": (division.iso_code or division.name) if division else "",
            }
        ),
    }
    if record.latitude is not None:
        facts["schema:geo"] = {
            "@type": "schema:GeoCoordinates",
            "schema:latitude": record.latitude,
            "schema:longitude": record.longitude,
        }
    return facts


def _links(site: Site, record: Any, links: Any) -> Node:
    """Other governments, by how they stand to it now."""
    found: dict[str, list[Node]] = {}
    for link in parts.whole(links):
        if parts.holds(link) or link.kind == CityLinkKind.MERGED_INTO:
            forth, back = LINKS[link.kind]
            own = link.city_id == record.pk
            found.setdefault(forth if own else back, []).append(
                called(site, link.other if own else link.city)
            )
    return dict(found)


def _offices(site: Site, offices: Any) -> Node:
    rows = parts.whole(offices)
    return {
        "units": [called(site, row) for row in rows if row.kind in UNITS],
        "posts": [called(site, row) for row in rows if row.kind not in UNITS],
    }


def _memberships(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """Its networks and joint policies, each list whole or left to its listing."""
    lists = {
        "membership-list": found["memberships"],
        "policy-list": found["parties"],
        "office-list": found["offices"],
    }
    networks, policies = parts.present(parts.whole(found["memberships"])), parts.whole(found["parties"])
    now = dict.fromkeys(site.iri(row.network) for row in networks if parts.is_member(row))
    return {
        "memberships": [
            *(parts.of_network(site, row, organization=row.network) for row in networks),
            *(parts.of_policy(site, row, organization=row.policy) for row in policies),
        ],
        "schema:memberOf": [{"@id": iri} for iri in now],
        "links": [
            site.rows(listing, city=record.slug)
            for listing, some in lists.items()
            if not parts.is_whole(some)
        ],
    }


def _partners(site: Site, links: Any) -> list[Node]:
    """Offices of the city that it works with now."""
    partners = {link.partner.pk: link.partner for link in parts.whole(links) if parts.holds(link)}
    return [called(site, partner) for partner in partners.values()]


def _holders(site: Site, record: Any, holders: Any, is_unit: bool) -> list[Node]:
    """Who heads it and headed it: public officials, by name alone."""
    within = {"organization": site.iri(record)}
    if not is_unit:
        within = {"organization": site.iri(record.city), "post": site.iri(record)}
    return [
        kept(
            {
                "@id": f"urn:uuid:{row.pid}",
                "@type": "org:Membership",
                "member": {"@type": ["foaf:Person", "schema:Person"], "schema:name": row.person_name},
                **within,
                "role": row.title,
                **period(row.since, row.until, row.ended, row.observed_on),
                "sources": sources(row),
            }
        )
        for row in parts.whole(holders)
    ]
