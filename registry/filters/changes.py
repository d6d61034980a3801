"""Parameters of the listing of changes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from registry.choices import ChangeDone
from registry.exchange.changes import KINDS, Asked, Place, newest_changes
from registry.exchange.columns import CHANGES
from registry.filters.base import Columns, Parameter, RegistryFilterSet
from registry.filters.fields import ChoicesField, CitiesField, NetworksField, PoliciesField
from registry.models.dates import PartialDateFormField, date_range, start_of

# Changes that the listing reaches; older ones by `until`.
REACHABLE = 1_000
ENDS = ("city", "network", "policy")


class ChangeFilterSet(RegistryFilterSet):
    """What changed in the published registry, the newest first.

    `since` and `until` are days, months or years in which the registry was changed, in UTC.
    """

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
        """All changes asked for that are within reach."""
        return self.newest(REACHABLE)

    def newest(self, most: int, after: Place | None = None) -> QuerySet:
        """The newest changes asked for, beyond this place; none where a parameter is wrong."""
        if not self.is_valid():
            return self.queryset.none()
        asked = self.asked
        period = date_range(asked.get("since"), asked.get("until"))
        return newest_changes(
            Asked(
                kinds=asked.get("kind", []),
                done=asked.get("done", []),
                ends={end: [one.pk for one in asked[end]] for end in ENDS if end in asked},
                since=start_of(period.lower) if period and period.lower else None,
                before=start_of(period.upper) if period and period.upper else None,
                after=after,
            ),
            most,
        )
