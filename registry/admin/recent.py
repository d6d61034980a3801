"""The cities that an account used most recently, from the history of its changes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import F, QuerySet
from pghistory.models import Context

from registry.models import City, CityLink, CityOffice, Membership, Network, PolicyParty

# The event tables that name a city, and the column that does.
USES: list[tuple[Any, str]] = [
    (Membership, "city"),
    (PolicyParty, "city"),
    (CityOffice, "city"),
    (CityLink, "city"),
    (CityLink, "other"),
    (Network, "secretariat"),
    (City, "pgh_obj"),
]
CHANGES = 50
MOST = 10
# A change may be a list of ten thousand members.
READ = 1000


def recent_cities(by: User) -> list[int]:
    """Keys of the ten cities in the last changes of an account, the latest first, by two queries.

    Only the last 50 changes are looked at, which an index of the history finds. They are named to
    the second query: of a subquery the planner expects so much that it reads whole tables.
    """
    changes = (
        Context.objects.filter(metadata__user=by.pk).order_by("-created_at").values_list("pk", flat=True)
    )
    place = {change: number for number, change in enumerate(changes[:CHANGES])}
    if not place:
        return []
    parts = [_used(model, column, list(place)) for model, column in USES]
    used = sorted(parts[0].union(*parts[1:], all=True), key=lambda row: (place[row[1]], row[0]))
    return list(dict.fromkeys(city for city, _ in used))[:MOST]


def _used(model: Any, column: str, changes: list[Any]) -> QuerySet:
    events = model.pgh_event_model.objects.filter(pgh_context__in=changes, **{f"{column}__isnull": False})
    kept = events.exclude(pgh_label="delete").order_by()
    return kept.values_list(F(f"{column}_id"), F("pgh_context_id"))[:READ]
