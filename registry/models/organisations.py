"""Partners that are not cities, and their part in joint policies and networks."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F

from registry.choices import OrganisationKind
from registry.models.aliases import address_triggers
from registry.models.base import Named, PublicQuerySet, PublicRecord, count_rows, search_indexes
from registry.models.constraints import FieldUnique, exactly_one, one_of
from registry.models.countries import Country
from registry.models.dates import Dated
from registry.models.history import tracked
from registry.models.networks import Network
from registry.models.policies import JointPolicy
from registry.models.words import word_triggers


class OrganisationQuerySet(PublicQuerySet):
    """Questions about organisations."""

    def for_listing(self) -> OrganisationQuerySet:
        """Public organisations as the listing shows them."""
        return self.public().select_related("country").order_by("name", "pk")

    def with_counts(self) -> OrganisationQuerySet:
        """Adds the numbers of joint policies and networks it has a public part in."""
        parts = Partnership.objects.public()
        return self.annotate(
            policy_count=count_rows(parts, "organisation", "policy"),
            network_count=count_rows(parts, "organisation", "network"),
        )


@tracked
class Organisation(Named, PublicRecord):
    """A partner that is not a city: university, company, foundation, government…"""

    url_name = "organisation-detail"

    kind = models.CharField(max_length=19, choices=OrganisationKind)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="organisations")
    website = models.URLField(blank=True, db_default="")
    description = models.TextField(blank=True, db_default="")

    objects: ClassVar[models.Manager[Any]] = OrganisationQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *Named.Meta.constraints,
            *PublicRecord.Meta.constraints,
            one_of("kind", OrganisationKind, "Choose one of the kinds of organisation."),
        ]
        indexes = [
            *PublicRecord.Meta.indexes,
            GinIndex(OpClass(F("folded"), "gin_trgm_ops"), name="organisation_trigrams"),
            *search_indexes("organisation"),
        ]
        triggers = [*PublicRecord.Meta.triggers, *address_triggers("organisation"), *word_triggers()]


@tracked
class Partnership(PublicRecord, Dated):
    """An organisation's part in one joint policy or in one network."""

    public_ends = ("organisation",)
    public_ends_if_any = ("policy", "network")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="partnerships")
    policy = models.ForeignKey(
        JointPolicy, models.CASCADE, null=True, blank=True, related_name="partnerships"
    )
    network = models.ForeignKey(Network, models.CASCADE, null=True, blank=True, related_name="partnerships")
    role = models.CharField(max_length=200, blank=True, db_default="", help_text="Funder, insurer, adviser…")

    class Meta(PublicRecord.Meta):
        ordering = ["organisation__name", "pk"]
        constraints = [
            *PublicRecord.Meta.constraints,
            *Dated.Meta.constraints,
            exactly_one(["policy", "network"], "Choose either a joint policy or a network."),
            FieldUnique(
                fields=["organisation", "policy", "network", "role", "since"],
                nulls_distinct=False,
                name="registry_partnership_unique",
                field="organisation",
                violation_error_message="This organisation has that part already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.role or 'partner'} of {self.policy or self.network}"
