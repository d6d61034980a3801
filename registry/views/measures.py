"""Measures of the graph of a question, and of what networks have in common."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError

from registry import filters
from registry.collaboration.edges import MOST_CITIES, Edges, edges
from registry.collaboration.graph import MOST_MEASURED, Measures, measures
from registry.collaboration.overlap import MOST_NETWORKS, Overlaps, overlaps
from registry.filters.base import RegistryFilterSet
from registry.filters.collaborations import VIEWS
from registry.models import Network
from registry.views.collaborations import Choice, TieView
from registry.views.listings import RegistryListView
from registry.views.pages import NoSuchPage, Page

TOO_LARGE = (
    f"Measures say something of whole graphs only, and this one has more than {MOST_CITIES:,} cities or "
    f"{MOST_MEASURED:,} tied pairs. Ask for a country, a world region, an issue, a network or a time."
)
SHOWN_PAIRS = 100


class MeasureList(TieView):
    """How central each city is among those that answer a question."""

    filterset_class = filters.MeasureFilterSet
    template_name = "registry/measures.html"
    title, noun = "Measures", ("city", "cities")
    intro = (
        "How each city stands in the graph of collaborations: two cities are tied when they collaborate on "
        "any issue asked about, however many."
    )
    other_views = VIEWS
    headings: ClassVar[dict[str, str]] = {
        "degree": "Degree",
        "weight": "Weighted degree",
        "betweenness": "Betweenness",
        "eigenvector": "Eigenvector",
        "community": "Community",
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With a link on each heading that sorts by it."""
        context = super().get_context_data(**kwargs)
        filterset, query = context["filterset"], context["query"]
        now = self.order(filterset) if filterset.is_valid() else ""
        others = query.copy()
        for parameter in ("city", "partner", "order", "page", "page_size"):
            others.pop(parameter, None)
        headings = [self._heading(*pair, now, query) for pair in self.headings.items()]
        return {**context, "headings": headings, "question": others.urlencode()}

    @staticmethod
    def _heading(name: str, words: str, now: str, query: Any) -> Choice:
        other = query.copy()
        other.pop("page", None)
        other["order"] = name if now == f"-{name}" or (name == "community" and now != name) else f"-{name}"
        return Choice(words, other, now.removeprefix("-") == name, now.startswith("-"))

    @staticmethod
    def order(filterset: RegistryFilterSet) -> str:
        """The order asked for; those with most ties first where none is."""
        return filterset.asked.get("order", ["-degree"])[0]

    def page_of(self, filterset: RegistryFilterSet) -> Page:
        """A page of cities with their measures; none of a graph that is too large to be measured whole."""
        if not filterset.is_valid():
            return Page()
        found = edges(filterset.qs, MOST_MEASURED, 0)
        if not found.complete:
            filterset.form.add_error("ties", ValidationError(TOO_LARGE, code="too_large"))
            return Page()
        asked = filterset.asked
        rows = in_order(measures(found), found, self.order(filterset))
        try:
            return Page.of(rows, asked.get("page") or 1, asked.get("page_size") or self.page_size)
        except NoSuchPage as error:
            filterset.form.add_error("page", ValidationError(str(error)))
            return Page()


def in_order(rows: list[Measures], found: Edges, order: str) -> list[tuple[Any, Measures]]:
    """Cities with their measures, sorted by one; equal ones by degree, weight and name."""
    name, descending = order.removeprefix("-"), order.startswith("-")
    named = [(found.cities[row.city], row) for row in rows if row.city in found.cities]
    named.sort(key=lambda pair: (-pair[1].degree, -pair[1].weight, pair[0].name, pair[0].pk))
    if name == "name":
        named.sort(key=lambda pair: (pair[0].name, pair[0].pk), reverse=descending)
    else:
        named.sort(key=lambda pair: getattr(pair[1], name) or 0, reverse=descending)
    return named


class OverlapView(RegistryListView):
    """How far the networks that answer a question have the same members."""

    queryset = Network.objects.public()
    filterset_class = filters.NetworkFilterSet
    template_name = "registry/overlap.html"
    title, noun = "Overlap of networks", ("network", "networks")
    intro = (
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

    def page_of(self, filterset: RegistryFilterSet) -> Page:
        """The largest networks, compared by the members that the filters ask about; there is one page."""
        if not filterset.is_valid():
            return Page()
        if (filterset.asked.get("page") or 1) > 1:
            filterset.form.add_error("page", ValidationError("There is no other page: the largest are compared."))
            return Page()
        networks = filterset.qs.order_by().values("pk")
        members = filterset.memberships().filter(network__in=networks)  # type: ignore[attr-defined]
        self.found = found = overlaps(members)
        return Page(1, MOST_NETWORKS, found.total, False, False, found.rows)
