"""The cities that an account used most recently, from the history of its changes."""

from __future__ import annotations

from itertools import chain
from typing import Any

from django.contrib.auth.models import User
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
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


def recent_cities(by: User) -> list[int]:
    """Keys of the ten cities in the last changes of an account, the latest first, by one query.

    Only the last 50 changes are looked at, which an index of the history finds, and ten cities of
    each: a change may be a list of ten thousand members.
    """
    used = {f"used_{number}": ArraySubquery(_used(*use)) for number, use in enumerate(USES)}
    changes = Context.objects.filter(metadata__user=by.pk).annotate(**used).order_by("-created_at")
    keys = chain.from_iterable(chain.from_iterable(changes.values_list(*used)[:CHANGES]))
    return list(dict.fromkeys(keys))[:MOST]


def _used(model: Any, column: str) -> Any:
    events = model.pgh_event_model.objects.filter(pgh_context=OuterRef("pk"), **{f"{column}__isnull": False})
    return events.exclude(pgh_label="delete").order_by("-pgh_id").values(key=F(f"{column}_id"))[:MOST]
