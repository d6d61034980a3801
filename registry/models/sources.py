"""Sources, and the citations by which they support single records."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from registry.models.base import Record
from registry.models.constraints import FieldCheck, FieldUnique, exactly_one
from registry.models.dates import PartialDateField, partial_date_check
from registry.models.history import tracked

CITABLE = [
    "city",
    "city_link",
    "network",
    "network_link",
    "roster_confirmation",
    "membership",
    "policy",
    "party",
    "experiment",
    "organisation",
    "partnership",
    "office",
    "holder",
    "office_link",
    "report",
]


def _supports(model: str) -> models.ForeignKey:
    return models.ForeignKey(
        f"registry.{model}",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="citations",
    )


@tracked
class Source(Record):
    """A document: a page, a book, a talk. It has an address, a reference in words, or both."""

    title = models.CharField(
        max_length=500,
        blank=True,
        db_default="",
        help_text="The document's title, or a reference in words.",
    )
    url = models.URLField("address", max_length=1000, blank=True, db_default="")
    publisher = models.CharField(max_length=300, blank=True, db_default="")
    published_on = PartialDateField(help_text="2005, 2005-11 or 2005-11-03.")
    language = models.CharField(max_length=12, blank=True, db_default="", help_text="BCP 47, e.g. en.")

    class Meta(Record.Meta):
        ordering = ["title", "pk"]
        constraints = [
            FieldUnique(
                fields=["url"],
                condition=~Q(url=""),
                name="registry_source_url_unique",
                field="url",
                violation_error_message="This address is recorded as a source already: choose that one.",
            ),
            FieldUnique(
                fields=["title", "publisher", "published_on"],
                condition=Q(url=""),
                nulls_distinct=False,
                name="registry_source_reference_unique",
                field="title",
                violation_error_message="This reference is recorded as a source already: choose that one.",
            ),
            FieldCheck(
                name="registry_source_says_where",
                condition=~Q(url="", title=""),
                field="title",
                violation_error_message="Give an address or a reference in words.",
            ),
            partial_date_check("published_on"),
        ]

    def __str__(self) -> str:
        return self.title or self.url


@tracked
class Citation(Record):
    """That a source supports one given record: where in it, when read, by whom asserted.

    One table with a nullable foreign key for each kind of record; exactly one is set.
    """

    source = models.ForeignKey(Source, models.PROTECT, related_name="citations", db_index=False)
    accessed_on = models.DateField(
        null=True,
        blank=True,
        help_text="The day the source was read. Empty if unknown.",
    )
    locator = models.CharField("page or section", max_length=100, blank=True, db_default="")
    quote = models.TextField(blank=True, db_default="", help_text="The words that say so.")
    asserted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
    )

    city = _supports("City")
    city_link = _supports("CityLink")
    network = _supports("Network")
    network_link = _supports("NetworkLink")
    roster_confirmation = _supports("RosterConfirmation")
    membership = _supports("Membership")
    policy = _supports("JointPolicy")
    party = _supports("PolicyParty")
    experiment = _supports("PolicyExperiment")
    organisation = _supports("Organisation")
    partnership = _supports("Partnership")
    office = _supports("CityOffice")
    holder = _supports("OfficeHolder")
    office_link = _supports("OfficeLink")
    report = _supports("Report")

    class Meta(Record.Meta):
        ordering = ["pk"]
        constraints = [
            exactly_one(CITABLE, "A citation supports exactly one record."),
            FieldUnique(
                fields=["source", *CITABLE, "locator"],
                nulls_distinct=False,
                name="registry_citation_unique",
                field="source",
                violation_error_message="This source is cited here already.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.source)

    @property
    def target(self) -> models.Model:
        """The record supported. Costs a query unless the target was fetched."""
        name = next(name for name in CITABLE if getattr(self, f"{name}_id") is not None)
        return getattr(self, name)
