"""Filters of the page of a city's offices."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.choices import Charge
from registry.exchange.columns import ISSUES_OF_CITY
from registry.filters.base import Columns, Parameter, subtree
from registry.filters.fields import ChoicesField, IssuesField
from registry.filters.recorded import RecordedFilterSet


class WithinFilterSet(RecordedFilterSet):
    """The issues of one city, by the offices that are charged with them, today or as recorded earlier."""

    charge = Parameter(ChoicesField, label=_("Office in charge"), choices=Charge)
    issue = Parameter(IssuesField, label=_("Within the issue"))
    columns = Columns(ISSUES_OF_CITY)
    dated_news = False

    def narrow(self, queryset: QuerySet) -> QuerySet:
        """Issues with every word of `q` in their names, within one of those asked for."""
        queryset = self.search(queryset)
        return queryset.filter(pk__in=subtree(self.asked["issue"])) if "issue" in self.asked else queryset

    def rows(self, found: list[Any]) -> list[Any]:
        """Those of the computed rows that are asked for; none is left where a parameter is wrong."""
        keys = set(self.qs.order_by().values_list("pk", flat=True))
        charges = self.asked.get("charge", Charge.values)
        return [row for row in found if row.issue.pk in keys and row.charge in charges]
