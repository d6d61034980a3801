"""Reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.choices import ReportKind
from registry.exchange.linked.memberships import whole
from registry.exchange.linked.site import Site
from registry.exchange.linked.terms import (
    Node,
    address,
    called,
    identified,
    kept,
    partial_date,
    sources,
    subjects,
    thing,
)

PAPERS = (ReportKind.ACADEMIC_PAPER, ReportKind.DATASET_PAPER)


def report(site: Site, record: Any, found: Mapping[str, Any]) -> Node:
    """A report, who published it and what it is about; `found` is what its page shows."""
    kind = "schema:ScholarlyArticle" if record.kind in PAPERS else "schema:Report"
    about = [row for key in ("policies", "cities") for row in whole(found[key])]
    return kept(
        {
            **thing(site, record, kind, "foaf:Document"),
            "kind": record.kind,
            "dcterms:title": record.name,
            "dcterms:creator": record.authors,
            "dcterms:issued": partial_date(record.published_on),
            "schema:datePublished": partial_date(record.published_on),
            "dcterms:language": record.language,
            "website": address(record.url),
            "dcterms:publisher": [called(site, network) for network in whole(found["networks"])],
            "schema:about": [called(site, row) for row in about],
            "subjects": subjects(site, record.issues.all()),
            **identified(record.identifiers.all()),
            "sources": sources(record),
        }
    )
