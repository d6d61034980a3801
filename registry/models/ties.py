"""Direct ties: which two cities work together on which issue under which joint policy.

The database keeps the table `Tie` true before each commit. Statement triggers on policies, their
parties and issues, and on cities, note the policies touched; a deferred trigger (migration 0003)
then computes the ties of all of them at once. Admin, import and raw SQL alike show on the next
request. A policy of more than 200 parties would mean 20,000 pairs and more for each issue: it is
listed in `LargePolicy` instead, and the view behind `DirectTie` computes its ties when asked.
Ties through networks are always computed (`AnyTie`).
"""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q, QuerySet

from registry.choices import Certainty, Ended
from registry.models.base import IsAmong
from registry.models.dates import DatedQuerySet, PartialDateField

LARGEST_STORED = 200


def _touch(name: str, operation: pgtrigger.Operation, policies: str) -> pgtrigger.Trigger:
    """Note the policies that the SQL `policies` selects from the transition tables."""
    tables = {
        pgtrigger.Insert: pgtrigger.Referencing(new="new_values"),
        pgtrigger.Update: pgtrigger.Referencing(old="old_values", new="new_values"),
        pgtrigger.Delete: pgtrigger.Referencing(old="old_values"),
    }
    return pgtrigger.Trigger(
        name=f"ties_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=tables[operation],
        func=f"""
            INSERT INTO registry_touched_policy (policy_id)
            SELECT DISTINCT policy_id FROM ({policies}) AS touched
            WHERE NOT EXISTS (SELECT FROM registry_touched_policy t WHERE t.policy_id = touched.policy_id);
            RETURN NULL;""",
    )


def _every_change(column: str) -> list[pgtrigger.Trigger]:
    old, new = (f"SELECT {column} AS policy_id FROM {rows}_values" for rows in ("old", "new"))
    return [
        _touch("inserted", pgtrigger.Insert, new),
        _touch("updated", pgtrigger.Update, f"{old} UNION {new}"),
        _touch("deleted", pgtrigger.Delete, old),
    ]


def party_tie_triggers() -> list[pgtrigger.Trigger]:
    """Triggers for the table of parties."""
    return _every_change("policy_id")


def policy_tie_triggers() -> list[pgtrigger.Trigger]:
    """Triggers for the table of joint policies; a new policy has no parties yet."""
    return _every_change("id")[1:]


def policy_issue_tie_triggers() -> list[pgtrigger.Trigger]:
    """Triggers for the table that links joint policies and issues."""
    return _every_change("jointpolicy_id")


def city_tie_triggers() -> list[pgtrigger.Trigger]:
    """Triggers for cities: their ties come and go with their publication."""
    changed = """
        SELECT policy_id FROM registry_policyparty
        WHERE city_id IN (
            SELECT id FROM old_values JOIN new_values USING (id)
            WHERE old_values.publication <> new_values.publication
        )"""
    return [_touch("publication", pgtrigger.Update, changed)]


class TieQuerySet(DatedQuerySet):
    """Questions about direct ties. Every tie is public: drafts have none."""

    def of_city(self, slug: str) -> TieQuerySet:
        """Ties that have this city at either end."""
        return self.filter(Q(city_a__slug=slug) | Q(city_b__slug=slug))


class AnyTieQuerySet(TieQuerySet):
    """Questions about ties seen from each end."""

    def during(
        self, days: DateRange | None, certainty: str = Certainty.CERTAIN, prefix: str = ""
    ) -> AnyTieQuerySet:
        """Ties of some of `days`, made from memberships of those days alone."""
        ties: Any = super().during(days, certainty, prefix)
        for end in ("own_", "other_"):
            ties = super(AnyTieQuerySet, ties).during(days, certainty, f"{prefix}{end}")
        return ties

    def seen_from(self, cities: list[Any] | QuerySet | None = None) -> AnyTieQuerySet:
        """Ties that have one of these cities at their own end; each tie once where none are given."""
        if cities is None:
            return self.filter(own__lt=F("other"))
        return self.filter(among("own", cities))


