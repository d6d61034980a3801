"""What is fetched with offices: who heads them, whom they work with, what they carry."""

from __future__ import annotations

from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, F, Prefetch

from registry.models import OfficeHolder, OfficeLink, PolicyParty
from registry.models.dates import over


def is_over(day: date | None = None) -> ExpressionWrapper:
    """Whether the period of a row is known to have ended before a day, by default today."""
    return ExpressionWrapper(over(day), BooleanField())


def heads(day: date | None = None) -> list[Prefetch]:
    """Who heads an office on a day, as far as is not known to be over, the latest first: `heads`."""
    holders = OfficeHolder.objects.public().exclude(over(day))
    latest = holders.order_by(F("since").desc(nulls_last=True), "person_name", "pk")
    return [Prefetch("holders", latest, to_attr="heads")]


def work(day: date | None = None) -> list[Prefetch]:
    """The links of an office from both sides, for `CityOffice.work`; each says whether it `is_over`."""
    links = OfficeLink.objects.public().select_related("office", "other", "issue")
    rows = links.annotate(is_over=is_over(day)).order_by("office__name", "other__name", "pk")
    return [
        Prefetch("links", rows, to_attr="links_made"),
        Prefetch("linked_from", rows, to_attr="links_taken"),
    ]


def carried() -> list[Prefetch]:
    """The parts in joint policies that an office carries: `carried`."""
    parts = PolicyParty.objects.public().select_related("policy").order_by("policy__name", "pk")
    return [Prefetch("carries", parts, to_attr="carried")]
