"""Joint policies of cities, the parties to them, and what they try out."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, OuterRef
from django.db.models.functions import Coalesce, JSONObject, Left
from django.urls import reverse
from django.utils.text import Truncator

from registry.choices import Certainty, PartyRole, PolicyKind, PolicyStatus
from registry.models.aliases import address_triggers
from registry.models.base import Fold, Named, PublicQuerySet, PublicRecord, count_rows, search_indexes
from registry.models.cities import BriefCity, City
from registry.models.constraints import FieldExclusion, not_blank, one_of
from registry.models.dates import Claimed, Dated
from registry.models.history import tracked, tracked_links
from registry.models.issues import Issue
from registry.models.networks import Network
from registry.models.offices import CityOffice, same_city_trigger
from registry.models.taking_part import end_trigger, issue_triggers, part_triggers
from registry.models.ties import (
    party_tie_triggers,
    policy_issue_tie_triggers,
    policy_tie_triggers,
)
from registry.models.words import word_triggers

SOME = 4
SHOWN_WORDS = 16
# Of a hypothesis, what is found and compared as names are: an index takes no longer ones.
BEGINNING = Fold(Left("hypothesis", 200))


class PolicyQuerySet(PublicQuerySet):
    """Questions about joint policies."""

    def for_listing(self) -> PolicyQuerySet:
        """Public joint policies as the listing shows them."""
        networks = models.Prefetch("networks", Network.objects.public())
        return self.public().prefetch_related("issues", networks).order_by("name", "pk")

    def with_counts(self) -> PolicyQuerySet:
        """Adds the number of cities that are or were parties, and the names of a few."""
        parties = PolicyParty.objects.public()
        some = parties.filter(policy=OuterRef("pk")).order_by("role", "city__name", "pk")
        city = JSONObject(id="city", name="city__name", slug="city__slug")
        return self.annotate(
            city_count=count_rows(parties, "policy", "city"),
            some_cities=ArraySubquery(some.values_list(city)[:SOME], output_field=ArrayField(BriefCity())),
        )


@tracked
class JointPolicy(Named, PublicRecord, Dated):
    """A dated undertaking of several cities on one or more issues."""

    url_name = "policy-detail"

    kind = models.CharField(max_length=11, choices=PolicyKind)
    status = models.CharField(max_length=9, choices=PolicyStatus, default=PolicyStatus.ACTIVE)
    issues = models.ManyToManyField(Issue, related_name="policies")
    networks = models.ManyToManyField(
        Network,
        blank=True,
        related_name="policies",
        help_text="The networks it runs under, if any.",
    )
    summary = models.TextField(
        blank=True,
        db_default="",
        help_text="What the cities undertake, in a few sentences.",
    )
    outputs = models.TextField(blank=True, db_default="", help_text="What came of it.")
    website = models.URLField(blank=True, db_default="")

    objects: ClassVar[models.Manager[Any]] = PolicyQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        verbose_name = "joint policy"
        verbose_name_plural = "joint policies"
        ordering = ["name", "pk"]
        constraints = [
            *Named.Meta.constraints,
            *PublicRecord.Meta.constraints,
            *Dated.Meta.constraints,
            one_of("kind", PolicyKind, "Choose one of the kinds of joint policy."),
            one_of("status", PolicyStatus, "Choose proposed, active, concluded or abandoned."),
        ]
        indexes = [
            *PublicRecord.Meta.indexes,
            *Dated.Meta.indexes,
            GinIndex(OpClass(F("folded"), "gin_trgm_ops"), name="policy_trigrams"),
            *search_indexes("policy"),
        ]
        triggers = [
            *PublicRecord.Meta.triggers,
            *address_triggers("jointpolicy"),
            *policy_tie_triggers(),
            *word_triggers(),
            end_trigger("registry_policyparty", "policy_id"),
        ]


tracked_links(
    JointPolicy.issues.through,
    *policy_issue_tie_triggers(),
    *issue_triggers("jointpolicy_id", "registry_jointpolicy", "registry_policyparty", "policy_id"),
)
tracked_links(JointPolicy.networks.through)


class PartyDate(Func):
    """A party's date: its own, else its policy's (own, ended, of policy)."""

    function = "registry_party_date"
    output_field = models.TextField()


class PartyEnded(Func):
    """What is known of a party's end (until, ended, and both of its policy)."""

    function = "registry_party_ended"
    output_field = models.TextField()


class PartyQuerySet(PublicQuerySet):
    """Questions about parties."""

    def during(
        self,
        days: DateRange | None,
        certainty: str = Certainty.CERTAIN,
        prefix: str = "",
    ) -> PartyQuerySet:
        """Public parties on some of `days`; where a party has no date of its own its policy's counts.

        The database has worked that out already for every public party (`LiveParty`).
        """
        return super().during(days, certainty, f"{prefix}live__")  # type: ignore[return-value]

    def with_period(self) -> PartyQuerySet:
        """Adds `lasts`: the dates that count, which are the policy's where the party has none."""
        return self.annotate(lasts=JSONObject(**_lasts()))


