"""Rows of a dataset whose city is not known yet: whom they may mean, and saying whom they do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import BigIntegerField, Case, F, Min, QuerySet, Value, When

from registry.exchange.datasets.mapping import TableMapping, read_mapping
from registry.exchange.lists import Candidate, ListRow, resolve
from registry.exchange.lists.cells import make_row
from registry.models import City, Dataset, Observation


@dataclass(frozen=True)
class Unplaced:
    """A row without a city: its key, what it says of its city, and whom it may mean, the likeliest first."""

    row_key: str
    row: ListRow
    candidates: tuple[Candidate, ...]
    reason: str


def unplaced_keys(dataset: Dataset) -> QuerySet:
    """The keys of rows without a city, in the order of the table."""
    cells = Observation.objects.filter(dataset=dataset, city__isnull=True).order_by()
    first = Min("pk", output_field=BigIntegerField())
    return cells.values("row_key").annotate(first=first).order_by("first").values_list("row_key", flat=True)


def unplaced(dataset: Dataset, keys: Iterable[str]) -> list[Unplaced]:
    """These rows, with the cities that they may mean; a constant number of queries."""
    mapping = read_mapping(dataset.mapping)
    wanted = list(keys)
    columns = list(mapping.row.values())
    cells = Observation.objects.filter(dataset=dataset, row_key__in=wanted, column__in=columns)
    said: dict[str, dict[str, str]] = {key: {} for key in wanted}
    for key, column, value in cells.values_list("row_key", "column", "value"):
        said[key][column] = value
    rows = [_row(mapping, number, said[key]) for number, key in enumerate(wanted, start=1)]
    decisions = resolve(rows)
    return [
        Unplaced(key, one.row, one.candidates, one.reason) for key, one in zip(wanted, decisions, strict=True)
    ]


def _row(mapping: TableMapping, number: int, cells: Mapping[str, str]) -> ListRow:
    given = {what: cells.get(column, "").strip() for what, column in mapping.row.items()}
    given["name"] = given.pop("city")
    return make_row(number, given, mapping.row)


@transaction.atomic
def place(dataset: Dataset, cities: Mapping[str, City]) -> int:
    """Note of which city rows speak, by their keys; gives the number of rows. One statement."""
    if not cities:
        return 0
    chosen = [When(row_key=key, then=Value(city.pk)) for key, city in cities.items()]
    cells = Observation.objects.filter(dataset=dataset, row_key__in=list(cities))
    cells.update(city_id=Case(*chosen, default=F("city_id"), output_field=BigIntegerField()))
    return len(cities)
