"""Issues as SKOS: concepts of one scheme, with what agrees with them in other schemes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from registry.choices import MappingMatch
from registry.exchange.linked.site import Site
from registry.exchange.linked.terms import Node, address, called, in_english, kept, page

MATCHES = {
    MappingMatch.EXACT: "skos:exactMatch",
    MappingMatch.CLOSE: "skos:closeMatch",
    MappingMatch.BROAD: "skos:broadMatch",
    MappingMatch.NARROW: "skos:narrowMatch",
    MappingMatch.RELATED: "skos:relatedMatch",
}
# Schemes that name their concepts on the web: the form of a code, and of the name.
NAMED = {"un-sdg": (re.compile(r"SDG (\d{1,2})"), "http://metadata.un.org/sdg/{}")}


def issue(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """An issue between those above and below it; `found` is what its page shows."""
    return kept(
        {
            **concept(site, record, found["mappings"]),
            "skos:narrower": [called(site, child) for child in found["children"]],
            "skos:inScheme": scheme_of(site),
        }
    )


def concept(site: Site, record: Any, mappings: Iterable[Any]) -> Node:
    """An issue, the one above it, and its mappings."""
    parent = record.parent
    place = {"skos:broader": called(site, parent)} if parent else {"skos:topConceptOf": {"@id": site.issues}}
    return kept(
        {
            "@id": site.iri(record),
            "@type": "skos:Concept",
            "name": in_english(record.name),
            "skos:definition": in_english(record.description) if record.description else None,
            "skos:notation": record.slug,
            "skos:inScheme": {"@id": site.issues},
            "dcterms:identifier": str(record.pid),
            **place,
            **_matches(mappings),
            **page(site, record),
        }
    )


def scheme_of(site: Site) -> Node:
    """The registry's tree of issues."""
    return {
        "@id": site.issues,
        "@type": "skos:ConceptScheme",
        "name": in_english("Policy issues of cities"),
    }


def _matches(mappings: Iterable[Any]) -> Node:
    found: dict[str, list[Node]] = {}
    for mapping in mappings:
        found.setdefault(MATCHES[mapping.match], []).append(_elsewhere(mapping.concept))
    return dict(found)


def _elsewhere(other: Any) -> Node:
    """A concept of another scheme; without a name where the scheme gives it none on the web."""
    shape, name = NAMED.get(other.scheme.slug, (None, ""))
    matched = shape.fullmatch(other.code) if shape else None
    return kept(
        {
            "@id": name.format(matched[1]) if matched else "",
            "@type": "skos:Concept",
            "name": in_english(other.label),
            "skos:notation": other.code,
            "skos:inScheme": kept({"@id": address(other.scheme.url), "name": in_english(other.scheme.name)}),
        }
    )
