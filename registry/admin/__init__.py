"""The staff site: one file for each concept."""

from registry.admin import (
    accounts,
    cities,
    datasets,
    duplicates,
    evidence,
    issues,
    lists,
    networks,
    offices,
    policies,
    proposals,
    reports,
    tokens,
)

__all__ = [
    "accounts",
    "cities",
    "datasets",
    "duplicates",
    "evidence",
    "issues",
    "lists",
    "networks",
    "offices",
    "policies",
    "proposals",
    "reports",
    "tokens",
]
