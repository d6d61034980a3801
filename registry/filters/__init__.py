"""The parameters of every listing: one FilterSet each, shared by page, export, API and feed."""

from registry.filters.base import RegistryFilterSet
from registry.filters.changes import ChangeFilterSet
from registry.filters.cities import CityFilterSet, OfficeFilterSet
from registry.filters.collaborations import CollaborationFilterSet, MeasureFilterSet
from registry.filters.compare import CompareFilterSet
from registry.filters.datasets import DatasetFilterSet, DifferenceFilterSet
from registry.filters.experiments import ExperimentFilterSet
from registry.filters.memberships import MembershipFilterSet
from registry.filters.networks import NetworkFilterSet, OverlapFilterSet
from registry.filters.opportunities import OpportunityFilterSet, TakeUpFilterSet
from registry.filters.recorded import RecordFilterSet
from registry.filters.records import (
    IssueFilterSet,
    OrganisationFilterSet,
    PolicyFilterSet,
    ReportFilterSet,
)
from registry.filters.search import SearchFilterSet
from registry.filters.within import WithinFilterSet

# By the first part of the listing's address.
LISTINGS: dict[str, type[RegistryFilterSet]] = {
    "cities": CityFilterSet,
    "networks": NetworkFilterSet,
    "memberships": MembershipFilterSet,
    "policies": PolicyFilterSet,
    "experiments": ExperimentFilterSet,
    "offices": OfficeFilterSet,
    "issues": IssueFilterSet,
    "reports": ReportFilterSet,
    "organisations": OrganisationFilterSet,
    "datasets": DatasetFilterSet,
    "collaborations": CollaborationFilterSet,
    "collaborations/measures": MeasureFilterSet,
    "collaborations/overlap": OverlapFilterSet,
    "opportunities": OpportunityFilterSet,
    "opportunities/policies": TakeUpFilterSet,
}
# Pages that take parameters in the same way and list no rows of one kind.
QUESTIONS: dict[str, type[RegistryFilterSet]] = {
    "search": SearchFilterSet,
    "compare": CompareFilterSet,
    "changes": ChangeFilterSet,
    "cities/…/offices": WithinFilterSet,
    "datasets/…": DifferenceFilterSet,
}
# Those whose questions can be saved.
SAVEABLE: dict[str, type[RegistryFilterSet]] = {**LISTINGS, "changes": ChangeFilterSet}
# The page of one record of any of the listings.
RECORD: dict[str, type[RegistryFilterSet]] = {"<listing>/<record>": RecordFilterSet}

__all__ = [
    "LISTINGS",
    "QUESTIONS",
    "RECORD",
    "SAVEABLE",
    "ChangeFilterSet",
    "CityFilterSet",
    "CollaborationFilterSet",
    "CompareFilterSet",
    "DatasetFilterSet",
    "DifferenceFilterSet",
    "ExperimentFilterSet",
    "IssueFilterSet",
    "MeasureFilterSet",
    "MembershipFilterSet",
    "NetworkFilterSet",
    "OfficeFilterSet",
    "OpportunityFilterSet",
    "OrganisationFilterSet",
    "OverlapFilterSet",
    "PolicyFilterSet",
    "RecordFilterSet",
    "RegistryFilterSet",
    "ReportFilterSet",
    "SearchFilterSet",
    "TakeUpFilterSet",
    "WithinFilterSet",
]
