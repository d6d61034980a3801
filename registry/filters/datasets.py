"""Parameters of research tables, and of what they say otherwise than others."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.choices import DatasetAspect
from registry.exchange.columns import DATASETS, DIFFERENCES
from registry.exchange.datasets.differences import Difference
from registry.filters.base import Columns, Order, Parameter, RegistryFilterSet
from registry.filters.fields import ChoicesField, CitiesField, CountriesField, DatasetsField, NetworksField
from registry.models import Observation, ObservedMembership


class DatasetFilterSet(RegistryFilterSet):
    """Research tables, by the cities and networks they speak of."""

    city = Parameter(CitiesField, label=_("Speaks of the city"))
    network = Parameter(NetworksField, label=_("Speaks of the network"))
    columns = Columns(DATASETS)
    order = Order({"name": "name"})

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Tables with a cell on one of the cities, and on one of the networks."""
        queryset = self.search(queryset)
        if "city" in self.asked:
            cells = Observation.objects.filter(city__in=self.asked["city"])
            queryset = queryset.filter(pk__in=cells.values("dataset"))
        if "network" in self.asked:
            said = ObservedMembership.objects.filter(network__in=self.asked["network"])
            queryset = queryset.filter(pk__in=said.values("observation__dataset"))
        return queryset


class DifferenceFilterSet(RegistryFilterSet):
    """The differences of one table, by their cities, networks and what is compared. Rows are computed."""

    dated_news = False
    # Cells have no name to look in.
    q = None  # type: ignore[assignment]
    city = Parameter(CitiesField, label=_("City"))
    country = Parameter(CountriesField, label=_("Country"))
    network = Parameter(NetworksField, label=_("Network"))
    about = Parameter(ChoicesField, label=_("About"), choices=DatasetAspect)
    against = Parameter(DatasetsField, label=_("Against the table"))
    columns = Columns(DIFFERENCES)

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Nothing: the rows are computed."""
        return queryset

    def rows(self, found: list[Difference]) -> list[Difference]:
        """Those of the computed rows that are asked for; none is left where a parameter is wrong."""
        if not self.is_valid():
            return []
        tests: dict[str, Any] = {
            "city": lambda row: row.city,
            "country": lambda row: row.city.country,
            "network": lambda row: row.network,
            "about": lambda row: row.aspect,
            "against": lambda row: row.against,
        }
        asked = {name: set(self.asked[name]) for name in tests if name in self.asked}
        return [row for row in found if all(tests[name](row) in wanted for name, wanted in asked.items())]
