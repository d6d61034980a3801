"""List filters that never list a hundred thousand options."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from registry.admin.fields import RecordChoiceField, RecordSelect
from registry.models import City, Issue, Membership, OfficeHolder, Partnership, PolicyParty
from registry.models.sources import Citation

LARGEST_KEY = 2**63
# After this time a member list should be checked again.
STALE = timedelta(days=730)


class RecordFilter(admin.SimpleListFilter):
    """Rows of one record, chosen by typing its name; the address takes its slug or code too."""

    template = "admin/registry/record_filter.html"
    # Any foreign key to the kind of record: autocompletion asks by it what to search.
    key: ClassVar[models.ForeignKey]
    # The lookup from the row to the record.
    path: ClassVar[str]
    code: ClassVar[str] = "slug__exact"

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.site = model_admin.admin_site
        self.related = self.site._registry[self.key.related_model]
        self.record = self._find(self.value() or "")

    def _find(self, value: str) -> Any:
        if not value:
            return None
        records = self.key.related_model._default_manager.all()
        if self.related.label_related:
            records = records.select_related(*self.related.label_related)
        if value.isascii() and value.isdigit():
            return records.filter(pk=value).first() if int(value) < LARGEST_KEY else None
        return records.filter(**{self.code: value[:120]}).first()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[Any]:
        """None: the box finds them."""
        return []

    def has_output(self) -> bool:
        """Always: the box is there though nothing is listed."""
        return True

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        """Rows of the record; none where the address names none."""
        if not self.value():
            return queryset
        return self.narrow(queryset, self.record.pk) if self.record else queryset.none()

    def narrow(self, queryset: models.QuerySet, key: Any) -> models.QuerySet:
        """Rows of the record with this key, each once."""
        named = {self.path: key}
        if queryset.model._meta.get_field(self.path.partition("__")[0]).one_to_many:
            return queryset.filter(pk__in=queryset.model._default_manager.filter(**named).values("pk"))
        return queryset.filter(**named)

    def choices(self, changelist: Any) -> Iterator[Any]:
        """The box, the parameters it must keep, and the way back to all rows."""
        dropped = {self.parameter_name, PAGE_VAR}
        kept = [(name, value) for name, values in changelist.filter_params.items() for value in values]
        yield {
            "select": self._select(),
            "kept": [(name, value) for name, value in kept if name not in dropped],
            "all": changelist.get_query_string(remove=[self.parameter_name]),
            "unknown": self.value() if self.value() and not self.record else "",
            "selected": bool(self.value()),
        }

    def _select(self) -> SafeString:
        widget = RecordSelect(self.key, self.site)
        RecordChoiceField(self.key.related_model._default_manager.none(), required=False, widget=widget)
        widget.is_required = False
        if self.record:
            widget.known = {str(self.record.pk): self.related.label_of(self.record)}
        name = str(self.parameter_name)
        attributes = {"id": f"filter-{name}", "aria-label": str(self.title)}
        return widget.render(name, str(self.record.pk) if self.record else "", attributes)


def _key(model: type[models.Model], name: str) -> models.ForeignKey:
    return model._meta.get_field(name)  # type: ignore[return-value]


def _filter(key: models.ForeignKey, parameter: str, path: str, code: str = "slug__exact") -> Any:
    """A filter class for one way from the rows to a kind of record."""
    named = {
        "title": parameter.replace("_", " "),
        "parameter_name": parameter,
        "key": key,
        "path": path,
        "code": code,
    }
    return type(f"{parameter.title()}Filter", (RecordFilter,), named)


def by_country(path: str = "country") -> Any:
    """Rows of a country, by its two letters."""
    return _filter(_key(City, "country"), "country", path, "pk__iexact")


def by_city(path: str = "city", parameter: str = "city") -> Any:
    """Rows of a city."""
    return _filter(_key(Membership, "city"), parameter, path)


def by_network(path: str = "network") -> Any:
    """Rows of a network."""
    return _filter(_key(Membership, "network"), "network", path)


def by_policy(path: str = "policy") -> Any:
    """Rows of a joint policy."""
    return _filter(_key(PolicyParty, "policy"), "policy", path)


def by_office(path: str = "office") -> Any:
    """Rows of an office."""
    return _filter(_key(OfficeHolder, "office"), "office", path)


def by_organisation(path: str = "organisation") -> Any:
    """Rows of an organisation."""
    return _filter(_key(Partnership, "organisation"), "organisation", path)


def by_source(path: str = "source") -> Any:
    """Rows of a source."""
    return _filter(_key(Citation, "source"), "source", path, "url__exact")


class _UnderIssue(RecordFilter):
    """Rows on an issue or on one below it."""

    def narrow(self, queryset: models.QuerySet, key: Any) -> models.QuerySet:
        """Rows linked to the issue or to one below it, each once."""
        field: Any = queryset.model._meta.get_field(self.path)
        if not field.many_to_many:
            return queryset.filter(**{f"{self.path}__in": Issue.objects.under([self.record.slug])})
        links = field.remote_field.through
        row, issue = field.m2m_field_name(), field.m2m_reverse_field_name()
        below = links.objects.filter(**{f"{issue}__in": Issue.objects.under([self.record.slug])})
        return queryset.filter(pk__in=below.values(row))


def by_issue(path: str = "issues") -> Any:
    """Rows on an issue."""
    named = {"title": "issue", "parameter_name": "issue", "key": _key(Issue, "parent"), "path": path}
    return type("IssueFilter", (_UnderIssue,), named)


class EvidenceFilter(admin.SimpleListFilter):
    """Rows with and without a citation."""

    title = "evidence"
    parameter_name = "evidence"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Sourced or not."""
        return [("sourced", "Sourced"), ("unsourced", "Unsourced")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        """Rows by whether a citation supports them."""
        if self.value() not in ("sourced", "unsourced"):
            return queryset
        target = queryset.model._meta.get_field("citations").field.name
        cited = models.Exists(Citation.objects.filter(**{target: models.OuterRef("pk")}))
        return queryset.filter(cited if self.value() == "sourced" else ~cited)


class _OneQuestion(admin.SimpleListFilter):
    """Rows of which one thing is so."""

    answer: ClassVar[tuple[str, str]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The one answer that there is to choose."""
        return [self.answer]

    def queryset(self, request: HttpRequest, queryset: Any) -> models.QuerySet:
        """All rows, or those of which it is so."""
        return self.narrowed(request, queryset) if self.value() == self.answer[0] else queryset

    def narrowed(self, request: HttpRequest, queryset: Any) -> models.QuerySet:
        """The rows of which it is so."""
        raise NotImplementedError


class UncheckedFilter(_OneQuestion):
    """Networks whose member list nobody checked for two years."""

    title = "member list"
    parameter_name = "roster"
    answer = ("unchecked", "Not checked for two years")

    def narrowed(self, request: HttpRequest, queryset: Any) -> models.QuerySet:
        """By the checks on record."""
        return queryset.unchecked_since(timezone.localdate() - STALE)


class VacantFilter(_OneQuestion):
    """Offices whose holder's term is over."""

    title = "term of the holder"
    parameter_name = "term"
    answer = ("over", "Over")

    def narrowed(self, request: HttpRequest, queryset: Any) -> models.QuerySet:
        """By the holders on record."""
        return queryset.vacant_on(timezone.localdate())


class OwnProposalFilter(_OneQuestion):
    """Proposals of the account that looks."""

    title = "author"
    parameter_name = "whose"
    answer = ("mine", "Mine")

    def narrowed(self, request: HttpRequest, queryset: Any) -> models.QuerySet:
        """By who proposed."""
        return queryset.filter(proposed_by=request.user)
