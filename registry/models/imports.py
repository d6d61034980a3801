"""Lists of cities that staff bring in, and what became of each of their rows."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Func, Q
from django.db.models.functions import Now

from registry.choices import ImportState, ListOutcome, Missing, Publication, RowAnswer, RowStanding
from registry.models.base import Fold, Record
from registry.models.cities import City
from registry.models.constraints import FieldCheck, FieldUnique, exactly_one, not_blank, one_of
from registry.models.dates import PartialDateField, partial_date_check
from registry.models.history import tracked, tracked_links
from registry.models.memberships import Membership
from registry.models.networks import Network
from registry.models.policies import JointPolicy, PolicyParty

TARGETS = ["network", "policy"]


def _by(verb: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=f"{verb} by",
    )


@tracked
class ListImport(Record):
    """A list of the members of a network, or of the parties to a joint policy, as staff brought it in.

    It stays open, and its plan can be looked at and corrected by anybody who may, until it is applied
    or discarded. What applying it changed carries `batch` in the history.
    """

    network = models.ForeignKey(Network, models.CASCADE, null=True, blank=True, related_name="list_imports")
    policy = models.ForeignKey(
        JointPolicy,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="list_imports",
        verbose_name="joint policy",
    )
    file_name = models.CharField(
        "file", max_length=255, blank=True, db_default="", help_text="Empty for a list that was pasted."
    )
    source = models.CharField(
        max_length=1000,
        blank=True,
        db_default="",
        help_text="The address of the list, or a reference in words. It is cited for every row.",
    )
    observed_on = PartialDateField(
        "date of the list",
        help_text="The day, month or year the list shows. It proves that date; it is no start date.",
    )
    missing = models.CharField(
        "cities not on the list",
        max_length=10,
        choices=Missing,
        default=Missing.INCOMPLETE,
        db_default=Missing.INCOMPLETE,
        help_text="What it means that a city recorded as taking part is not on the list.",
    )
    departed_members = models.ManyToManyField(
        Membership, blank=True, related_name="+", help_text="Members not on the list that have left."
    )
    departed_parties = models.ManyToManyField(
        PolicyParty, blank=True, related_name="+", help_text="Parties not on the list that have left."
    )
    state = models.CharField(
        max_length=9,
        choices=ImportState,
        default=ImportState.OPEN,
        db_default=ImportState.OPEN,
    )
    publication = models.CharField(
        max_length=9,
        choices=Publication,
        default=Publication.DRAFT,
        db_default=Publication.DRAFT,
        help_text="As what its rows were applied.",
    )
    planned_on = models.CharField(
        max_length=64,
        blank=True,
        db_default="",
        editable=False,
        help_text="A digest of what was recorded when the plan was last worked out.",
    )
    batch = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_by = _by("brought in")
    made_at = models.DateTimeField("brought in at", auto_now_add=True, db_default=Now())
    applied_by = _by("applied")
    applied_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.TextField(blank=True, db_default="", help_text="For staff only.")

    class Meta(Record.Meta):
        verbose_name = "list"
        ordering = ["-made_at", "pk"]
        constraints = [
            exactly_one(TARGETS, "A list is of one network or of one joint policy."),
            one_of("state", ImportState, "Choose open, applied or discarded."),
            one_of("missing", Missing, "Choose what it means that a city is not on the list."),
            one_of("publication", Publication, "Choose draft, in review or published."),
            partial_date_check("observed_on"),
            FieldCheck(
                name="registry_listimport_applied_at_some_time",
                condition=Q(state=ImportState.APPLIED, applied_at__isnull=False)
                | (~Q(state=ImportState.APPLIED) & Q(applied_at__isnull=True)),
                field="applied_at",
                violation_error_message="An applied list says when it was applied, and no other does.",
            ),
        ]
        indexes = [models.Index(fields=["state", "-made_at"], name="listimport_state")]

    def __str__(self) -> str:
        return f"{self.file_name or 'Pasted list'} for {self.target}"

    @property
    def target(self) -> Any:
        """The network or joint policy whose cities the list names."""
        return self.network if self.network_id else self.policy

    @property
    def is_open(self) -> bool:
        """Whether it can still be corrected and applied."""
        return self.state == ImportState.OPEN

    @property
    def departed(self) -> Any:
        """The recorded memberships or parties ticked as having left."""
        return self.departed_members if self.network_id else self.departed_parties


tracked_links(ListImport.departed_members.through)
tracked_links(ListImport.departed_parties.through)


class ListImportRowQuerySet(models.QuerySet):
    """Questions about the rows of lists."""

    def perhaps_meant(self) -> set[int]:
        """Keys of cities that rows without a decision may mean: one query that reads no candidate whole."""
        key = Func(
            F("candidates"),
            template="(jsonb_array_elements(%(expressions)s)->>'city_id')::bigint",
            output_field=models.BigIntegerField(),
        )
        waiting = self.filter(city__isnull=True, left_out=False).order_by()
        return set(waiting.values_list(key, flat=True).distinct())

    def standings(self) -> dict[str, int]:
        """How many rows stand how; a standing that no row has is left out."""
        return dict(self.order_by().values_list("standing").annotate(number=Count("pk")))


class ListImportRow(models.Model):
    """One row of a list: what it says, which city it means, and what is to become of it.

    `name` and `given` are kept as they were given. The city and the values that count may be corrected
    by staff while the list is open. `standing` and what follows it are worked out from these and from
    what the registry holds: they are renewed whenever the list is looked at. A working paper, so it has
    no history of its own: what came of it is in the history of the memberships or parties.
    """

    listing = models.ForeignKey(ListImport, models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField("row", help_text="As a person counts the rows of the file.")
    name = models.TextField(blank=True, help_text="As given.")
    given = models.JSONField(default=dict, blank=True, help_text="The other cells, as given.")

    # What the resolver made of the name.
    outcome = models.CharField(max_length=9, choices=ListOutcome)
    score = models.FloatField(default=0)
    reason = models.TextField(blank=True)
    candidates = models.JSONField(default=list, blank=True, help_text="Cities it may mean, the best first.")

    # What counts: at first the resolver's city and the values given.
    city = models.ForeignKey(City, models.SET_NULL, null=True, blank=True, related_name="+")
    by_staff = models.BooleanField(default=False, db_default=False, help_text="Whether staff chose.")
    left_out = models.BooleanField(default=False, db_default=False, help_text="Staff left the row out.")
    since = models.TextField(blank=True)
    until = models.TextField(blank=True)
    status = models.TextField(blank=True)
    role = models.TextField(blank=True)
    source = models.TextField(blank=True, help_text="A source of this row alone, instead of the list's.")
    mended = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Whether nothing could not be read of the row, or staff have dealt with it.",
    )
    answer = models.CharField(max_length=8, choices=RowAnswer, blank=True, default="", db_default="")

    # What is planned.
    standing = models.CharField(max_length=9, choices=RowStanding)
    about = models.TextField(blank=True, help_text="What is planned, or what is wrong, in words.")
    asks = models.BooleanField(
        default=False, db_default=False, help_text="Whether list and registry say different things."
    )
    changes = models.JSONField(default=dict, blank=True, help_text="Field names and planned values.")
    record = models.BigIntegerField(
        null=True,
        blank=True,
        help_text="Key of the membership or party concerned: worked out anew each time, so no reference.",
    )

    objects: ClassVar[models.Manager[Any]] = ListImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = "row of a list"
        verbose_name_plural = "rows of lists"
        ordering = ["listing", "number"]
        constraints = [
            FieldUnique(
                fields=["listing", "number"],
                name="registry_listimportrow_number_unique",
                field="number",
                violation_error_message="The list has a row of that number already.",
            ),
            FieldCheck(
                name="registry_listimportrow_left_out_names_no_city",
                condition=Q(left_out=False) | Q(city__isnull=True),
                field="left_out",
                violation_error_message="A row that is left out names no city.",
            ),
            FieldCheck(
                name="registry_listimportrow_score_range",
                condition=Q(score__range=(0, 1)),
                field="score",
                violation_error_message="A score lies between 0 and 1.",
            ),
            one_of("outcome", ListOutcome, "Choose matched, ambiguous, unmatched or invalid."),
            one_of("standing", RowStanding, "Choose one of the standings."),
            one_of("answer", RowAnswer, "Choose the list or the registry, or leave it.", or_empty=True),
        ]
        indexes = [models.Index(fields=["listing", "standing", "number"], name="listimportrow_standing")]

    def __str__(self) -> str:
        return f"Row {self.number}: {self.name}"

    @property
    def taken(self) -> bool:
        """Whether the planned change is to be made: what the list only adds is, unless staff say no."""
        return self.answer == RowAnswer.LIST or (not self.asks and self.answer != RowAnswer.REGISTRY)


@tracked
class TaughtName(models.Model):
    """That a name means this city in the lists of one network; without one, in those of joint policies.

    Staff teach it by choosing the city for a row. `beside` is what the list gave beside the name, such
    as the country, so that the San José of one country does not become that of another.
    """

    network = models.ForeignKey(
        Network, models.CASCADE, null=True, blank=True, related_name="taught_names", db_index=False
    )
    name = models.CharField(max_length=300)
    beside = models.CharField(
        max_length=300, blank=True, db_default="", help_text="What the list gave beside it: the country…"
    )
    city = models.ForeignKey(City, models.CASCADE, related_name="taught_names")
    folded = models.GeneratedField(
        expression=Fold(F("name")), output_field=models.TextField(), db_persist=True
    )
    beside_folded = models.GeneratedField(
        expression=Fold(F("beside")), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        verbose_name = "taught name"
        ordering = ["name", "pk"]
        constraints = [
            FieldUnique(
                fields=["network", "folded", "beside_folded"],
                nulls_distinct=False,
                name="registry_taughtname_unique",
                field="name",
                violation_error_message="This name is taught already: change what it means.",
            ),
            not_blank("name"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.beside}" if self.beside else self.name
