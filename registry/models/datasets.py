"""Imported research tables, kept verbatim beside the curated records."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from registry.models.base import Record
from registry.models.cities import City
from registry.models.constraints import FieldCheck, FieldUnique
from registry.models.dates import PartialDateField, partial_date_check
from registry.models.history import tracked
from registry.models.networks import Network
from registry.models.sources import Source


@tracked
class Dataset(Record):
    """A research table as it was published."""

    name = models.CharField(max_length=300, unique=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="datasets")
    observed_on = PartialDateField(help_text="The date the table speaks of.")
    licence = models.CharField(max_length=200, blank=True, db_default="")
    description = models.TextField(blank=True, db_default="")

    class Meta(Record.Meta):
        ordering = ["name"]
        constraints = [partial_date_check("observed_on")]

    def __str__(self) -> str:
        return self.name


@tracked
class Observation(models.Model):
    """One cell of a dataset as given: row key, column, value, and the record it speaks of."""

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="observations", db_index=False)
    row_key = models.CharField(max_length=300)
    column = models.CharField(max_length=300)
    value = models.TextField(blank=True, db_default="")
    city = models.ForeignKey(City, models.SET_NULL, null=True, blank=True, related_name="observations")
    network = models.ForeignKey(Network, models.SET_NULL, null=True, blank=True, related_name="observations")

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

    def __str__(self) -> str:
        return f"{self.row_key}, {self.column}: {self.value[:60]}"
