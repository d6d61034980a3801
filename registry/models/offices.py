"""Offices and posts in city governments, who heads them, and how they work together."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F

from registry.choices import Ended, OfficeKind, Publication
from registry.models.aliases import address_triggers
from registry.models.base import Named, PublicQuerySet, PublicRecord, search_indexes
from registry.models.cities import City
from registry.models.constraints import FieldUnique, not_blank, not_itself, one_of
from registry.models.dates import (
    Certain,
    Dated,
    PartialDateField,
    Possible,
    date_constraints,
    over,
)
from registry.models.history import tracked, tracked_links
from registry.models.issues import Issue
from registry.models.taking_part import issue_triggers, part_triggers
from registry.models.words import word_triggers


def same_city_trigger(
    *,
    name: str,
    columns: tuple[str, ...],
    offices: str,
    wrong: str,
    constraint: str,
    message: str,
    condition: pgtrigger.Condition | None = None,
) -> pgtrigger.Trigger:
    """Refuse a row whose ends lie in different cities; `offices` and `wrong` are SQL over NEW.

    `condition` spares the call for rows that cannot be wrong: it costs a million rows two minutes.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*columns),
        condition=condition,
        func=f"""
            -- An office that another transaction is moving: wait until it is known where to.
            PERFORM id FROM registry_cityoffice WHERE id IN ({offices}) ORDER BY id FOR SHARE;
            IF {wrong} THEN
                RAISE EXCEPTION '{message}' USING ERRCODE = 'check_violation', CONSTRAINT = '{constraint}';
            END IF;
            RETURN NEW;""",
    )


class OfficeQuerySet(PublicQuerySet):
    """Questions about offices."""

    def for_listing(self) -> OfficeQuerySet:
        """Public offices as the listing shows them."""
        return (
            self.public()
            .select_related("city", "city__country")
            .prefetch_related("remit")
            .order_by("city__name", "name", "pk")
        )

    def open(self) -> OfficeQuerySet:
        """Offices that are not known to be closed."""
        return self.exclude(over())

    def vacant_on(self, day: date) -> OfficeQuerySet:
        """Published offices, not closed, of whose holders none may be in office on that day."""
        holders = OfficeHolder.objects.filter(office=models.OuterRef("pk"))
        # An end of the kind "2010" is kept in the range as the first day after it.
        in_office = holders.filter(possible__contains=day).exclude(ended=Ended.ENDED)
        unknown = holders.filter(possible__isnull=True).exclude(ended=Ended.ENDED)
        offices = self.filter(publication=Publication.PUBLISHED, closed__isnull=True)
        return offices.exclude(ended=Ended.ENDED).filter(
            models.Exists(holders), ~models.Exists(in_office), ~models.Exists(unknown)
        )


