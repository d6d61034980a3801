"""Memberships: one city in one network for one period."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, When

from registry.choices import Ended, IdentifierScheme, MembershipStatus, Tier
from registry.models.base import PublicQuerySet, PublicRecord
from registry.models.cities import City
from registry.models.constraints import FieldExclusion, FieldUnique, one_of
from registry.models.dates import Certain, Claimed, Dated, over
from registry.models.history import tracked
from registry.models.networks import Network
from registry.models.taking_part import PRESENT, part_triggers

# A source that shows that a city has left does not show it there.
SEEN_THERE = Case(When(status=MembershipStatus.LEFT, then=None), default=F("observed_on"))
EXCLUSIVE = (MembershipStatus.APPLICANT, MembershipStatus.MEMBER, MembershipStatus.LEFT)


def is_now(day: date | None = None) -> Q:
    """That a row says the city is a member, and its period is not known to be over by today, or a day."""
    return Q(status=MembershipStatus.MEMBER) & ~over(day)


class MembershipQuerySet(PublicQuerySet):
    """Questions about memberships."""

    def for_listing(self) -> MembershipQuerySet:
        """Public memberships as the listing shows them."""
        return self.public().select_related("city__country", "network").order_by("city__name", "pk")

    def present(self) -> MembershipQuerySet:
        """Rows that say the city is or was a member, as against applied, never or unknown."""
        return self.filter(status__in=PRESENT)

    def now(self, day: date | None = None) -> MembershipQuerySet:
        """Rows of members now, or on a day: `is_now`."""
        return self.filter(is_now(day))

    def for_wikidata(self) -> MembershipQuerySet:
        """Those that Wikidata can be told of: both ends have an item there and a source has an address.

        Left out are those that are known to be over with no date of their end, which Wikidata would take for
        going on, and cities with several periods in a network, which its tools would make one of.
        """
        from registry.models.identifiers import Identifier
        from registry.models.sources import Citation

        items = Identifier.objects.filter(network=OuterRef("network"), scheme=IdentifierScheme.WIKIDATA)
        cited = Citation.objects.filter(membership=OuterRef("pk")).exclude(source__url="")
        # Grouped, not looked for row by row: the planner, which expects next to none, took minutes.
        periods = Membership.objects.public(known="city").present().order_by().values("city", "network")
        alone = periods.annotate(number=Count("pk"), only=Min("pk")).filter(number=1).values("only")
        going_on = Q(status=MembershipStatus.MEMBER) & ~Q(ended=Ended.ENDED)
        return self.filter(
            Q(until__isnull=False) | going_on,
            Exists(items),
            Exists(cited),
            pk__in=alone,
            status__in=PRESENT,
            city__wikidata_id__isnull=False,
        )


@tracked
class Membership(PublicRecord, Dated):
    """One city in one network for one period; true while `status` says so and the dates allow.

    `observed_on` holds the date of a source that only shows the membership (a snapshot is not a
    start date); of a city that left, the date at which a source shows that it had.
    """

    public_ends = ("city", "network")

    # Foreign keys of large tables have no index of their own where another begins with them.
    city = models.ForeignKey(City, models.CASCADE, related_name="memberships", db_index=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="memberships", db_index=False)
    status = models.CharField(
        max_length=9,
        choices=MembershipStatus,
        default=MembershipStatus.MEMBER,
        db_default=MembershipStatus.MEMBER,
    )
    tier = models.CharField(
        max_length=10,
        choices=Tier,
        blank=True,
        db_default="",
        help_text="Empty if unknown.",
    )
    founding = models.BooleanField("founding member", default=False, db_default=False)
    hosting = models.BooleanField("hosts the network", default=False, db_default=False)
    role = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        help_text="In the source's own words.",
    )

    certain = models.GeneratedField(
        expression=Certain(F("since"), F("until"), F("ended"), SEEN_THERE),
        output_field=DateRangeField(),
        db_persist=True,
    )

    objects: ClassVar[models.Manager[Any]] = MembershipQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        ordering = ["city__name", "pk"]
        constraints = [
            *PublicRecord.Meta.constraints,
            *Dated.Meta.constraints,
            one_of("status", MembershipStatus, "Choose one of the statuses."),
            one_of("tier", Tier, "Choose observer, full or privileged, or leave it empty.", or_empty=True),
            FieldExclusion(
                name="registry_membership_no_overlap",
                expressions=[
                    ("city", "="),
                    ("network", "="),
                    (
                        Claimed(F("since"), F("until"), F("ended"), F("observed_on")),
                        "&&",
                    ),
                ],
                condition=Q(status__in=EXCLUSIVE, since__isnull=False),
                field="since",
                violation_error_message=(
                    "This city has another membership of this network in that period. End that one first, "
                    "or say there that it ended."
                ),
            ),
            FieldUnique(
                fields=["network", "city", "status", "until", "observed_on"],
                condition=Q(since__isnull=True),
                nulls_distinct=False,
                name="registry_membership_undated_unique",
                field="city",
                violation_error_message="This membership is recorded already.",
            ),
        ]
        indexes = [
            *PublicRecord.Meta.indexes,
            *Dated.Meta.indexes,
            # With what decides whether a row counts: members are counted without reading them.
            *(
                models.Index(
                    fields=ends, include=["status", "tier", "publication"], name=f"membership_of_{ends[0]}"
                )
                for ends in (["network", "city"], ["city", "network"])
            ),
            models.Index(fields=["since", "id"], name="membership_since"),
        ]
        triggers = [*PublicRecord.Meta.triggers, *part_triggers("network_id", "status", "tier")]

    def __str__(self) -> str:
        return f"{self.city} in {self.network}"
