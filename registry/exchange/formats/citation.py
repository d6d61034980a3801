"""What a reference manager is told: the reports of a listing, or of any other listing the question itself.

A question is cited as of the moment it was asked, since its answer changes with the registry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from registry.choices import ReportKind
from registry.exchange.formats.base import Rows

PUBLISHER = "CityNet, a registry of city diplomacy"
REPORTS = "reports"


@dataclass(frozen=True)
class Reference:
    """A document. Dates are partial: a year, a month or a day."""

    key: str
    kind: str
    title: str
    authors: str = ""
    publisher: str = ""
    issued: str = ""
    read_on: str = ""
    address: str = ""
    language: str = ""
    note: str = ""


DATASET, REPORT, PAPER = "dataset", "report", "paper"
KINDS = {ReportKind.ACADEMIC_PAPER: PAPER, ReportKind.DATASET_PAPER: PAPER}


def references(export: Rows) -> Iterator[Reference]:
    """The reports of the rows, or the one reference for all the rows."""
    if export.name == REPORTS:
        return (_report(row) for row in export.rows)
    return iter([_question(export)])


def _report(row: Any) -> Reference:
    year = (row.published_on or "")[:4]
    return Reference(
        key="-".join(part for part in (row.slug[:60].strip("-"), year) if part),
        kind=KINDS.get(row.kind, REPORT),
        title=row.name,
        authors=row.authors,
        publisher="; ".join(network.name for network in row.networks.all()),
        issued=row.published_on or "",
        address=row.url,
        language=row.language,
        note=f"CityNet report {row.pid}",
    )


def _question(export: Rows) -> Reference:
    day = f"{export.made_at:%Y-%m-%d}"
    asked = f" ({export.question})" if export.question else ""
    return Reference(
        key=f"citynet-{export.name}-{day}",
        kind=DATASET,
        title=f"{export.title}{asked}",
        authors="CityNet",
        publisher=PUBLISHER,
        issued=day,
        read_on=day,
        address=export.address,
        language="en",
        note=f"The published registry as of {export.made_at:%Y-%m-%d %H:%M} UTC.",
    )
