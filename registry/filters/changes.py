"""Parameters of the listing of changes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.choices import ChangeDone
from registry.exchange.changes import KINDS, Asked, Place, all_changes, newest_changes
from registry.exchange.columns import CHANGES
from registry.filters.base import Columns, Parameter, RegistryFilterSet
from registry.filters.fields import ChoicesField, CitiesField, NetworksField, PoliciesField
from registry.models.dates import PartialDateFormField, date_range, start_of

ENDS = ("city", "network", "policy")


class ChangeFilterSet(RegistryFilterSet):
    """What changed in the published registry, the newest first.

    `since` and `until` are days, months or years in which the registry was changed, in UTC.
    """

    # Older ones by `until`, or in a file.
    reachable = 1_000

    q = None  # type: ignore[assignment]
    kind = Parameter(ChoicesField, label=_("Kind"), choices=[(one.name, one.words) for one in KINDS.values()])
    done = Parameter(ChoicesField, label=_("What happened"), choices=ChangeDone)
    city = Parameter(CitiesField, label=_("City"))
    network = Parameter(NetworksField, label=_("Network"))
    policy = Parameter(PoliciesField, label=_("Joint policy"))
    since = Parameter(PartialDateFormField, label=_("Changed from"))
    until = Parameter(PartialDateFormField, label=_("Changed to"))
    columns = Columns(CHANGES)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """All changes asked for that pages reach."""
        return self.newest(self.reachable)

    def newest(self, most: int, after: Place | None = None) -> QuerySet:
        """The newest changes asked for, beyond this place; none where a parameter is wrong."""
        return newest_changes(self._question(after), most) if self.is_valid() else self.queryset.none()

    def every(self, at_once: int) -> Iterator[dict[str, Any]]:
        """Every change asked for, the newest first; none where a parameter is wrong."""
        return all_changes(self._question(), at_once) if self.is_valid() else iter(())

    def _question(self, after: Place | None = None) -> Asked:
        asked = self.asked
        period = date_range(asked.get("since"), asked.get("until"))
        return Asked(
            kinds=asked.get("kind", []),
            done=asked.get("done", []),
            ends={end: [one.pk for one in asked[end]] for end in ENDS if end in asked},
            since=start_of(period.lower) if period and period.lower else None,
            before=start_of(period.upper) if period and period.upper else None,
            after=after,
        )
