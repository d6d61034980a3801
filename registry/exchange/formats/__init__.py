"""Formats of the rows of a listing: each takes the columns declared in `registry.exchange.columns`."""

from registry.exchange.formats.base import Format, Rows
from registry.exchange.formats.bibtex import BIBTEX
from registry.exchange.formats.csl_json import CSL_JSON
from registry.exchange.formats.csv_file import CSV
from registry.exchange.formats.geojson import GEOJSON
from registry.exchange.formats.gexf import GEXF
from registry.exchange.formats.graphml import GRAPHML
from registry.exchange.formats.json_file import JSON
from registry.exchange.formats.json_lines import JSON_LINES
from registry.exchange.formats.quickstatements import QUICKSTATEMENTS
from registry.exchange.formats.skos import SKOS
from registry.exchange.formats.xlsx import XLSX

FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        *(CSV, XLSX, JSON, JSON_LINES, GEOJSON, GRAPHML, GEXF, SKOS, QUICKSTATEMENTS),
        *(BIBTEX, CSL_JSON),
    )
}
ATOM = "atom"
# Those of a graph, which a listing may make of its rows in more than one way.
GRAPHS = (GRAPHML.name, GEXF.name)


def formats_of(listing: str) -> dict[str, Format]:
    """By name, the formats that mean something for the rows of the listing of this name."""
    return {name: one for name, one in FORMATS.items() if one.holds(listing)}


def of_rows(listing: str) -> list[Format]:
    """The formats that hold the rows themselves, and all of them."""
    return [one for one in formats_of(listing).values() if not (one.cites or one.some)]


def of_references(listing: str) -> list[Format]:
    """The formats that a reference manager reads."""
    return [one for one in formats_of(listing).values() if one.cites]


__all__ = [
    "ATOM",
    "FORMATS",
    "GRAPHS",
    "QUICKSTATEMENTS",
    "Format",
    "Rows",
    "formats_of",
    "of_references",
    "of_rows",
]
