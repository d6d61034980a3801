"""Measures of the graph of a question, and of what networks have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from registry import filters
from registry.collaboration.edges import Edges
from registry.collaboration.graph import Measures, measures
from registry.collaboration.overlap import MOST_NETWORKS, Overlaps, overlaps
from registry.exchange.columns import Column
from registry.exchange.graphs import Graph, of_pairs
from registry.filters.base import RegistryFilterSet
from registry.filters.collaborations import VIEWS
from registry.models import Membership, Network
from registry.views.collaborations import TieView
from registry.views.explorer import Choice
from registry.views.listings import RegistryListView
from registry.views.pages import NoSuchPage, Page

SHOWN_PAIRS = 100


@dataclass(frozen=True)
class Known:
    """Rows that are all at hand, given out as a queryset gives out its own."""

    rows: list[Any]

    def iterator(self, chunk_size: int) -> Iterator[Any]:
        """Each row in turn."""
        return iter(self.rows)


class Computed(RegistryListView):
    """A listing whose rows are computed all at once: nothing more is read for a page of them."""

    def ordered(self, filterset: Any) -> Any:
        """Every row that answers, in order, as `Known`."""
        raise NotImplementedError

    def page_of(self, filterset: RegistryFilterSet, columns: list[Column]) -> Page:
        """A page of the rows; none where a parameter is wrong."""
        if not filterset.is_valid():
            return Page()
        asked = filterset.asked
        rows = self.ordered(filterset).rows
        try:
            page = Page.of(rows, asked.get("page") or 1, asked.get("page_size") or self.page_size)
        except NoSuchPage as error:
            filterset.form.add_error("page", ValidationError(str(error)))
            return Page()
        return replace(page, rows=self.read(page.rows, filterset, columns))

    def keys(self, rows: Any) -> Any:
        """The rows themselves."""
        return rows

    def read(self, keys: list[Any], filterset: RegistryFilterSet, columns: list[Column]) -> list[Any]:
        """The rows as they are."""
        return keys


class MeasureList(Computed, TieView):
    """How central each city is among those that answer a question."""

    filterset_class = filters.MeasureFilterSet
    template_name = "registry/measures.html"
    noun = ngettext_lazy("city", "cities")
    intro = _(
        "How each city stands in the graph of collaborations: two cities are tied when they collaborate on "
        "any issue asked about, however many."
    )
    other_views = VIEWS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With a link on each heading that sorts by it."""
        context = super().get_context_data(**kwargs)
        filterset, query = context["filterset"], context["query"]
        now = self.order(filterset) if filterset.is_valid() else ""
        others = query.copy()
        for parameter in ("city", "partner", "order", "page", "page_size", "columns"):
            others.pop(parameter, None)
        headings = [self._heading(column, now, query) for column in context["columns"][1:]]
        return {**context, "headings": headings, "question": others.urlencode()}

    @staticmethod
    def _heading(column: Column, now: str, query: Any) -> Choice:
        name, other = column.name, query.copy()
        other.pop("page", None)
        other["order"] = name if now == f"-{name}" or (name == "community" and now != name) else f"-{name}"
        return Choice(str(column.label), other, now.removeprefix("-") == name, now.startswith("-"))

    @staticmethod
    def order(filterset: RegistryFilterSet) -> str:
        """The order asked for; those with most ties first where none is."""
        return filterset.asked.get("order", ["-degree"])[0]

    def ordered(self, filterset: Any) -> Any:
        """Every city of the graph with its measures."""
        return Known(in_order(measures(filterset.edges), filterset.edges, self.order(filterset)))


def in_order(rows: list[Measures], found: Edges, order: str) -> list[dict[str, Any]]:
    """Cities with their measures, sorted by one; equal ones by degree, weight and name."""
    name, descending = order.removeprefix("-"), order.startswith("-")
    named = [{**vars(row), "city": found.cities[row.city]} for row in rows]
    named.sort(key=lambda row: (-row["degree"], -row["weight"], row["city"].name, row["city"].pk))
    if name == "name":
        named.sort(key=lambda row: (row["city"].name, row["city"].pk), reverse=descending)
    else:
        named.sort(key=lambda row: row[name] or 0, reverse=descending)
    return named


class OverlapView(Computed):
    """How far the networks that answer a question have the same members."""

    queryset = Network.objects.public()
    filterset_class = filters.OverlapFilterSet
    template_name = "registry/overlap.html"
    noun = ngettext_lazy("network", "networks")
    intro = _(
        "How many cities each two networks have in common, and their Jaccard index: the share of the cities "
        "in both among the cities in either."
    )
    found: Overlaps | None = None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the networks compared, and each two that have members in common."""
        context = super().get_context_data(**kwargs)
        pairs = self.found.pairs() if self.found else []
        more = len(pairs) - SHOWN_PAIRS
        return context | {"overlaps": self.found, "pairs": pairs[:SHOWN_PAIRS], "more_pairs": more}

    def ordered(self, filterset: Any) -> Any:
        """Each two networks with members in common."""
        return Known(self.compared(filterset).pairs())

    def graph(self, filterset: Any, columns: list[Column], rows: Callable[[], Iterable[Any]]) -> Graph:
        """The networks; an edge for each row, as heavy as they have members in common."""
        return of_pairs("overlap", rows, columns, lambda row: row.shared)

    def compared(self, filterset: Any) -> Overlaps:
        """The largest networks asked for, by the members that the filters ask about."""
        networks = filterset.qs.order_by().values("pk")
        few = filterset.asks_for_membership
        among = filterset.memberships(None if few else Membership.objects.nearly_all_public())
        return overlaps(among.filter(network__in=networks), few=few)

    def page_of(self, filterset: RegistryFilterSet, columns: list[Column]) -> Page:
        """The one page: the networks compared."""
        if not filterset.is_valid():
            return Page()
        if (filterset.asked.get("page") or 1) > 1:
            filterset.form.add_error(
                "page", ValidationError(_("There is one page: the largest are compared."))
            )
            return Page()
        self.found = found = self.compared(filterset)
        return Page(1, MOST_NETWORKS, found.total, False, False, found.rows)
