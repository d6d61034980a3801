"""Search as a listing of the API: its rows are the results, the best first."""

from __future__ import annotations

from typing import Any, ClassVar

from registry.exchange.columns import RESULTS, Column, Listing
from registry.filters import SearchFilterSet
from registry.models import City
from registry.search.find import find
from registry.views.measures import Computed, Known
from registry.views.search import PAGE_SIZE, of_kinds, read


class SearchRows(Computed):
    """Records of every kind by any of their names."""

    queryset = City.objects.none()
    filterset_class: Any = SearchFilterSet
    listing: ClassVar[Listing] = RESULTS
    page_size = PAGE_SIZE

    def ordered(self, filterset: Any) -> Any:
        """What answers to the words, of the kinds asked for."""
        return Known(of_kinds(find(filterset.asked["q"]), filterset))

    def read(self, keys: list[Any], filterset: Any, columns: list[Column]) -> list[Any]:
        """The records that were found."""
        return read(keys)
