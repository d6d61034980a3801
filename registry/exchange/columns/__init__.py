"""The columns of every listing, declared once: for the page, the formats, the API and the Data Package."""

from registry.exchange.columns.answers import COMPARISON, RESULTS
from registry.exchange.columns.base import Column, Field, Listing
from registry.exchange.columns.changes import CHANGES
from registry.exchange.columns.datasets import DATASETS, DIFFERENCES
from registry.exchange.columns.memberships import MEMBERSHIPS
from registry.exchange.columns.opportunities import OPPORTUNITIES, TAKE_UP
from registry.exchange.columns.places import CITIES, ISSUES_OF_CITY, OFFICES
from registry.exchange.columns.records import EXPERIMENTS, ISSUES, NETWORKS, ORGANISATIONS, POLICIES, REPORTS
from registry.exchange.columns.ties import COLLABORATIONS, MEASURES, OVERLAPS

__all__ = [
    "CHANGES",
    "CITIES",
    "COLLABORATIONS",
    "COMPARISON",
    "DATASETS",
    "DIFFERENCES",
    "EXPERIMENTS",
    "ISSUES",
    "ISSUES_OF_CITY",
    "MEASURES",
    "MEMBERSHIPS",
    "NETWORKS",
    "OFFICES",
    "OPPORTUNITIES",
    "ORGANISATIONS",
    "OVERLAPS",
    "POLICIES",
    "REPORTS",
    "RESULTS",
    "TAKE_UP",
    "Column",
    "Field",
    "Listing",
]