def among(column: str, records: list[Any] | QuerySet) -> Q:
    """That the record in a column is one of these, so that every arm of a view can use its index for it."""
    if isinstance(records, QuerySet):
        return Q(IsAmong(F(column), ArraySubquery(records)))
    return Q(**{f"{column}__in": records})


class BaseTie(models.Model):
    """One policy, one issue, two cities in the order of their keys, one period.

    The period is the time both cities were parties: `since` is the later start, `until` the
    earlier end, each at its precision. All ends are published.
    """

    derived: ClassVar[dict[str, Any]] = {
        "on_delete": models.DO_NOTHING,
        "db_constraint": False,
        "related_name": "+",
    }
    policy = models.ForeignKey("registry.JointPolicy", **derived)
    issue = models.ForeignKey("registry.Issue", **derived)
    city_a = models.ForeignKey("registry.City", **derived)
    city_b = models.ForeignKey("registry.City", **derived)
    since = PartialDateField()
    until = PartialDateField()
    ended = models.CharField(max_length=8, choices=Ended)
    certain = DateRangeField(null=True)
    possible = DateRangeField()

    objects: ClassVar[models.Manager[Any]] = TieQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.city_a} and {self.city_b} on {self.issue}"


class Tie(BaseTie):
    """A stored direct tie; written by the database alone."""

    class Meta:
        constraints = [
            models.CheckConstraint(name="registry_tie_cities_in_order", condition=Q(city_a__lt=F("city_b")))
        ]
        indexes = [
            models.Index(fields=["city_a", "city_b", "issue"], name="tie_cities"),
            models.Index(fields=["city_b"], name="tie_city_b"),
            models.Index(fields=["issue", "city_a", "city_b"], name="tie_issue"),
            GistIndex(fields=["certain"], name="tie_certain"),
        ]


class LargePolicy(models.Model):
    """A joint policy of so many parties that its ties are computed when asked."""

    policy = models.OneToOneField(
        "registry.JointPolicy",
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        verbose_name_plural = "large policies"

    def __str__(self) -> str:
        return str(self.policy)


class LiveParty(models.Model):
    """A public party with the days that count, its own else its policy's; written by the database alone.

    A party whose own dates lie outside its policy's has no row. The table holds more than the columns named
    here, for the working out of ties.
    """

    party = models.OneToOneField(
        "registry.PolicyParty",
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="live",
    )
    policy = models.ForeignKey(
        "registry.JointPolicy", models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    city = models.ForeignKey("registry.City", models.DO_NOTHING, db_constraint=False, related_name="+")
    certain = DateRangeField(null=True)
    possible = DateRangeField()

    objects: ClassVar[models.Manager[Any]] = DatedQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "registry_live_party"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.party)


class DirectTie(BaseTie):
    """Every direct tie, stored or computed: what listings and pages read."""

    class Meta:
        managed = False
        db_table = "registry_direct_tie"


class AnyTie(BaseTie):
    """Every tie, direct or through a network, twice: once as seen from each of its cities (a view).

    Ties through networks are computed when asked and never stored: a network of 10,000 members has 50
    million pairs. Asked for by `own`, the city it is seen from, they are found from that city's own
    memberships. `own_certain`, `other_certain` and the like are the days of each city by itself: a tie
    lies in a period only if both do, which is known before pairs are made.
    """

    POLICY, NETWORK = "policy", "network"

    via = models.CharField(max_length=7, choices=[(POLICY, "Joint policy"), (NETWORK, "Network")])
    network = models.ForeignKey("registry.Network", **BaseTie.derived)
    own = models.ForeignKey("registry.City", **BaseTie.derived)
    other = models.ForeignKey("registry.City", **BaseTie.derived)
    own_certain = DateRangeField(null=True)
    own_possible = DateRangeField()
    other_certain = DateRangeField(null=True)
    other_possible = DateRangeField()

    objects: ClassVar[models.Manager[Any]] = AnyTieQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "registry_any_tie"
