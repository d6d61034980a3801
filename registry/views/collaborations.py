"""Who works with whom on what: one question as a table, a matrix, a graph or a map."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Case, Min, QuerySet, Value, When
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from registry import filters
from registry.collaboration.branches import branches
from registry.collaboration.direct import KEYS, Collaboration, collaborations, read
from registry.collaboration.edges import MOST_DRAWN, edges
from registry.collaboration.matrix import Matrix, by_issue, city_by_city
from registry.exchange.columns import Column
from registry.exchange.graphs import Graph, of_pairs
from registry.exchange.news import News, newest
from registry.filters.base import RegistryFilterSet
from registry.filters.collaborations import MATRICES, VIEWS
from registry.models import DirectTie, JointPolicy
from registry.views.explorer import Cells, Choice, Picture, Slider
from registry.views.listings import RegistryListView
from registry.views.pages import Page

OF_ONE_VIEW = {"order": "table", "by": "matrix"}


class TieView(RegistryListView):
    """What the pages of ties share: the filters, and the year they look at."""

    queryset = DirectTie.objects.all()
    filterset_class: Any = filters.CollaborationFilterSet
    noun = ngettext_lazy("collaboration", "collaborations")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the form of the filters has to keep, and the slider."""
        context = super().get_context_data(**kwargs)
        query = context["query"]
        return {**context, "slider": Slider(query)}

    @staticmethod
    def own(filterset: RegistryFilterSet) -> Any:
        """The cities whose collaborations are asked for."""
        return filterset.asked.get("city", ())


class CollaborationList(TieView):
    """Ties, brought together by cities and issue; or counted, drawn or put on the map."""

    template_name = "registry/collaborations.html"
    intro = _(
        "Two cities collaborate on an issue when both are, at the same time, parties to a published joint "
        "policy on it, or members of a published network that works on it."
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what the view asked for shows."""
        context = super().get_context_data(**kwargs)
        filterset, query = context["filterset"], context["query"]
        shown_as = self.shown_as(filterset)
        context |= {
            "shown_as": shown_as,
            "views": self.choices(query, "view", VIEWS, shown_as),
            "uncounted": shown_as != "table",
        }
        if not filterset.is_valid():
            return context
        if shown_as == "matrix":
            by = filterset.asked.get("by", ["city-issue"])[0]
            return context | {
                "by": by,
                "matrices": self.choices(query, "by", MATRICES, by),
                "matrix": self.matrix(filterset, by),
                "ask": Cells(filterset, by),
            }
        if shown_as != "table":
            return context | {"picture": Picture(edges(filterset.qs, MOST_DRAWN))}
        return context

    @staticmethod
    def shown_as(filterset: RegistryFilterSet) -> str:
        """The first view asked for; a table where none is, or nothing is understood."""
        return filterset.asked.get("view", ["table"])[0] if filterset.is_valid() else "table"

    @staticmethod
    def choices(query: QueryDict, name: str, among: list[tuple[str, Any]], now: str) -> list[Choice]:
        """The values of a parameter of the page, as links that keep the question."""
        found = []
        for value, words in among:
            other = query.copy()
            for parameter in ("page", *(of for of, view in OF_ONE_VIEW.items() if name == "view" != view)):
                other.pop(parameter, None)
            other[name] = value
            if value == among[0][0]:
                del other[name]
            found.append(Choice(words, other, value == now))
        return found

    def page_of(self, filterset: RegistryFilterSet, columns: list[Column]) -> Page:
        """The page of the table; the other views have none."""
        if self.shown_as(filterset) == "table":
            return super().page_of(filterset, columns)
        return Page()

    def ordered(self, filterset: RegistryFilterSet) -> QuerySet:
        """Groups of ties; those of one city by the name of the other."""
        (order, *_) = filterset.asked.get("order", ["cities"])
        return collaborations(filterset.qs, order, self.own(filterset))

    def counted(self, filterset: RegistryFilterSet) -> QuerySet:
        """Groups of ties in the order of the index that groups them."""
        return collaborations(filterset.qs)

    def keys(self, rows: QuerySet) -> QuerySet:
        """The groups themselves."""
        return rows

    def read(self, keys: list[Any], filterset: RegistryFilterSet, columns: list[Column]) -> list[Any]:
        """These groups with their cities, issue, joint policies and networks."""
        return read(keys, filterset.qs, self.own(filterset))

    def news(self, filterset: RegistryFilterSet, most: int) -> list[tuple[Any, News]]:
        """Collaborations under the joint policies that were published last, each under its newest."""
        policies = JointPolicy.objects.public().filter(pk__in=filterset.qs.order_by().values("policy"))
        found = {news.key: news for news in newest(policies, most)}
        places = [When(policy=key, then=Value(place)) for place, key in enumerate(found)]
        ties = filterset.qs.filter(policy__in=found)
        if not found:
            return []
        groups = ties.order_by().values(*KEYS).annotate(place=Min(Case(*places)))
        rows = self.read(list(groups.order_by("place", *KEYS)[:most]), filterset, self.listing.usual)
        return [(row, _newest_of(row, found)) for row in rows]

    def graph(self, filterset: Any, columns: list[Column], rows: Callable[[], Iterable[Any]]) -> Graph:
        """The cities; an edge for each row, as heavy as it has joint policies and networks."""
        return of_pairs("collaborations", rows, columns, lambda row: len(row.policies) + len(row.networks))

    def entry(self, row: Collaboration) -> tuple[str, str, str]:
        """The two cities and the issue."""
        ends = (row.city_a, row.city_b, row.issue)
        key = uuid5(NAMESPACE_URL, "/".join(sorted(str(end.pid) for end in ends)))
        query = {"city": row.city_a.slug, "partner": row.city_b.slug, "issue": row.issue.slug}
        title = gettext("%(one)s and %(other)s on %(issue)s") % {
            "one": row.city_a,
            "other": row.city_b,
            "issue": row.issue,
        }
        return str(key), title, f"{reverse('collaborations')}?{urlencode(query)}"

    @staticmethod
    def matrix(filterset: RegistryFilterSet, by: str) -> Matrix:
        """The question counted; where cities are asked for, by their partners."""
        asked = filterset.asked
        if by == "city-city":
            return city_by_city(filterset.qs)
        branch_of = branches(asked.get("issue"))
        if by == "country-issue":
            countries = [country.pk for country in asked.get("country", ())]
            return by_issue(filterset.qs, branch_of, countries=countries)
        city, partner = ([one.pk for one in asked.get(name, ())] for name in ("city", "partner"))
        return by_issue(filterset.qs, branch_of, heads=partner if city else None, opposite=city or partner)


def _newest_of(row: Collaboration, found: dict[int, News]) -> News:
    """When the newest joint policy of a row was published."""
    return max((found[one.pk] for one in row.policies if one.pk in found), key=lambda one: one.published)
