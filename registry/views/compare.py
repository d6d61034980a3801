"""Cities or networks side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.views.generic import TemplateView

from registry.collaboration import compare
from registry.exchange.columns import COMPARISON
from registry.exchange.formats import Format, of_references, of_rows
from registry.filters.compare import CompareFilterSet
from registry.models import City
from registry.views.controls import Controls
from registry.views.exports import answer, problems_of, refusal

# The listing of each aspect, and its parameter for one of those compared.
LISTINGS = {
    "city": {
        "issues": "issue-list",
        "networks": "network-list",
        "policies": "policy-list",
        "partners": "collaborations",
    },
    "network": {"members": "city-list", "issues": "issue-list", "policies": "policy-list"},
}
DETAILS = {
    "issues": "issue-detail",
    "networks": "network-detail",
    "policies": "policy-detail",
    "partners": "city-detail",
    "members": "city-detail",
}


@dataclass(frozen=True)
class Section:
    """An aspect as the page shows it: where its records and its listing are."""

    aspect: compare.Aspect
    listing: str
    detail: str


class CompareView(TemplateView):
    """Two to five cities or networks: what they share and what each has alone, as tables."""

    template_name = "registry/compare.html"
    formats: ClassVar[list[Format]] = of_rows(COMPARISON.name)
    references: ClassVar[list[Format]] = of_references(COMPARISON.name)

    def get(  # type: ignore[override]  # a file is streamed
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answer with the comparison, or with the form and what is wrong or missing."""
        filterset = CompareFilterSet(request.GET, queryset=City.objects.none(), request=request)
        valid = filterset.is_valid()
        if any(text.strip() for text in request.GET.getlist("format")):
            return self.file(filterset)
        query = filterset.canonical()
        path = request.build_absolute_uri(request.path)
        context = {
            "view": self,
            "filters": Controls(filterset, query, 0),
            "query": query,
            "canonical": f"{path}?{query.urlencode()}" if query else path,
        }
        if valid and filterset.asked:
            ((kind, sides),) = filterset.asked.items()
            context |= comparison(kind, sides)
        return self.render_to_response(context)

    def file(self, filterset: CompareFilterSet) -> HttpResponseBase:
        """Every record of the comparison as a file; 400 where a parameter is wrong or nothing is compared."""
        problems = problems_of(filterset, self.request)
        cities, networks = ([] if problems else filterset.asked.get(name, []) for name in ("city", "network"))
        if not problems and not cities and not networks:
            problems = [gettext("city, network: choose two to five of one kind.")]
        if problems:
            return refusal(problems)
        aspects = (
            compare.compare_cities(cities, whole=True)
            if cities
            else compare.compare_networks(networks, whole=True)
        )
        return answer(COMPARISON, compare.compared(cities or networks, aspects), filterset, self.request)


def comparison(kind: str, sides: list[Any]) -> dict[str, Any]:
    """What the page shows of these cities or networks."""
    aspects = compare.compare_cities(sides) if kind == "city" else compare.compare_networks(sides)
    listings = LISTINGS[kind]
    return {
        "kind": kind,
        "sides": sides,
        "sections": [Section(one, listings[one.key], DETAILS[one.key]) for one in aspects],
        "pairs": compare.pairs(sides, aspects),
        "offices": compare.offices_by_kind(sides) if kind == "city" else [],
        "countries": compare.members_by_country(sides) if kind == "network" else [],
    }
