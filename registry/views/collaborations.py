"""Who works with whom on what: the table of direct ties."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from registry import filters
from registry.collaboration.direct import collaborations, read
from registry.filters.base import RegistryFilterSet
from registry.models import DirectTie
from registry.views.listings import RegistryListView


class CollaborationList(RegistryListView):
    """Direct ties, brought together by cities and issue."""

    queryset = DirectTie.objects.all()
    filterset_class = filters.CollaborationFilterSet
    template_name = "registry/collaborations.html"
    title, noun = "Collaborations", ("collaboration", "collaborations")
    intro = (
        "Two cities collaborate on an issue when both are parties, at the same time, to a published joint "
        "policy on it."
    )

    def ordered(self, filterset: RegistryFilterSet) -> QuerySet:
        """Groups of ties; those of one city by the name of the other."""
        asked = filterset.asked
        (order, *_) = asked.get("order", ["cities"])
        return collaborations(filterset.qs, order, self.own(filterset))

    def counted(self, filterset: RegistryFilterSet) -> QuerySet:
        """Groups of ties in the order of the index that groups them."""
        return collaborations(filterset.qs)

    def read(self, rows: QuerySet, filterset: RegistryFilterSet) -> list[Any]:
        """The groups of a slice with their cities, issue and joint policies."""
        return read(rows, filterset.qs, self.own(filterset))

    @staticmethod
    def own(filterset: RegistryFilterSet) -> Any:
        """The cities whose collaborations are asked for."""
        return filterset.asked.get("city", ())
