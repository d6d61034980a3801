"""Pages of long lists without counting the whole table."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property

MOST_COUNTED = 10_000


class CappedPaginator(Paginator):
    """Counts up to 10,000 rows and no further: nobody turns page after page beyond, and a count of
    a million rows costs more than the page itself."""

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        if not hasattr(rows, "order_by"):
            return len(rows)
        return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        """The number of rows that can be paged through."""
        return min(self._counted, MOST_COUNTED)

    @property
    def capped(self) -> bool:
        """Whether there are more rows than are counted."""
        return self._counted > MOST_COUNTED


class KeyedChangeList(ChangeList):
    """A list that finds the keys of its page first, then what the page shows of these rows.

    Joins and computed columns then cost fifty rows' worth, whatever is filtered and however large
    the tables are: PostgreSQL would else prepare them for the million rows that might have matched.
    """

    def get_results(self, request: HttpRequest) -> None:
        """Fill `result_list` with the rows of the page in their order."""
        super().get_results(request)
        keys = list(self.result_list.values_list("pk", flat=True))
        rows = self.apply_select_related(self.root_queryset.filter(pk__in=keys).order_by())
        found = {row.pk: row for row in rows}
        self.result_list = [found[key] for key in keys if key in found]
