"""The staff site: one file for each concept."""

from registry.admin import (
    accounts,
    cities,
    evidence,
    issues,
    networks,
    offices,
    policies,
    proposals,
    reports,
)

__all__ = [
    "accounts",
    "cities",
    "evidence",
    "issues",
    "networks",
    "offices",
    "policies",
    "proposals",
    "reports",
]
