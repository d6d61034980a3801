"""The tables of a Data Package, in the order in which their rows refer to each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, cached_property
from typing import Any

from django.contrib.auth.models import User
from pghistory.models import Context

from registry import models as registry
from registry.exchange import columns
from registry.exchange.package.fields import TableField, fields_of, recorded_fields
from registry.models.history import event_models

GEONAMES = (registry.City, registry.CityName, registry.Country, registry.Division)
OF_DATASETS = (registry.DatasetFile, registry.Observation, registry.ObservedMembership)
ACCOUNT_FIELDS = ("id", "username")


class Scope(Enum):
    """Who may have a table: everybody, or only who gets all of the registry."""

    PUBLIC = "public"
    STAFF = "staff"
    HISTORY = "history"


@dataclass(frozen=True)
class Table:
    """One file of the package: the rows of one table of the registry.

    `key` has the model's fields that together name a row. `about` says what one row means.
    """

    name: str
    model: Any
    key: tuple[str, ...]
    scope: Scope = Scope.PUBLIC
    about: str = ""

    @property
    def path(self) -> str:
        """The name of its file."""
        return f"{self.name}.csv"

    @property
    def title(self) -> str:
        """What its rows are called."""
        words = self.name.replace("-", " ")
        return words[:1].upper() + words[1:]

    @property
    def from_geonames(self) -> bool:
        """Whether most of what it says comes from GeoNames."""
        return self.model in GEONAMES

    @property
    def of_datasets(self) -> bool:
        """Whether its rows are parts of research tables."""
        return self.model in OF_DATASETS

    @cached_property
    def all_fields(self) -> tuple[TableField, ...]:
        """Its columns, those for staff among them; said in the words of the listing of the same rows."""
        if self.scope is Scope.HISTORY:
            return tuple(recorded_fields(self.model))
        fields = tuple(fields_of(self.model, keys()))
        if self.model is User:
            fields = tuple(one for one in fields if one.field.name in ACCOUNT_FIELDS)
        said = _listed_fields().get(self.name, {})
        fields = tuple(replace(one, about=said.get(one.name, one.about)) for one in fields)
        first = ("key", *self.key)
        return tuple(sorted(fields, key=lambda one: one.name != "key" and one.field.name not in first))

    def fields(self, everything: bool) -> list[TableField]:
        """Its columns in the package of `everything`, or in the public one."""
        return [one for one in self.all_fields if everything or not one.staff]

    def key_fields(self) -> list[TableField]:
        """The columns that together name a row."""
        return [one for part in self.key for one in self.all_fields if one.field.name == part]


# Each in the order of its references; None where its permanent identifier names a row.
_PUBLIC: tuple[tuple[str, Any, tuple[str, ...] | None], ...] = (
    ("countries", registry.Country, ("alpha2",)),
    ("divisions", registry.Division, ("code",)),
    ("sources", registry.Source, None),
    ("issues", registry.Issue, None),
    ("issue-schemes", registry.IssueScheme, ("slug",)),
    ("scheme-concepts", registry.SchemeConcept, ("scheme", "code")),
    ("issue-mappings", registry.IssueMapping, ("issue", "concept")),
    ("cities", registry.City, None),
    ("city-names", registry.CityName, ("city", "name", "language")),
    ("city-links", registry.CityLink, None),
    ("networks", registry.Network, None),
    ("network-issues", registry.Network.issues.through, ("network", "issue")),
    ("network-names", registry.NetworkName, ("network", "name", "language")),
    ("network-links", registry.NetworkLink, None),
    ("roster-confirmations", registry.RosterConfirmation, None),
    ("memberships", registry.Membership, None),
    ("offices", registry.CityOffice, None),
    ("office-remits", registry.CityOffice.remit.through, ("cityoffice", "issue")),
    ("office-holders", registry.OfficeHolder, None),
    ("office-links", registry.OfficeLink, None),
    ("policies", registry.JointPolicy, None),
    ("policy-issues", registry.JointPolicy.issues.through, ("jointpolicy", "issue")),
    ("policy-networks", registry.JointPolicy.networks.through, ("jointpolicy", "network")),
    ("parties", registry.PolicyParty, None),
    ("experiments", registry.PolicyExperiment, None),
    ("experiment-sites", registry.PolicyExperiment.sites.through, ("policyexperiment", "city")),
    (
        "experiment-replications",
        registry.PolicyExperiment.replicated_by.through,
        ("from_policyexperiment", "to_policyexperiment"),
    ),
    ("organisations", registry.Organisation, None),
    ("partnerships", registry.Partnership, None),
    ("reports", registry.Report, None),
    ("report-issues", registry.Report.issues.through, ("report", "issue")),
    ("report-networks", registry.Report.networks.through, ("report", "network")),
    ("report-policies", registry.Report.policies.through, ("report", "jointpolicy")),
    ("report-cities", registry.Report.cities.through, ("report", "city")),
    ("datasets", registry.Dataset, None),
    ("dataset-files", registry.DatasetFile, ("dataset",)),
    ("observations", registry.Observation, ("dataset", "row_key", "column")),
    ("observed-memberships", registry.ObservedMembership, ("observation", "network")),
    ("identifiers", registry.Identifier, ("scheme", "value")),
    ("citations", registry.Citation, None),
)
_STAFF: tuple[tuple[str, Any, tuple[str, ...] | None], ...] = (
    ("aliases", registry.Alias, ("id",)),
    ("merges", registry.Merge, None),
    ("no-duplicates", registry.NotDuplicate, ("id",)),
    ("proposals", registry.Proposal, None),
    ("review-comments", registry.ReviewComment, ("id",)),
    ("lists", registry.ListImport, None),
    ("list-departed-members", registry.ListImport.departed_members.through, ("listimport", "membership")),
    ("list-departed-parties", registry.ListImport.departed_parties.through, ("listimport", "policyparty")),
    ("list-rows", registry.ListImportRow, ("listing", "number")),
    ("taught-names", registry.TaughtName, ("id",)),
    ("saved-searches", registry.SavedSearch, ("id",)),
)
ACCOUNTS = "accounts"


@cache
def keys() -> dict[Any, tuple[str, ...]]:
    """The names of the fields that name a row of each model."""
    own = {model: key or ("pid",) for _, model, key in (*_PUBLIC, *_STAFF)}
    return {**own, User: ("username",)}


@cache
def tables(everything: bool) -> tuple[Table, ...]:
    """The tables of the package of `everything`, or of the public one."""
    public = tuple(_table(*given) for given in _PUBLIC)
    if not everything:
        return public
    accounts = Table(ACCOUNTS, User, ("username",), Scope.STAFF, "One row is an account of staff, by name.")
    staff = (_table(*given, Scope.STAFF) for given in _STAFF)
    return (accounts, *public, *staff, *_history(public))


def _table(name: str, model: Any, key: tuple[str, ...] | None, scope: Scope = Scope.PUBLIC) -> Table:
    about = (model.__doc__ or "").partition("\n\n")[0] if not model._meta.auto_created else ""
    if (listing := _listings().get(name)) is not None:
        about = str(listing.row)
    ends = [one.verbose_name for one in model._meta.concrete_fields if one.remote_field]
    words = " ".join(about.split()) or f"That two records are linked: {' and '.join(map(str, ends))}."
    return Table(name, model, key or ("pid",), scope, words)


def _history(public: tuple[Table, ...]) -> tuple[Table, ...]:
    names = {table.model: table.name for table in public} | {model: name for name, model, _ in _STAFF}
    contexts = Table("history-contexts", Context, ("id",), Scope.HISTORY, "Who acted, and how.")
    events = (
        Table(
            f"history-{names[model]}",
            event,
            ("pgh_id",),
            Scope.HISTORY,
            "One recorded state of one row; keys name rows by their `key`.",
        )
        for model, event in event_models().items()
    )
    return (contexts, *sorted(events, key=lambda table: table.name))


@cache
def _listings() -> dict[str, columns.Listing]:
    """The listings, by name: a table of the same rows is described in their words."""
    return {one.name: one for one in vars(columns).values() if isinstance(one, columns.Listing)}


@cache
def _listed_fields() -> dict[str, dict[str, str]]:
    return {
        name: {field.name: field.about for column in listing.columns for field in column.fields}
        for name, listing in _listings().items()
    }
