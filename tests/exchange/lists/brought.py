"""Lists as a test brings them in: rows whose city is decided, or a file as staff would make it."""

from __future__ import annotations

import csv
import io
from typing import Any

from registry.exchange.lists.imports import open_list
from registry.exchange.lists.rows import Candidate, Decision, ListRow, Outcome
from registry.models import City, ListImport, ListImportRow, Membership, Network


def candidate(city: City, score: float = 0.9) -> Candidate:
    """The city as the resolver would offer it."""
    return Candidate(
        city_id=city.pk,
        geonames_id=city.geonames_id,
        name=city.name,
        country=city.country_id,
        population=city.population,
        latitude=city.latitude,
        longitude=city.longitude,
        score=score,
        reason="the same name",
    )


def matched(city: City, number: int = 2, **cells: Any) -> Decision:
    """A row that means this city."""
    row = ListRow(number=number, **{"name": city.name, **cells})
    return Decision(row, Outcome.MATCHED, 0.99, "the same name", (candidate(city, 0.99),))


def ambiguous(name: str, *cities: City, number: int = 2, **cells: Any) -> Decision:
    """A row that may mean any of these cities."""
    row = ListRow(number=number, name=name, **cells)
    return Decision(
        row, Outcome.AMBIGUOUS, 0.5, "several have the name", tuple(candidate(city, 0.5) for city in cities)
    )


def unmatched(name: str, number: int = 2, **cells: Any) -> Decision:
    """A row that means no city known."""
    return Decision(ListRow(number=number, name=name, **cells), Outcome.UNMATCHED, 0, "nothing is called so")


def make_list(target: Any, *decisions: Decision, by: Any = None, **given: Any) -> ListImport:
    """An open list of the members of a network or the parties to a joint policy."""
    whole = "network" if isinstance(target, Network) else "policy"
    listing = ListImport(**{whole: target}, **given)
    open_list(listing, decisions, by=by)
    return listing


def only_row(listing: ListImport) -> ListImportRow:
    """The row of a list that has one."""
    return listing.rows.get()


def exported(network: Network) -> bytes:
    """A network's members as a file that names each by its GeoNames id, with all that a list can say."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["name", "geonames_id", "since", "until", "status", "role"])
    for row in Membership.objects.filter(network=network).select_related("city").order_by("pk"):
        writer.writerow(
            [row.city.name, row.city.geonames_id, row.since or "", row.until or "", row.status, row.role]
        )
    return text.getvalue().encode()
