"""The words that linked data is said in: those of well-known vocabularies, and a few of our own.

Keys are those of Popolo (https://www.popoloproject.com) where it has one for the thing, so that a program
that takes the document for plain JSON finds them.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.encoding import iri_to_uri

from registry.choices import Ended, IdentifierScheme
from registry.exchange.linked.site import Site
from registry.exchange.package.descriptor import LICENCE
from registry.models import Issue

VOCABULARIES = {
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "gn": "http://www.geonames.org/ontology#",
    "opengov": "http://www.w3.org/ns/opengov#",
    "org": "http://www.w3.org/ns/org#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LITERALS = {
    "name": "skos:prefLabel",
    "other_names": "skos:altLabel",
    "description": "dcterms:description",
    "identifiers": "schema:identifier",
    "scheme": "schema:propertyID",
    "identifier": "schema:value",
    "founding_date": "schema:foundingDate",
    "dissolution_date": "schema:dissolutionDate",
    "start_date": "schema:startDate",
    "end_date": "schema:endDate",
    "role": "schema:roleName",
}
# Their values are named things.
THINGS = {
    "links": "rdfs:seeAlso",
    "member": "org:member",
    "memberships": "org:hasMembership",
    "organization": "org:organization",
    "post": "opengov:post",
    "posts": "org:hasPost",
    "same_as": "schema:sameAs",
    "sources": "dcterms:source",
    "subjects": "dcterms:subject",
    "units": "org:hasUnit",
    "website": "schema:url",
}
# What no vocabulary that is widely read has a word for.
OWN = {
    "comparator": "What the result of an experiment is compared with.",
    "ended": "What is known of the end of a period that has no end date: ongoing or ended.",
    "founding": "Whether a source calls the city a founding member of the network.",
    "hosting": "Whether the city hosts the network.",
    "hypothesis": "What an experiment was expected to show.",
    "kind": "What sort of government, office, organisation, joint policy or report it is.",
    "observed_on": "A date at which a source shows it: it proves that date only.",
    "outcome": "What came of an experiment.",
    "outputs": "What came of a joint policy.",
    "replicates": "An experiment that this one repeats.",
    "scope": "The level at which a network is declared to work.",
    "status": "What the city is or was to the network, or where a joint policy stands.",
    "tier": "The rights of a member in its network: observer, full or privileged.",
}
# Where each scheme names the thing itself, which is not always where it shows what it knows.
SAME = {
    IdentifierScheme.WIKIDATA: "http://www.wikidata.org/entity/{}",
    IdentifierScheme.ROR: "https://ror.org/{}",
    IdentifierScheme.ISNI: "https://isni.org/isni/{}",
    IdentifierScheme.DOI: "https://doi.org/{}",
}
MEDIA_TYPE = "application/ld+json"
GEONAMES = "https://sws.geonames.org/{}/"
PRECISION = {4: "xsd:gYear", 7: "xsd:gYearMonth", 10: "xsd:date"}
Node = dict[str, Any]


def context(site: Site) -> Node:
    """What the words mean; it stands in the document, so that nothing has to be fetched to read it."""
    own: Node = {name: f"terms:{name}" for name in OWN}
    own["replicates"] = {"@id": "terms:replicates", "@type": "@id"}
    things = {name: {"@id": term, "@type": "@id"} for name, term in THINGS.items()}
    # Of an organisation, the memberships that are in it.
    members = {"members": {"@reverse": "org:organization"}}
    return {**VOCABULARIES, "terms": site.terms, **LITERALS, **things, **members, **own}


def document(site: Site, described: Node) -> Node:
    """A description with the meaning of its words."""
    return {"@context": context(site), **described}


def own_terms(site: Site) -> Node:
    """The registry's own terms, described."""
    terms = [
        {
            "@id": f"terms:{name}",
            "@type": "rdf:Property",
            "rdfs:label": in_english(name.replace("_", " ")),
            "rdfs:comment": in_english(about),
        }
        for name, about in OWN.items()
    ]
    return {"@context": {**VOCABULARIES, "terms": site.terms}, "@graph": terms}


def kept(facts: Node) -> Node:
    """What is known of the facts."""
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def called(site: Site, record: Any) -> Node:
    """Another record: what it is called for good, and its name. The tree of issues has a language."""
    name = in_english(record.name) if isinstance(record, Issue) else record.name
    return {"@id": site.iri(record), "name": name}


def in_english(text: str) -> Node:
    """A text in the registry's own language."""
    return {"@value": text, "@language": settings.LANGUAGE_CODE}


def page(site: Site, record: Any) -> Node:
    """What the registry says of a record: the page, its licence, and what it is a part of."""
    return {
        "schema:mainEntityOfPage": {
            "@id": site.page(record),
            "@type": "schema:WebPage",
            "dcterms:isPartOf": {"@id": site.registry},
            "dcterms:license": {"@id": LICENCE["path"]},
        }
    }


def thing(site: Site, record: Any, *types: str, name: str = "") -> Node:
    """What is said of every record with a page: its names on the web, here and elsewhere."""
    name = name or record.name
    return kept(
        {
            "@id": site.iri(record),
            "@type": list(types),
            "name": name,
            "schema:name": name,
            "dcterms:identifier": str(record.pid),
            "website": address(getattr(record, "website", "")),
            **page(site, record),
        }
    )


def identified(identifiers: Any) -> Node:
    """Outside identifiers, and what other schemes call the same thing."""
    rows = list(identifiers)
    return {
        "identifiers": [
            {"@type": "schema:PropertyValue", "scheme": row.scheme, "identifier": row.value} for row in rows
        ],
        "same_as": [iri_to_uri(SAME[row.scheme].format(row.value)) for row in rows if row.scheme in SAME],
    }


def address(url: str) -> str:
    """An address as linked data may have it: without letters that no address has."""
    return iri_to_uri(url) or ""


def partial_date(value: str | None) -> Node | None:
    """A date at the precision given."""
    return {"@type": PRECISION[len(value)], "@value": value} if value else None


def existence(since: str | None, until: str | None, ended: str, observed_on: str | None) -> Node:
    """From when to when something exists."""
    return {
        "founding_date": partial_date(since),
        "dissolution_date": partial_date(until),
        **what_else(ended, observed_on),
    }


def period(since: str | None, until: str | None, ended: str, observed_on: str | None) -> Node:
    """From when to when something holds."""
    return {
        "start_date": partial_date(since),
        "end_date": partial_date(until),
        **what_else(ended, observed_on),
    }


def what_else(ended: str, observed_on: str | None) -> Node:
    """What is known of a period beside its dates."""
    return {
        "ended": "" if ended == Ended.UNKNOWN else ended,
        "observed_on": partial_date(observed_on),
    }


def subjects(site: Site, issues: Any) -> list[Node]:
    """The issues that something is about."""
    return [called(site, issue) for issue in issues]


def sources(row: Any) -> list[str]:
    """The addresses of the documents that support a row of a page."""
    return [address(cited.source.url) for cited in getattr(row, "cited", []) if cited.source.url]
