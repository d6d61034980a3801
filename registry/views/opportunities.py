"""Who could work with whom: gaps of a city or on an issue, and policies that a city could take up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from registry import filters
from registry.collaboration.gaps import MOST_PAIRED, Gaps
from registry.collaboration.opportunities import read
from registry.exchange.columns import Column
from registry.exchange.graphs import Graph, of_pairs
from registry.filters.base import RegistryFilterSet
from registry.models import City, Issue, JointPolicy, LiveParty
from registry.views.measures import Computed, Known

STARTS = 12


class QuestionView(Computed):
    """What the pages of opportunities share: the cities they are asked for, and where to start."""

    queryset = City.objects.public()
    template_name = "registry/opportunities.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With where to start where nothing is asked for yet."""
        context = super().get_context_data(**kwargs)
        filterset = context["filterset"]
        if filterset.is_valid() and not filterset.answerable:
            context |= {"starting_cities": busiest_cities(), "starting_issues": busiest_issues()}
        return {**context, "uncounted": not filterset.is_valid() or not filterset.answerable}


class OpportunityList(QuestionView):
    """Two cities that are active on the same issue without a tie on it, the likeliest first."""

    filterset_class: Any = filters.OpportunityFilterSet
    noun = ngettext_lazy("opportunity", "opportunities")
    intro = _(
        "Cities that work on the same issue and are not yet partners on it, and what they have in common."
    )
    most_paired = MOST_PAIRED

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With how many gaps there are in all, and how many cities were not paired."""
        context = super().get_context_data(**kwargs)
        filterset = context["filterset"]
        gaps = filterset.gaps if filterset.is_valid() else Gaps([])
        return {**context, "total": gaps.total, "left_out": gaps.left_out}

    def columns(self, filterset: RegistryFilterSet) -> list[Column]:
        """The columns of the table; of one city's own opportunities without that city."""
        columns = super().columns(filterset)
        one = len(filterset.asked.get("city", ())) == 1 and not filterset.columns_asked
        return columns[1:] if one else columns

    def ordered(self, filterset: Any) -> Any:
        """The gaps asked for, unread."""
        return Known(filterset.gaps.rows)

    def graph(self, filterset: Any, columns: list[Column], rows: Callable[[], Iterable[Any]]) -> Graph:
        """The cities; an edge for each row, as heavy as it has issues."""
        return of_pairs("opportunities", rows, columns, lambda row: len(row.issues))

    def read(self, keys: list[Any], filterset: RegistryFilterSet, columns: list[Column]) -> list[Any]:
        """These gaps with their cities, issues and reasons."""
        return read(keys)


class TakeUpList(QuestionView):
    """Joint policies of likely partners."""

    filterset_class: Any = filters.TakeUpFilterSet
    noun = ngettext_lazy("joint policy", "joint policies")
    intro = _("Joint policies of likely partners, on the city's own issues, that the city is no party to.")

    def ordered(self, filterset: Any) -> Any:
        """The policies asked for."""
        return Known(filterset.offers)


def busiest_cities() -> list[City]:
    """The cities with most joint policies."""
    counted = LiveParty.objects.values("city").annotate(number=Count("policy", distinct=True))
    keys = [row["city"] for row in counted.order_by("-number", "city")[:STARTS]]
    found = City.objects.public().select_related("country").in_bulk(keys)
    return [found[key] for key in keys if key in found]


def busiest_issues() -> list[Issue]:
    """The issues with most joint policies on them."""
    links = JointPolicy.objects.public().filter(issues__isnull=False).values("issues")
    counted = links.annotate(number=Count("pk")).order_by("-number", "issues")
    keys = [row["issues"] for row in counted[:STARTS]]
    found = Issue.objects.in_bulk(keys)
    return [found[key] for key in keys if key in found]