def _lasts() -> dict[str, Any]:
    """Since, until, ended and observed_on of a party as they count."""
    until, observed_on = (
        PartyDate(F(field), F("ended"), F(f"policy__{field}")) for field in ("until", "observed_on")
    )
    ended = PartyEnded(F("until"), F("ended"), F("policy__until"), F("policy__ended"))
    return {
        "since": Coalesce("since", "policy__since"),
        "until": until,
        "ended": ended,
        "observed_on": observed_on,
    }


@tracked
class PolicyParty(PublicRecord, Dated):
    """A city's part in a joint policy. Without dates of its own it takes its policy's."""

    public_ends = ("policy", "city")

    policy = models.ForeignKey(JointPolicy, models.CASCADE, related_name="parties")
    city = models.ForeignKey(City, models.CASCADE, related_name="parties", db_index=False)
    role = models.CharField(
        max_length=9,
        choices=PartyRole,
        default=PartyRole.PARTNER,
        db_default=PartyRole.PARTNER,
    )
    office = models.ForeignKey(
        CityOffice,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="carries",
        help_text="The office of this city that carries the work.",
    )

    objects: ClassVar[models.Manager[Any]] = PartyQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        verbose_name_plural = "policy parties"
        ordering = ["role", "city__name", "pk"]
        constraints = [
            *PublicRecord.Meta.constraints,
            *Dated.Meta.constraints,
            one_of("role", PartyRole, "Choose lead, partner, signatory or observer."),
            FieldExclusion(
                name="registry_policyparty_no_overlap",
                expressions=[
                    # The city first: the planner takes this index for the parties of a city, however
                    # it is ordered. It would take it for those of a policy too, and read most of it for
                    # each of thousands: to it the sum is not the column, whose own index it then takes.
                    ("city", "="),
                    (F("policy") + 0, "="),
                    (
                        Claimed(F("since"), F("until"), F("ended"), F("observed_on")),
                        "&&",
                    ),
                ],
                field="city",
                violation_error_message="This city is a party to this policy in that period already.",
            ),
        ]
        indexes = [
            *PublicRecord.Meta.indexes,
            *Dated.Meta.indexes,
            models.Index(fields=["city", "policy"], name="party_city_policy"),
        ]
        triggers = [
            *PublicRecord.Meta.triggers,
            *party_tie_triggers(),
            *part_triggers("policy_id"),
            same_city_trigger(
                name="office_of_the_party",
                columns=("office_id", "city_id"),
                offices="NEW.office_id",
                condition=pgtrigger.Q(new__office__isnull=False),
                wrong="NEW.city_id IS DISTINCT FROM"
                " (SELECT city_id FROM registry_cityoffice WHERE id = NEW.office_id)",
                constraint="registry_policyparty_office_of_city",
                message="The office belongs to another city.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city}, {self.get_role_display().lower()} of {self.policy}"

    def clean(self) -> None:
        super().clean()
        if self.office and self.city_id and self.office.city_id != self.city_id:
            raise ValidationError({"office": f"{self.office} is not an office of this city."})


class ExperimentQuerySet(PublicQuerySet):
    """Questions about experiments."""

    def for_listing(self) -> ExperimentQuerySet:
        """Public experiments as the listing shows them."""
        sites = City.objects.public().select_related("country").order_by("name", "pk")
        return (
            self.public()
            .select_related("policy")
            .prefetch_related("policy__issues", models.Prefetch("sites", sites))
            .order_by("policy__name", "pk")
        )

    def with_counts(self) -> ExperimentQuerySet:
        """Adds the number of public experiments that replicate each."""
        rows = PolicyExperiment.objects.public()
        return self.annotate(replication_count=count_rows(rows, "replicates"))


@tracked
class PolicyExperiment(PublicRecord):
    """What a joint policy tests, where, against what, and what came of it.

    It has no name, so its permanent identifier is the address of its page.
    """

    url_name = "experiment-detail"
    public_ends = ("policy",)

    policy = models.ForeignKey(JointPolicy, models.CASCADE, related_name="experiments")
    hypothesis = models.TextField(help_text="What was expected to happen, and why.")
    sites = models.ManyToManyField(City, blank=True, related_name="experiments")
    comparator = models.TextField(blank=True, db_default="", help_text="What the result is compared with.")
    outcome = models.TextField(blank=True, db_default="", help_text="What happened.")
    replicated_by = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="replicates")

    objects: ClassVar[models.Manager[Any]] = ExperimentQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        ordering = ["policy__name", "pk"]
        constraints = [*PublicRecord.Meta.constraints, not_blank("hypothesis")]
        indexes = [
            *PublicRecord.Meta.indexes,
            GinIndex(OpClass(BEGINNING, "gin_trgm_ops"), name="experiment_trigrams"),
            *search_indexes("experiment", BEGINNING, Fold("hypothesis")),
        ]
        triggers = [
            *PublicRecord.Meta.triggers,
            *word_triggers('registry_fold("left"(hypothesis, 200))'),
        ]

    def __str__(self) -> str:
        return f"{self.policy}: {self.title}"

    @property
    def title(self) -> str:
        """The beginning of the hypothesis, which stands for a name."""
        return Truncator(self.hypothesis).words(SHOWN_WORDS)

    def get_absolute_url(self) -> str:
        return reverse(self.url_name, args=[self.pid])


tracked_links(PolicyExperiment.sites.through)
tracked_links(PolicyExperiment.replicated_by.through)
