"""Cities or networks side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.generic import TemplateView

from registry.collaboration import compare
from registry.filters.compare import CompareFilterSet
from registry.models import City
from registry.views.controls import Controls

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

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer with the comparison, or with the form and what is wrong or missing."""
        filterset = CompareFilterSet(request.GET, queryset=City.objects.none(), request=request)
        valid = filterset.is_valid()
        query = filterset.canonical()
        path = request.build_absolute_uri(request.path)
        context = {
            "filters": Controls(filterset, query, 0),
            "query": query,
            "canonical": f"{path}?{query.urlencode()}" if query else path,
        }
        if valid and filterset.asked:
            ((kind, sides),) = filterset.asked.items()
            context |= comparison(kind, sides)
        return self.render_to_response(context)


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
