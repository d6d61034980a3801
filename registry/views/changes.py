"""What changed in the published registry, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from registry import filters
from registry.choices import ChangeDone
from registry.exchange.changes import Change, read_changes
from registry.exchange.columns import Column
from registry.exchange.news import News
from registry.models import City
from registry.views.listings import RegistryListView
from registry.views.pages import Page


@dataclass(frozen=True)
class Every:
    """All changes asked for, given out as a queryset gives out its rows."""

    filterset: filters.ChangeFilterSet

    def iterator(self, chunk_size: int) -> Iterator[dict[str, Any]]:
        """Each in turn: no more of a kind are asked for at a time."""
        return self.filterset.every(chunk_size)


class ChangeList(RegistryListView):
    """Changes by the history of every kind of record; read from the newest, never counted in all."""

    queryset = City.objects.none()
    filterset_class: Any = filters.ChangeFilterSet
    template_name = "registry/changes.html"
    noun = ngettext_lazy("change", "changes")
    intro = _("What was published, changed or removed in the registry, the newest first.")

    def page_of(self, filterset: Any, columns: list[Column]) -> Page:
        """The page asked for, found without reading beyond it."""
        if not filterset.is_valid():
            return Page()
        number, size = (filterset.asked.get(name) for name in ("page", "page_size"))
        number, size = number or 1, size or self.page_size
        end, reachable = number * size, filterset.reachable
        if end > reachable:
            words = gettext("Changes can be read to number %(last)s: ask for older ones by “Changed to”.")
            message = words % {"last": number_format(reachable, force_grouping=True)}
            filterset.form.add_error("page", ValidationError(message))
            return Page()
        found = list(filterset.newest(end + 1))
        if number > 1 and len(found) <= end - size:
            words = gettext("There is no page %(number)s: the rows end before it.")
            message = words % {"number": number_format(number, force_grouping=True)}
            filterset.form.add_error("page", ValidationError(message))
            return Page()
        rows = read_changes(found[end - size : end])
        more = len(found) > end
        return Page(number, size, min(len(found), end), more, more and end + size <= reachable, rows)

    def ordered(self, filterset: Any) -> Any:
        """Every change asked for, for a file."""
        return Every(filterset)

    def keys(self, rows: Any) -> Any:
        """The changes as they were recorded."""
        return rows

    def read(self, keys: list[Any], filterset: Any, columns: list[Column]) -> list[Change]:
        """The same in words."""
        return read_changes(keys)

    def news(self, filterset: Any, most: int) -> list[tuple[Change, News]]:
        """The newest changes; a change itself never changes."""
        return [(row, News(0, row.at, row.at)) for row in read_changes(filterset.newest(most))]

    def entry(self, row: Change) -> tuple[str, str, str]:
        """A feed's entry for a change: it leads to the record, or to the changes of that day."""
        title = f"{row.words}, {str(ChangeDone(row.done).label).lower()}: {row.name}"
        address = row.address or f"{self.request.path}?since={row.day}&until={row.day}"
        return str(uuid5(NAMESPACE_URL, f"changes/{row.pid}")), title, address
