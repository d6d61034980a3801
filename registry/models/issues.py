"""Policy issues: the registry's own tree and its mappings to other schemes."""

from __future__ import annotations

from collections.abc import Iterable

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When
from django.db.models.functions import Coalesce

from registry.choices import MappingMatch
from registry.models.aliases import address_triggers
from registry.models.base import Fold, Named, Record, search_indexes
from registry.models.constraints import FieldUnique, not_itself, one_of
from registry.models.history import tracked
from registry.models.words import word_triggers

DEPTH = 3
_DEEPER = "An issue tree has three levels at most, and no issue lies under itself."


class IssueQuerySet(models.QuerySet):
    """Questions about the tree."""

    def under(self, slugs: Iterable[str]) -> IssueQuerySet:
        """The issues with these slugs and everything below them."""
        return self.filter(pk__in=IssueLine.objects.filter(above__slug__in=list(slugs)).values("issue"))

    def for_listing(self) -> IssueQuerySet:
        """Issues in the order of the tree, each with those above it."""
        above, top = F("parent__name"), F("parent__parent__name")
        third_level = Q(parent__parent__isnull=False)
        return self.select_related("parent", "parent__parent").order_by(
            Coalesce(top, above, "name"),
            Case(When(third_level, then=above), When(parent__isnull=False, then="name"), default=Value("")),
            Case(When(third_level, then="name"), default=Value("")),
            "pk",
        )


def count_under(issues: Iterable[Issue]) -> None:
    """Sets `policy_count`, `network_count` and `office_count`: public records on each issue or below it.

    For all of the issues by one query: counted for each by itself, the records would be gone through as often
    as there are issues.
    """
    from registry.models.networks import Network
    from registry.models.offices import CityOffice
    from registry.models.policies import JointPolicy

    by_key = {issue.pk: issue for issue in issues}
    kinds: dict[str, tuple[str, models.QuerySet]] = {
        "policy_count": ("issue__policies", JointPolicy.objects.public()),
        "network_count": ("issue__networks", Network.objects.public()),
        "office_count": ("issue__offices", CityOffice.objects.public()),
    }
    first, *others = (
        IssueLine.objects.filter(above__in=by_key, **{f"{path}__in": records})
        .values_list("above", Value(name, models.TextField()))
        .annotate(number=Count(path, distinct=True))
        for name, (path, records) in kinds.items()
    )
    counts = {(key, name): number for key, name, number in first.union(*others, all=True)}
    for key, issue in by_key.items():
        for name in kinds:
            setattr(issue, name, counts.get((key, name), 0))


@tracked
class Issue(Named, Record):
    """A policy issue in the registry's tree of two or three levels. A vocabulary: always public."""

    url_name = "issue-detail"

    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    description = models.TextField(
        blank=True, db_default="", help_text="What the issue covers, in a sentence."
    )

    objects = IssueQuerySet.as_manager()

    class Meta(Record.Meta):
        ordering = ["name", "pk"]
        constraints = [*Named.Meta.constraints, not_itself("parent", "id", _DEEPER, field="parent")]
        indexes = search_indexes("issue")
        triggers = [
            *Record.Meta.triggers,
            *address_triggers("issue"),
            *word_triggers(),
            pgtrigger.Trigger(
                name="depth",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id"),
                func=f"""
                    -- One at a time: two moves that are each right could close a circle together.
                    PERFORM pg_advisory_xact_lock(hashtext('registry_issue_depth'));
                    IF EXISTS (
                        WITH RECURSIVE line(id, parent_id, depth, top) AS (
                            SELECT id, parent_id, 1, id FROM registry_issue WHERE parent_id IS NULL
                            UNION ALL
                            SELECT child.id, child.parent_id, depth + 1, top FROM registry_issue child
                            JOIN line ON child.parent_id = line.id WHERE depth <= {DEPTH}
                        )
                        SELECT 1 FROM line WHERE depth > {DEPTH}
                        UNION ALL
                        SELECT 1 WHERE NEW.id NOT IN (SELECT id FROM line)
                    ) THEN
                        RAISE EXCEPTION '{_DEEPER}'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'registry_issue_depth';
                    END IF;
                    RETURN NULL;""",
            ),
        ]

    @property
    def depth(self) -> int:
        """How many issues lie above it. Costs queries unless those were fetched."""
        return 0 if self.parent is None else 1 + self.parent.depth

    def clean(self) -> None:
        super().clean()
        above = 0
        ancestor = self.parent
        while ancestor is not None:
            above += 1
            if ancestor.pk == self.pk or above >= DEPTH:
                raise ValidationError({"parent": _DEEPER})
            ancestor = ancestor.parent
        if self.pk and self.parent and above + self._levels_below() >= DEPTH:
            raise ValidationError({"parent": _DEEPER})

    def _levels_below(self) -> int:
        if Issue.objects.filter(parent__parent=self).exists():
            return 2
        return int(self.children.exists())


class IssueLine(models.Model):
    """An issue, and one that it lies under: itself, its parent, its parent's parent (a view)."""

    issue = models.ForeignKey(Issue, models.DO_NOTHING, related_name="lines")
    above = models.ForeignKey(Issue, models.DO_NOTHING, related_name="lines_below")

    class Meta:
        managed = False
        db_table = "registry_issue_line"
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.issue} under {self.above}"


@tracked
class IssueScheme(models.Model):
    """Another scheme of issues: UN SDG, Urban Agenda for the EU, Comparative Agendas Project."""

    slug = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=200)
    url = models.URLField(blank=True, db_default="")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked
class SchemeConcept(models.Model):
    """One concept of another scheme, by the code that the scheme gives it."""

    scheme = models.ForeignKey(IssueScheme, models.CASCADE, related_name="concepts")
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=200)

    class Meta:
        ordering = ["scheme", "pk"]
        constraints = [
            FieldUnique(
                fields=["scheme", "code"],
                name="registry_schemeconcept_code_unique",
                field="code",
                violation_error_message="This scheme has a concept with that code.",
            ),
        ]
        indexes = search_indexes("schemeconcept", Fold(F("label")))
        triggers = word_triggers("registry_fold(label)")

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


@tracked
class IssueMapping(models.Model):
    """That an issue of the registry agrees, more or less closely, with a concept of another scheme."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="mappings")
    concept = models.ForeignKey(SchemeConcept, models.PROTECT, related_name="mappings")
    match = models.CharField(max_length=7, choices=MappingMatch, default=MappingMatch.CLOSE)

    class Meta:
        ordering = ["concept"]
        constraints = [
            FieldUnique(
                fields=["issue", "concept"],
                name="registry_issuemapping_unique",
                field="concept",
                violation_error_message="This issue is mapped to that concept already.",
            ),
            one_of("match", MappingMatch, "Choose exact, close, broad, narrow or related."),
        ]

    def __str__(self) -> str:
        return f"{self.issue} – {self.concept}"