@tracked
class CityOffice(Named, PublicRecord):
    """An office or post in a city's government, while it exists."""

    url_name = "office-detail"
    public_ends = ("city",)

    city = models.ForeignKey(City, models.CASCADE, related_name="offices")
    kind = models.CharField(max_length=24, choices=OfficeKind)
    remit = models.ManyToManyField(
        Issue,
        blank=True,
        related_name="offices",
        help_text="The issues it is charged with.",
    )
    established = PartialDateField(help_text="2005, 2005-11 or 2005-11-03. Empty if unknown.")
    closed = PartialDateField(help_text="The last year, month or day of its existence.")
    ended = models.CharField(max_length=8, choices=Ended, default=Ended.UNKNOWN, db_default=Ended.UNKNOWN)
    observed_on = PartialDateField(help_text="A date at which a source shows it to exist.")
    website = models.URLField(blank=True, db_default="")
    description = models.TextField(blank=True, db_default="")
    certain = models.GeneratedField(
        expression=Certain(F("established"), F("closed"), F("ended"), F("observed_on")),
        output_field=DateRangeField(),
        db_persist=True,
    )
    possible = models.GeneratedField(
        expression=Possible(F("established"), F("closed")),
        output_field=DateRangeField(),
        db_persist=True,
    )

    objects: ClassVar[models.Manager[Any]] = OfficeQuerySet.as_manager()

    class Meta(PublicRecord.Meta):
        ordering = ["name", "pk"]
        constraints = [
            *Named.Meta.constraints,
            *PublicRecord.Meta.constraints,
            *date_constraints("established", "closed"),
            one_of("kind", OfficeKind, "Choose one of the kinds of office."),
            FieldUnique(
                fields=["city", "name"],
                name="registry_cityoffice_name_unique",
                field="name",
                violation_error_message="This city has an office of that name.",
            ),
        ]
        indexes = [
            *PublicRecord.Meta.indexes,
            GinIndex(OpClass(F("folded"), "gin_trgm_ops"), name="office_trigrams"),
            *search_indexes("office"),
        ]
        triggers = [
            *PublicRecord.Meta.triggers,
            *address_triggers("cityoffice"),
            *part_triggers(),
            *word_triggers(),
            pgtrigger.Trigger(
                name="keeps_its_city",
                level=pgtrigger.Row,
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("city_id"),
                func="""
                    IF OLD.city_id <> NEW.city_id AND (
                        EXISTS (SELECT 1 FROM registry_policyparty WHERE office_id = NEW.id
                                AND city_id <> NEW.city_id)
                        OR EXISTS (SELECT 1 FROM registry_officelink WHERE NEW.id IN (office_id, other_id))
                    ) THEN
                        RAISE EXCEPTION 'The office is linked in its city and cannot move to another.'
                            USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'registry_cityoffice_keeps_its_city';
                    END IF;
                    RETURN NEW;""",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.city}"

    def slug_parts(self) -> tuple[str, ...]:
        return (self.name, self.city.slug if self.city_id else "")

    @property
    def work(self) -> list[OfficeLink]:
        """Its links, each with the office at its other end as `partner`.

        Of those fetched as `links_made` and `links_taken`, which stand for the two sides of a link.
        """
        links = [*self.links_made, *self.links_taken]  # type: ignore[attr-defined]
        for link in links:
            link.partner = link.seen_from(self)
        return links

    def clean(self) -> None:
        super().clean()
        if self.pk and self._moves_while_linked():
            raise ValidationError({"city": "The office is linked in its city and cannot move to another."})

    def _moves_while_linked(self) -> bool:
        linked = self.carries.exclude(city=self.city_id).exists()
        here = CityOffice.objects.filter(pk=self.pk, city=self.city_id).exists()
        return not here and (linked or self.links.exists() or self.linked_from.exists())


tracked_links(
    CityOffice.remit.through,
    *issue_triggers("cityoffice_id", "registry_cityoffice", "registry_cityoffice", "id"),
)


@tracked
class OfficeHolder(PublicRecord, Dated):
    """Who heads an office, from when to when: a public official in the public role only."""

    public_ends = ("office", "office__city")

    office = models.ForeignKey(CityOffice, models.CASCADE, related_name="holders")
    person_name = models.CharField(max_length=200)
    title = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        help_text="The holder's title, if it differs.",
    )

    class Meta(PublicRecord.Meta):
        ordering = ["-since", "pk"]
        constraints = [
            *PublicRecord.Meta.constraints,
            *Dated.Meta.constraints,
            not_blank("person_name"),
            FieldUnique(
                fields=["office", "person_name", "since"],
                nulls_distinct=False,
                name="registry_officeholder_unique",
                field="person_name",
                violation_error_message="This holder is recorded from that date already.",
            ),
        ]

    def __str__(self) -> str:
        return self.person_name


@tracked
class OfficeLink(PublicRecord, Dated):
    """Two offices of the same city working together on an issue, and how."""

    public_ends = ("office", "office__city", "other")
    # The office at the other end, where it was fetched from one of them (`CityOffice.work`).
    partner: CityOffice

    office = models.ForeignKey(CityOffice, models.CASCADE, related_name="links")
    other = models.ForeignKey(
        CityOffice,
        models.CASCADE,
        related_name="linked_from",
        verbose_name="other office",
    )
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="office_links")
    how = models.CharField(
        max_length=300,
        blank=True,
        db_default="",
        help_text="Joint budget, weekly meeting…",
    )

    class Meta(PublicRecord.Meta):
        ordering = ["pk"]
        constraints = [
            *PublicRecord.Meta.constraints,
            *Dated.Meta.constraints,
            not_itself("office", "other", "An office cannot be linked to itself."),
            FieldUnique(
                fields=["office", "other", "issue", "since"],
                nulls_distinct=False,
                name="registry_officelink_unique",
                field="other",
                violation_error_message="These offices are linked on that issue already.",
            ),
        ]
        triggers = [
            *PublicRecord.Meta.triggers,
            same_city_trigger(
                name="within_one_city",
                columns=("office_id", "other_id"),
                offices="NEW.office_id, NEW.other_id",
                wrong="(SELECT count(DISTINCT city_id) FROM registry_cityoffice"
                " WHERE id IN (NEW.office_id, NEW.other_id)) > 1",
                constraint="registry_officelink_within_one_city",
                message="Both offices must belong to the same city.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office} with {self.other}"

    @property
    def pair(self) -> str:
        """The names of both offices, without their city."""
        return f"{self.office.name} – {self.other.name}"

    def seen_from(self, office: CityOffice) -> CityOffice:
        """The office at its other end."""
        return self.office if self.other_id == office.pk else self.other

    def clean(self) -> None:
        super().clean()
        if self.office_id and self.other_id and self.office.city_id != self.other.city_id:
            raise ValidationError({"other": f"{self.other} is not an office of {self.office.city}."})
