"""Formats of the rows of a listing: each takes the columns declared in `registry.exchange.columns`."""

from registry.exchange.formats.base import Format, Rows
from registry.exchange.formats.csv_file import CSV
from registry.exchange.formats.json_file import JSON

FORMATS: dict[str, Format] = {one.name: one for one in (CSV, JSON)}
ATOM = "atom"

__all__ = ["ATOM", "CSV", "FORMATS", "JSON", "Format", "Rows"]
