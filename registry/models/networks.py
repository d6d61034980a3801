"""Networks of cities, their names and links, and the checks of their member lists."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F

from registry.choices import Ended, NameKind, NetworkLinkKind, Publication, Scope
from registry.models.aliases import address_triggers
from registry.models.base import Fold, PublicQuerySet, PublicRecord, count_rows, search_indexes
from registry.models.cities import City
from registry.models.constraints import FieldUnique, not_blank, not_itself, one_of
from registry.models.dates import (
    Certain,
    Dated,
    PartialDateField,
    Possible,
    date_constraints,
)
from registry.models.history import tracked, tracked_links
from registry.models.issues import Issue
from registry.models.names import LocallyNamed
from registry.models.taking_part import end_trigger, issue_triggers
from registry.models.words import word_triggers


class NetworkQuerySet(PublicQuerySet):
    """Questions about networks."""

    def for_listing(self) -> NetworkQuerySet:
        """Public networks as the listing shows them."""
        return self.public().prefetch_related("issues").order_by("name", "pk")

    def with_counts(self) -> NetworkQuerySet:
        """Adds the numbers of cities that are or were members, and of joint policies."""
        from registry.models.memberships import Membership
        from registry.models.policies import JointPolicy

        members = Membership.objects.nearly_all_public(known="network")  # of the largest there are thousands
        return self.annotate(
            member_count=count_rows(members.present(), "network", "city"),
            policy_count=count_rows(JointPolicy.objects.public(), "networks"),
        )

    def unchecked_since(self, day: date) -> NetworkQuerySet:
        """Published networks that exist and whose member list nobody checked on that day or later."""
        checks = RosterConfirmation.objects.filter(network=models.OuterRef("pk"), confirmed_on__gte=day)
        alive = self.filter(publication=Publication.PUBLISHED, dissolved__isnull=True)
        return alive.exclude(ended=Ended.ENDED).filter(~models.Exists(checks))


@tracked
class Network(LocallyNamed, PublicRecord):
    """An organised group of cities, from its founding until it is dissolved."""

    url_name = "network-detail"

    acronym = models.CharField(max_length=40, blank=True, db_default="")
    scope = models.CharField(max_length=13, choices=Scope)
    region = models.CharField(
        max_length=100,
        blank=True,
        db_default="",
        help_text="The part of the world it works in, in words.",
    )
    issues = models.ManyToManyField(Issue, blank=True, related_name="networks")
    founded = PartialDateField(help_text="2005, 2005-11 or 2005-11-03. Empty if unknown.")
    dissolved = PartialDateField(help_text="The last year, month or day of its existence.")
    ended = models.CharField(max_length=8, choices=Ended, default=Ended.UNKNOWN, db_default=Ended.UNKNOWN)
    observed_on = PartialDateField(help_text="A date at which a source shows it at work.")
    secretariat = models.ForeignKey(
        City,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="secretariats",
        verbose_name="secretariat city",
    )
    website = models.URLField(blank=True, db_default="")
    description = models.TextField(blank=True, db_default="")
    certain = models.GeneratedField(
        expression=Certain(F("founded"), F("dissolved"), F("ended"), F("observed_on")),
        output_field=DateRangeField(),
        db_persist=True,
    )
    possible = models.GeneratedField(
        expression=Possible(F("founded"), F("dissolved")),
        output_field=DateRangeField(),
        db_persist=True,
    )

    objects: ClassVar[models.Manager[Any]] = NetworkQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *LocallyNamed.Meta.constraints,
            *PublicRecord.Meta.constraints,
            *date_constraints("founded", "dissolved"),
            one_of("scope", Scope, "Choose subnational, national, regional or international."),
        ]
        indexes = [
            *PublicRecord.Meta.indexes,
            GinIndex(OpClass(F("folded"), "gin_trgm_ops"), name="network_trigrams"),
            *search_indexes("network"),
            *search_indexes("network_acronym", Fold(F("acronym"))),
        ]
        triggers = [
            *PublicRecord.Meta.triggers,
            *address_triggers("network"),
            *word_triggers(),
            end_trigger("registry_membership", "network_id"),
        ]


tracked_links(
    Network.issues.through,
    *issue_triggers("network_id", "registry_network", "registry_membership", "network_id"),
)


@tracked
class NetworkName(models.Model):
    """Another name that a network is or was known by."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="names")
    name = models.CharField(max_length=300)
    language = models.CharField(max_length=12, blank=True, db_default="", help_text="BCP 47, e.g. fr.")
    kind = models.CharField(max_length=11, choices=NameKind, default=NameKind.ALTERNATIVE)
    folded = models.GeneratedField(
        expression=Fold(F("name")), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            FieldUnique(
                fields=["network", "name", "language"],
                name="registry_networkname_unique",
                field="name",
                violation_error_message="This network has that name already.",
            ),
            not_blank("name"),
            one_of("kind", NameKind, "Choose one of the kinds of name."),
        ]
        indexes = [
            GinIndex(OpClass(F("folded"), "gin_trgm_ops"), name="networkname_trigrams"),
            *search_indexes("networkname"),
        ]
        triggers = word_triggers()

    def __str__(self) -> str:
        return self.name


@tracked
class NetworkLink(PublicRecord, Dated):
    """How one network stands to another: part of it, its successor, its partner."""

    public_ends = ("network", "other")

    network = models.ForeignKey(Network, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=12, choices=NetworkLinkKind)
    other = models.ForeignKey(
        Network,
        models.CASCADE,
        related_name="linked_from",
        verbose_name="other network",
    )

    class Meta(PublicRecord.Meta):
        ordering = ["kind", "pk"]
        constraints = [
            *PublicRecord.Meta.constraints,
            *Dated.Meta.constraints,
            one_of("kind", NetworkLinkKind, "Choose one of the kinds of link."),
            not_itself("network", "other", "A network cannot be linked to itself."),
            FieldUnique(
                fields=["network", "other", "kind"],
                name="registry_networklink_unique",
                field="other",
                violation_error_message="These two networks are linked in this way already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.get_kind_display().lower()} {self.other}"


@tracked
class RosterConfirmation(PublicRecord):
    """That somebody compared a network's member list with its source on a date."""

    public_ends = ("network",)

    network = models.ForeignKey(Network, models.CASCADE, related_name="roster_confirmations")
    confirmed_on = models.DateField()
    complete = models.BooleanField(
        default=False, help_text="The list in the registry held every member then."
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta(PublicRecord.Meta):
        ordering = ["-confirmed_on", "pk"]
        constraints = [
            *PublicRecord.Meta.constraints,
            FieldUnique(
                fields=["network", "confirmed_on"],
                name="registry_rosterconfirmation_unique",
                field="confirmed_on",
                violation_error_message="The list of this network was confirmed on that day already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.network}, checked {self.confirmed_on}"
