"""One page for each record: everything the registry knows of it."""

from registry.views.details.cities import CityDetail
from registry.views.details.experiments import ExperimentDetail
from registry.views.details.issues import IssueDetail
from registry.views.details.networks import NetworkDetail
from registry.views.details.offices import OfficeDetail
from registry.views.details.organisations import OrganisationDetail
from registry.views.details.policies import PolicyDetail
from registry.views.details.reports import ReportDetail

__all__ = [
    "CityDetail",
    "ExperimentDetail",
    "IssueDetail",
    "NetworkDetail",
    "OfficeDetail",
    "OrganisationDetail",
    "PolicyDetail",
    "ReportDetail",
]
