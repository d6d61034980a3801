"""What the API gives out: each listing of the site by its own view, and what can be embedded in its rows.

A further listing is one line of LISTED; tables of the Data Package that have no listing follow by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from registry.api.search import SearchRows
from registry.api.tables import read_as_tables, rows_of
from registry.exchange.columns import Field
from registry.models import (
    CityOffice,
    JointPolicy,
    Membership,
    Network,
    Partnership,
    PolicyExperiment,
    PolicyParty,
    Report,
)
from registry.views import changes, collaborations, datasets, listings, measures, opportunities
from registry.views.listings import RegistryListView

Links = Callable[[], QuerySet]


@dataclass(frozen=True)
class Embed:
    """Rows of another resource beside each row: `links` have a column `here` and lead `there`."""

    resource: str
    links: Links
    here: str
    there: str = "pk"


@dataclass(frozen=True)
class Resource:
    """Rows of one kind. `one` is what a row is called: the name of the parameter by which others ask for it.

    Only `records` have an identifier of their own, and so an address for each row. Without a value of each of
    `needed` there is nothing to answer.
    """

    name: str
    view: type[RegistryListView]
    one: str = ""
    records: bool = True
    embeds: dict[str, Embed] = field(default_factory=dict)
    needed: tuple[str, ...] = ()

    def rows(self) -> RegistryListView:
        """The listing that gives the rows."""
        return self.view()

    @property
    def fields(self) -> dict[str, Field]:
        """Every field of a row, by its name."""
        return {one.name: one for column in self.rows().listing.columns for one in column.fields}

    @property
    def key(self) -> str:
        """What the parts of the description are named by: `cities`, `collaborations-measures`."""
        return self.name.replace("/", "-")

    @property
    def filterset(self) -> Any:
        """The parameters that narrow the rows."""
        return self.view.filterset_class

    @property
    def parameters(self) -> dict[str, Any]:
        """Those of them that say something of the rows, and not of the page that shows them."""
        of_the_page = {*self.filterset.of_the_page} - {"order", "page_size"}
        return {name: one for name, one in self.filterset.base_filters.items() if name not in of_the_page}


def _links(model: Any) -> Links:
    return lambda: model.objects.public()


def _pairs(relation: Any) -> Links:
    return lambda: relation.through.objects.all()


def _members() -> QuerySet:
    """Memberships that say that the city is or was a member."""
    return Membership.objects.public().present()


_CITY = {
    "networks": Embed("networks", _members, "city", "network"),
    "memberships": Embed("memberships", _links(Membership), "city"),
    "policies": Embed("policies", _links(PolicyParty), "city", "policy"),
    "offices": Embed("offices", _links(CityOffice), "city"),
    "reports": Embed("reports", _pairs(Report.cities), "city", "report"),
    "experiments": Embed("experiments", _pairs(PolicyExperiment.sites), "city", "policyexperiment"),
}
_NETWORK = {
    "cities": Embed("cities", _members, "network", "city"),
    "memberships": Embed("memberships", _links(Membership), "network"),
    "policies": Embed("policies", _pairs(JointPolicy.networks), "network", "jointpolicy"),
    "reports": Embed("reports", _pairs(Report.networks), "network", "report"),
    "organisations": Embed("organisations", _links(Partnership), "network", "organisation"),
}
_POLICY = {
    "cities": Embed("cities", _links(PolicyParty), "policy", "city"),
    "networks": Embed("networks", _pairs(JointPolicy.networks), "jointpolicy", "network"),
    "experiments": Embed("experiments", _links(PolicyExperiment), "policy"),
    "reports": Embed("reports", _pairs(Report.policies), "jointpolicy", "report"),
    "organisations": Embed("organisations", _links(Partnership), "policy", "organisation"),
}
_ISSUE = {
    "networks": Embed("networks", _pairs(Network.issues), "issue", "network"),
    "policies": Embed("policies", _pairs(JointPolicy.issues), "issue", "jointpolicy"),
    "offices": Embed("offices", _pairs(CityOffice.remit), "issue", "cityoffice"),
    "reports": Embed("reports", _pairs(Report.issues), "issue", "report"),
}
_REPORT = {
    "cities": Embed("cities", _pairs(Report.cities), "report", "city"),
    "networks": Embed("networks", _pairs(Report.networks), "report", "network"),
    "policies": Embed("policies", _pairs(Report.policies), "report", "jointpolicy"),
}
_ORGANISATION = {
    "policies": Embed("policies", _links(Partnership), "organisation", "policy"),
    "networks": Embed("networks", _links(Partnership), "organisation", "network"),
}

_EXPERIMENT = {
    "replications": Embed(
        "experiments",
        _pairs(PolicyExperiment.replicated_by),
        "from_policyexperiment",
        "to_policyexperiment",
    ),
}

LISTED = {
    one.name: one
    for one in (
        Resource("cities", listings.CityList, "city", embeds=_CITY),
        Resource("networks", listings.NetworkList, "network", embeds=_NETWORK),
        Resource("policies", listings.PolicyList, "policy", embeds=_POLICY),
        Resource("experiments", listings.ExperimentList, embeds=_EXPERIMENT),
        Resource("offices", listings.OfficeList, "office"),
        Resource("issues", listings.IssueList, "issue", embeds=_ISSUE),
        Resource("reports", listings.ReportList, embeds=_REPORT),
        Resource("organisations", listings.OrganisationList, "organisation", embeds=_ORGANISATION),
        Resource("memberships", listings.MembershipList),
        Resource("datasets", datasets.DatasetList, "dataset"),
        Resource("collaborations", collaborations.CollaborationList, records=False),
        Resource("collaborations/measures", measures.MeasureList, records=False),
        Resource("collaborations/overlap", measures.OverlapView, records=False),
        Resource("opportunities", opportunities.OpportunityList, records=False),
        Resource("opportunities/policies", opportunities.TakeUpList, records=False),
        Resource("changes", changes.ChangeList, records=False),
        Resource("search", SearchRows, records=False, needed=("q",)),
    )
}


def _with_tables() -> dict[str, Resource]:
    """All resources: where a row of a table leads to a record, it can be embedded in that."""
    read = read_as_tables({*LISTED})
    own = {table: Resource(table.name, rows_of(table), records=table.key == ("pid",)) for table in read}
    found = LISTED | {one.name: one for one in own.values()}
    by_model = {one.view.queryset.model: one for one in LISTED.values() if one.records}
    by_model |= {table.model: one for table, one in own.items()}
    for table in own:
        for end in table.model._meta.concrete_fields:
            if end.remote_field and (whole := by_model.get(end.related_model)) is not None:
                # Of all links those to public rows are taken, by the rows' own view.
                rows = Embed(table.name, table.model._base_manager.all, end.name)
                whole.embeds.setdefault(end.remote_field.get_accessor_name(), rows)
    return found


RESOURCES = _with_tables()
