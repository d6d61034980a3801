"""Reports: what networks, joint policies and cities publish."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F

from registry.choices import ReportKind
from registry.models.aliases import address_triggers
from registry.models.base import Named, PublicQuerySet, PublicRecord, search_indexes
from registry.models.cities import City
from registry.models.constraints import one_of
from registry.models.dates import PartialDateField, partial_date_check
from registry.models.history import tracked, tracked_links
from registry.models.issues import Issue
from registry.models.networks import Network
from registry.models.policies import JointPolicy
from registry.models.words import word_triggers


class ReportQuerySet(PublicQuerySet):
    """Questions about reports."""

    def for_listing(self) -> ReportQuerySet:
        """Public reports as the listing shows them."""
        return (
            self.public()
            .prefetch_related(
                "issues",
                models.Prefetch("cities", City.objects.public()),
                models.Prefetch("networks", Network.objects.public()),
            )
            .order_by(F("published_on").desc(nulls_last=True), "name", "pk")
        )


@tracked
class Report(Named, PublicRecord):
    """A publication of a network, of a joint policy or of a city."""

    url_name = "report-detail"

    kind = models.CharField(max_length=22, choices=ReportKind, default=ReportKind.REPORT)
    published_on = PartialDateField("date of publication", help_text="2005, 2005-11 or 2005-11-03.")
    language = models.CharField(
        max_length=12,
        blank=True,
        db_default="",
        validators=[
            RegexValidator(
                r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$",
                "A language is a code such as en or pt-BR.",
            )
        ],
        help_text="BCP 47, e.g. en.",
    )
    url = models.URLField("link", max_length=500, blank=True, db_default="")
    authors = models.CharField(
        max_length=300,
        blank=True,
        db_default="",
        help_text="Bodies or authors, as printed.",
    )
    issues = models.ManyToManyField(Issue, blank=True, related_name="reports")
    networks = models.ManyToManyField(Network, blank=True, related_name="reports")
    policies = models.ManyToManyField(JointPolicy, blank=True, related_name="reports")
    cities = models.ManyToManyField(City, blank=True, related_name="reports")

    objects: ClassVar[models.Manager[Any]] = ReportQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *Named.Meta.constraints,
            *PublicRecord.Meta.constraints,
            partial_date_check("published_on"),
            one_of("kind", ReportKind, "Choose one of the kinds of report."),
        ]
        indexes = [
            *PublicRecord.Meta.indexes,
            GinIndex(OpClass(F("folded"), "gin_trgm_ops"), name="report_trigrams"),
            *search_indexes("report"),
        ]
        triggers = [*PublicRecord.Meta.triggers, *address_triggers("report"), *word_triggers()]


for _field in (Report.issues, Report.networks, Report.policies, Report.cities):
    tracked_links(_field.through)
