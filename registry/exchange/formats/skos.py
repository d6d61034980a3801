"""SKOS: the issues as concepts of one scheme, in JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from urllib.parse import urlsplit

from registry.exchange.formats.base import Format, Rows
from registry.exchange.formats.json_file import as_json, listed
from registry.exchange.linked import MEDIA_TYPE, Site, concept, document, scheme_of


def write(export: Rows) -> Iterator[str]:
    """The scheme, then its concepts, each with the one above it."""
    address = urlsplit(export.address)
    site = Site(f"{address.scheme}://{address.netloc}")
    concepts = (concept(site, row, row.mappings.all()) for row in export.rows)
    yield f'{as_json(document(site, {}))[:-1]}, "@graph": ['
    yield from listed(chain([scheme_of(site)], concepts))
    yield "\n]}\n"


SKOS = Format(
    "jsonld",
    "SKOS (JSON-LD)",
    MEDIA_TYPE,
    write,
    listings=frozenset({"issues"}),
    fetch=("mappings__concept__scheme",),
)
