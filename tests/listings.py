"""The rows that each listing is asked for, and what must be asked for before some have any."""

from __future__ import annotations

from typing import Any

from registry.api.question import MOST_EMBEDS
from registry.api.resources import RESOURCES
from registry.models import (
    City,
    CityOffice,
    Dataset,
    DirectTie,
    Issue,
    JointPolicy,
    Membership,
    Network,
    Organisation,
    PolicyExperiment,
    Report,
)

RECORDS: dict[str, Any] = {
    "cities": City.objects.for_listing,
    "networks": Network.objects.for_listing,
    "memberships": Membership.objects.for_listing,
    "policies": JointPolicy.objects.for_listing,
    "experiments": PolicyExperiment.objects.for_listing,
    "offices": CityOffice.objects.for_listing,
    "issues": Issue.objects.for_listing,
    "reports": Report.objects.for_listing,
    "organisations": Organisation.objects.for_listing,
    "datasets": Dataset.objects.for_listing,
    "collaborations": DirectTie.objects.all,
    "collaborations/measures": DirectTie.objects.all,
    "collaborations/overlap": Network.objects.public,
    "opportunities": City.objects.public,
    "opportunities/policies": City.objects.public,
}
# What must be asked for before these have rows.
NEEDED = {"opportunities": "issue", "opportunities/policies": "city"}


def embeds_of(name: str) -> list[str]:
    """All that can be embedded, as many in one value as are allowed."""
    names = [*RESOURCES[name].embeds]
    return [",".join(names[start : start + MOST_EMBEDS]) for start in range(0, len(names), MOST_EMBEDS)]
