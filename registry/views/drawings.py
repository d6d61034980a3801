"""What the scripts that draw graphs and maps fetch: cities and ties, by the questions of the pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.views import View

from registry.collaboration.branches import branches
from registry.collaboration.drawing import drawing
from registry.collaboration.edges import MOST_DRAWN, edges
from registry.collaboration.within import within
from registry.collaboration.within_drawing import diagram
from registry.filters import CollaborationFilterSet
from registry.models import DirectTie
from registry.views.details.base import public_city

NEIGHBOURS = 40


class CollaborationDrawing(View):
    """The graph or map of a question at `/collaborations/`; 400 where it is not understood."""

    def get(self, request: HttpRequest) -> JsonResponse:
        """Answer with cities, ties and the names of the colours."""
        filterset = CollaborationFilterSet(request.GET, queryset=DirectTie.objects.all(), request=request)
        if not filterset.is_valid():
            return JsonResponse({"problems": filterset.form.errors.get_json_data()}, status=400)
        asked = filterset.asked
        placed = asked.get("view", ["graph"])[0] != "map"
        found = edges(filterset.qs, MOST_DRAWN)
        return JsonResponse(drawing(found, branches(asked.get("issue")), placed=placed))


class CityDrawing(View):
    """A city, those it has most joint policies with, and the direct ties between all of them."""

    def get(self, request: HttpRequest, slug: str) -> JsonResponse:
        """Answer as for a question; 404 where no public city has the address."""
        city = public_city(slug)
        own = edges(DirectTie.objects.filter(Q(city_a=city) | Q(city_b=city)), NEIGHBOURS, NEIGHBOURS)
        around = [*own.degrees]
        among = edges(DirectTie.objects.filter(city_a__in=around, city_b__in=around), MOST_DRAWN)
        found: dict[str, Any] = drawing(among, branches(), placed=True)
        return JsonResponse(found | {"centre": city.slug})


class OfficesDrawing(View):
    """The diagram of the offices of a city."""

    def get(self, request: HttpRequest, slug: str) -> JsonResponse:
        """Answer with offices, issues, joint policies and what joins them; 404 where no city is there."""
        return JsonResponse(diagram(within(public_city(slug))).data())
