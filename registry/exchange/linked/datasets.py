"""Research tables."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from registry.exchange.linked.memberships import MOST
from registry.exchange.linked.site import Site
from registry.exchange.linked.terms import Node, address, called, kept, partial_date, thing


def dataset(site: Site, record: Any, networks: Iterable[Any]) -> Node:
    """A research table, where it is from, and the networks that it speaks of."""
    about = list(networks)
    return kept(
        {
            **thing(site, record, "schema:Dataset"),
            "description": record.description,
            "schema:license": record.licence,
            "schema:temporalCoverage": partial_date(record.observed_on),
            "schema:about": [called(site, one) for one in about] if len(about) <= MOST else [],
            "schema:distribution": {
                "@type": "schema:DataDownload",
                "schema:contentUrl": f"{site.root}{reverse('dataset-file', args=[record.slug])}",
            },
            "sources": [address(record.source.url)] if record.source.url else [],
        }
    )
