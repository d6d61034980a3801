"""Imported research tables, kept verbatim beside the curated records."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q

from registry.choices import Publication, Tier
from registry.models.aliases import address_triggers
from registry.models.base import (
    Named,
    PublicQuerySet,
    PublicRecord,
    count_rows,
    leads_to_public,
    search_indexes,
)
from registry.models.cities import City
from registry.models.constraints import FieldCheck, FieldUnique, one_of
from registry.models.dates import PartialDateField, partial_date_check
from registry.models.history import tracked
from registry.models.networks import Network
from registry.models.sources import Source


class DatasetQuerySet(PublicQuerySet):
    """Questions about imported tables."""

    def for_listing(self) -> DatasetQuerySet:
        """Public tables as their listing shows them."""
        return self.public().select_related("source").order_by("name", "pk")

    def with_counts(self) -> DatasetQuerySet:
        """With the rows of each, the cells, and the rows whose city is known and public."""
        placed = Observation.objects.filter(leads_to_public("city", City))
        return self.annotate(
            cell_total=F("file__cells"),
            row_total=F("file__rows"),
            placed_total=count_rows(placed, "dataset", "row_key"),
        )


@tracked
class Dataset(Named, PublicRecord):
    """A research table as it was published.

    `mapping` says in TOML what its columns mean (see `registry.exchange.datasets.mapping`); what the table
    says of memberships follows from it.
    """

    url_name = "dataset-detail"

    source = models.ForeignKey(Source, models.PROTECT, related_name="datasets")
    observed_on = PartialDateField(help_text="The date the table speaks of.")
    licence = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        help_text="As the publisher names it. Without one the table is not published.",
    )
    description = models.TextField(blank=True, db_default="")
    mapping = models.TextField(blank=True, db_default="", editable=False)

    objects: ClassVar[models.Manager[Any]] = DatasetQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        ordering = ["name"]
        constraints = [
            *Named.Meta.constraints,
            *PublicRecord.Meta.constraints,
            partial_date_check("observed_on"),
            FieldCheck(
                name="registry_dataset_published_with_licence",
                field="licence",
                condition=~Q(publication=Publication.PUBLISHED) | ~Q(licence=""),
                violation_error_message="A published table has a licence: the public gets all its cells.",
            ),
        ]
        indexes = [*PublicRecord.Meta.indexes, *search_indexes("dataset")]
        triggers = [*PublicRecord.Meta.triggers, *address_triggers("dataset")]


class DatasetFileQuerySet(models.QuerySet):
    """Questions about files."""

    def public(self) -> DatasetFileQuerySet:
        """Files of published tables."""
        return self.filter(dataset__publication=Publication.PUBLISHED)


class Digest(Func):
    """The SHA-256 sum of some bytes, in hexadecimal digits."""

    template = "encode(sha256(%(expressions)s), 'hex')"
    output_field = models.CharField(max_length=64)


@tracked
class DatasetFile(models.Model):
    """The file of a dataset, byte for byte. It is never changed: another file is another dataset.

    Its rows and cells are counted when it is brought in: there may be millions of observations.
    """

    dataset = models.OneToOneField(Dataset, models.CASCADE, related_name="file")
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    rows = models.PositiveIntegerField(help_text="How many rows it has below its headers.")
    cells = models.PositiveIntegerField(help_text="How many cells they have.")
    sha256 = models.GeneratedField(
        expression=Digest(F("content")), output_field=models.CharField(max_length=64), db_persist=True
    )

    objects: ClassVar[models.Manager[Any]] = DatasetFileQuerySet.as_manager()

    class Meta:
        triggers = [pgtrigger.Protect(name="kept_as_given", operation=pgtrigger.Update)]

    def __str__(self) -> str:
        return self.name


class ObservationQuerySet(models.QuerySet):
    """Questions about cells."""

    def public(self) -> ObservationQuerySet:
        """Cells of published tables."""
        return self.filter(dataset__publication=Publication.PUBLISHED)

    def for_page(self) -> ObservationQuerySet:
        """Public cells as the page of a record shows them, those on a network first."""
        first = (F("dataset__name"), F("network").asc(nulls_last=True), F("pk"))
        return self.public().select_related("dataset").order_by(*first)


@tracked
class Observation(models.Model):
    """One cell of a dataset as given: row key, column, value, and the record it speaks of."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="observations", db_index=False)
    row_key = models.CharField(max_length=300)
    column = models.CharField(max_length=300)
    value = models.TextField(blank=True, db_default="")
    city = models.ForeignKey(City, models.SET_NULL, null=True, blank=True, related_name="observations")
    network = models.ForeignKey(Network, models.SET_NULL, null=True, blank=True, related_name="observations")

    objects: ClassVar[models.Manager[Any]] = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["dataset", "pk"]
        constraints = [
            FieldUnique(
                fields=["dataset", "row_key", "column"],
                name="registry_observation_unique",
                field="column",
                violation_error_message="This cell of the dataset is recorded already.",
            ),
            FieldCheck(
                name="registry_observation_names_its_cell",
                field="row_key",
                condition=~Q(row_key="") & ~Q(column=""),
                violation_error_message="An observation names its row and column.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="kept_as_given",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("dataset", "row_key", "column", "value"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.row_key}, {self.column}: {self.value[:60]}"


class ObservedMembershipQuerySet(models.QuerySet):
    """Questions about what datasets say of memberships."""

    def public(self) -> ObservedMembershipQuerySet:
        """What published tables say of published networks."""
        published = {"observation__dataset__publication": Publication.PUBLISHED}
        return self.filter(leads_to_public("network", Network), **published)

    def placed(self) -> ObservedMembershipQuerySet:
        """What is said of a city that the registry knows."""
        return self.filter(observation__city__isnull=False)


@tracked
class ObservedMembership(models.Model):
    """What one cell of a dataset says of a city in a network; worked out from the cell by the mapping.

    `member` is false where the cell says that the city was none. What the cell leaves open is empty: a
    grade of 3 may be a privileged member or a founding one (see `registry.exchange.datasets.scale`).
    """

    observation = models.ForeignKey(Observation, models.CASCADE, related_name="memberships")
    network = models.ForeignKey(Network, models.CASCADE, related_name="observed")
    member = models.BooleanField()
    tier = models.CharField(max_length=10, choices=Tier, blank=True, db_default="")
    founding = models.BooleanField(null=True, blank=True)
    hosting = models.BooleanField(null=True, blank=True)
    since = PartialDateField()
    until = PartialDateField()

    objects: ClassVar[models.Manager[Any]] = ObservedMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            FieldUnique(
                fields=["observation", "network"],
                name="registry_observedmembership_unique",
                field="network",
                violation_error_message="What this cell says of the network is recorded already.",
            ),
            one_of("tier", Tier, "Choose observer, full or privileged, or leave it empty.", or_empty=True),
            partial_date_check("since"),
            partial_date_check("until"),
        ]

    def __str__(self) -> str:
        return f"{self.observation}: {'member' if self.member else 'no member'}"
