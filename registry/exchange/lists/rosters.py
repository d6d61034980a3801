"""The two kinds of lists: of a network's members, and of a joint policy's parties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

from registry.choices import Ended, MembershipStatus, PartyRole
from registry.exchange.lists.given import Said, read_member, read_party
from registry.models import ListImport, Membership, PolicyParty
from registry.models.claims import claims_at_once, condition_holds
from registry.models.dates import date_bounds


@dataclass(frozen=True)
class Roster:
    """How the cities of one kind of whole are recorded.

    `whole` names the foreign key to the network or policy, `cited_as` that of a citation to the recorded
    part; `usual` is what a row means that says nothing of it.
    """

    model: type[Any]
    whole: str
    cited_as: str
    usual: dict[str, str]
    read: Callable[[Any], Said]

    def recorded(self, target: Any) -> dict[int, list[Any]]:
        """The parts recorded, by the key of their city: one query."""
        found = defaultdict(list)
        for row in self.model.objects.filter(**{self.whole: target}).order_by("pk"):
            found[row.city_id].append(row)
        return found

    def new(self, target: Any, city_id: int | None, values: dict[str, Any]) -> Any:
        """An unsaved part of a city with these values."""
        return self.model(**{f"{self.whole}_id": target.pk, "city_id": city_id, **self.usual, **values})

    def refusal(self, row: Any, others: list[Any]) -> str:
        """What the database would say to this part beside the others of its city; empty if nothing."""
        if row.since and row.until and date_bounds(row.since)[0] >= date_bounds(row.until)[1]:
            return "The end lies before the start."
        for constraint in self.model._meta.constraints:
            if any(_meet(constraint, row, other) for other in others):
                return str(constraint.get_violation_error_message())
        return ""


def _meet(constraint: models.BaseConstraint, row: Any, other: Any) -> bool:
    """Whether two parts of one city in one whole break a constraint on pairs of rows."""
    if isinstance(constraint, ExclusionConstraint):
        mine, its = (claims_at_once(constraint, one, "") for one in (row, other))
        return bool(mine and its and mine.meets(its))
    if isinstance(constraint, models.UniqueConstraint) and "city" in constraint.fields:
        condition = constraint.condition or models.Q()
        keys = [name for name in constraint.fields if name not in ("city", "network")]
        held = condition_holds(condition, row) and condition_holds(condition, other)
        return held and all(_same(row, other, key) for key in keys)
    return False


def _same(row: Any, other: Any, name: str) -> bool:
    return (getattr(row, name) or None) == (getattr(other, name) or None)


MEMBERS = Roster(
    Membership,
    "network",
    "membership",
    {"status": MembershipStatus.MEMBER.value, "tier": "", "role": ""},
    read_member,
)
PARTIES = Roster(PolicyParty, "policy", "party", {"role": PartyRole.PARTNER.value}, read_party)


def roster_of(listing: ListImport) -> Roster:
    """How the cities of the list are recorded."""
    return MEMBERS if listing.network_id else PARTIES


def is_over(row: Any, day: str | None) -> bool:
    """Whether a recorded part is over: said to be, or ended before the day (partial; today if none)."""
    if getattr(row, "status", "") == MembershipStatus.LEFT or (row.ended == Ended.ENDED and not row.until):
        return True
    return bool(row.until and day and date_bounds(row.until)[1] <= date_bounds(day)[0])
