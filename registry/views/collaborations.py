"""Who works with whom on what: the table of direct ties."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Case, Min, QuerySet, Value, When
from django.urls import reverse

from registry import filters
from registry.collaboration.direct import KEYS, Collaboration, collaborations, read
from registry.exchange.columns import Column
from registry.exchange.news import News, newest
from registry.filters.base import RegistryFilterSet
from registry.models import DirectTie, JointPolicy
from registry.views.listings import RegistryListView


class CollaborationList(RegistryListView):
    """Direct ties, brought together by cities and issue."""

    queryset = DirectTie.objects.all()
    filterset_class = filters.CollaborationFilterSet
    template_name = "registry/collaborations.html"
    noun = ("collaboration", "collaborations")
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

    def keys(self, rows: QuerySet) -> QuerySet:
        """The groups themselves."""
        return rows

    def read(self, keys: list[Any], filterset: RegistryFilterSet, columns: list[Column]) -> list[Any]:
        """These groups with their cities, issue and joint policies."""
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

    def entry(self, row: Collaboration) -> tuple[str, str, str]:
        """The two cities and the issue."""
        ends = (row.city_a, row.city_b, row.issue)
        key = uuid5(NAMESPACE_URL, "/".join(sorted(str(end.pid) for end in ends)))
        query = {"city": row.city_a.slug, "partner": row.city_b.slug, "issue": row.issue.slug}
        title = f"{row.city_a} and {row.city_b} on {row.issue}"
        return str(key), title, f"{reverse('collaborations')}?{urlencode(query)}"

    @staticmethod
    def own(filterset: RegistryFilterSet) -> Any:
        """The cities whose collaborations are asked for."""
        return filterset.asked.get("city", ())


def _newest_of(row: Collaboration, found: dict[int, News]) -> News:
    """When the newest joint policy of a row was published."""
    return max((found[one.pk] for one in row.policies if one.pk in found), key=lambda one: one.published)
