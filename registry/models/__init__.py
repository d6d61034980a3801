"""The model: one file for each concept, each QuerySet directly above its model."""

from registry.models.aliases import Alias
from registry.models.cities import City, CityLink, CityName
from registry.models.countries import Country, Division
from registry.models.datasets import Dataset, DatasetFile, Observation, ObservedMembership
from registry.models.duplicates import NotDuplicate
from registry.models.identifiers import Identifier
from registry.models.imports import ListImport, ListImportRow, TaughtName
from registry.models.issues import Issue, IssueMapping, IssueScheme, SchemeConcept
from registry.models.memberships import Membership
from registry.models.merges import Merge
from registry.models.networks import (
    Network,
    NetworkLink,
    NetworkName,
    RosterConfirmation,
)
from registry.models.offices import CityOffice, OfficeHolder, OfficeLink
from registry.models.organisations import Organisation, Partnership
from registry.models.packages import PackageLoad
from registry.models.policies import JointPolicy, PolicyExperiment, PolicyParty
from registry.models.proposals import Proposal, ReviewComment
from registry.models.releases import Release, ReleasedRecord
from registry.models.reports import Report
from registry.models.searches import SavedSearch
from registry.models.sources import Citation, Source
from registry.models.taking_part import TakingPart
from registry.models.ties import AnyTie, DirectTie, LargePolicy, LiveParty, Tie
from registry.models.tokens import ApiToken, TokenAccount

__all__ = [
    "Alias",
    "AnyTie",
    "ApiToken",
    "Citation",
    "City",
    "CityLink",
    "CityName",
    "CityOffice",
    "Country",
    "Dataset",
    "DatasetFile",
    "DirectTie",
    "Division",
    "Identifier",
    "Issue",
    "IssueMapping",
    "IssueScheme",
    "JointPolicy",
    "LargePolicy",
    "LiveParty",
    "ListImport",
    "ListImportRow",
    "Membership",
    "Merge",
    "Network",
    "NetworkLink",
    "NetworkName",
    "NotDuplicate",
    "Observation",
    "ObservedMembership",
    "OfficeHolder",
    "OfficeLink",
    "Organisation",
    "PackageLoad",
    "Partnership",
    "PolicyExperiment",
    "PolicyParty",
    "Proposal",
    "Release",
    "ReleasedRecord",
    "Report",
    "ReviewComment",
    "RosterConfirmation",
    "SavedSearch",
    "SchemeConcept",
    "Source",
    "TakingPart",
    "TaughtName",
    "Tie",
    "TokenAccount",
]
