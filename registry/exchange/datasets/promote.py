"""From what a dataset says to draft memberships, through the lists that staff bring in by hand.

So what is there already is seen, what differs is proposed or waits for a decision, and a list can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, QuerySet

from registry.choices import Publication
from registry.exchange.lists.apply import Applied, apply_list
from registry.exchange.lists.imports import carry_over, open_list
from registry.exchange.lists.rows import Candidate, Decision, ListRow, Outcome
from registry.models import City, Dataset, ListImport, Membership, Network, ObservedMembership


@dataclass(frozen=True)
class Promoted:
    """What became of one network: what applying its list did, the list, and that of undecided rows."""

    network: Network
    applied: Applied
    listing: ListImport
    rest: ListImport | None


def networks_of(dataset: Dataset) -> list[tuple[Network, int]]:
    """The networks whose members the dataset names, each with their number."""
    said = (
        _members(dataset)
        .order_by()
        .values("network")
        .annotate(number=Count("observation__city", distinct=True))
    )
    numbers = dict(said.values_list("network", "number"))
    return [(one, numbers[one.pk]) for one in Network.objects.filter(pk__in=numbers).order_by("name")]


def promote(dataset: Dataset, networks: list[Network], *, by: User | None) -> list[Promoted]:
    """Draft memberships of all cities that the dataset has as members of these networks, in one transaction.

    Raises PermissionDenied for an account that may not add memberships.
    """
    with transaction.atomic():
        return [_promote_one(dataset, network, by) for network in networks]


def _members(dataset: Dataset) -> QuerySet:
    return ObservedMembership.objects.placed().filter(observation__dataset=dataset, member=True)


def _promote_one(dataset: Dataset, network: Network, by: User | None) -> Promoted:
    said = list(
        _members(dataset)
        .filter(network=network)
        .select_related("observation__city__country")
        .order_by("observation__city__name", "pk")
    )
    listing = ListImport(
        network=network,
        file_name=dataset.name[:255],
        source=dataset.source.url or dataset.source.title,
        observed_on=dataset.observed_on,
    )
    drafts = Membership.objects.filter(network=network, publication=Publication.DRAFT)
    before = set(drafts.values_list("pk", flat=True))
    open_list(listing, [_decision(number, one) for number, one in enumerate(said, start=1)], by=by)
    applied = apply_list(listing, by=by, publish=False)
    rest = carry_over(listing, by=by) if applied.waiting else None
    new = drafts.exclude(pk__in=before)
    # Lists have no column for these two.
    for name in ("founding", "hosting"):
        cities = {one.observation.city_id for one in said if getattr(one, name)}
        if cities:
            new.filter(city__in=cities).update(**{name: True})
    return Promoted(network, applied, listing, rest)


def _decision(number: int, said: ObservedMembership) -> Decision:
    """The row of a list that says the same; its city is known already."""
    cell = said.observation
    city = cast("City", cell.city)
    row = ListRow(
        number=number,
        name=city.name,
        country=city.country_id,
        since=said.since or "",
        until=said.until or "",
        status=said.tier,
    )
    reason = f"Row {cell.row_key} of the dataset."
    candidate = Candidate(
        city_id=city.pk,
        geonames_id=city.geonames_id,
        name=city.name,
        country=city.country_id,
        population=city.population,
        latitude=city.latitude,
        longitude=city.longitude,
        score=1.0,
        reason=reason,
    )
    return Decision(row, Outcome.MATCHED, 1.0, reason, (candidate,))
