"""The page of an issue: who works on it, in it and in the issues below it."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext

from registry.exchange import linked
from registry.models import (
    CityOffice,
    Issue,
    JointPolicy,
    Network,
    PolicyParty,
    Report,
)
from registry.models.issues import count_under
from registry.views.details.base import Heading, RecordView, Some, city_tally
from registry.views.details.evidence import Evidence

SHOWN = 25


class IssueDetail(RecordView):
    """Its place in the tree and in other schemes, cities, joint policies, networks, offices, reports."""

    records = Issue.objects.select_related("parent__parent")
    as_linked_data = linked.issue
    template_name = "registry/issue_detail.html"

    def sections(self, record: Any, evidence: Evidence) -> dict[str, Any]:
        """The sections of the page in its order."""
        here = list(Issue.objects.under([record.slug]).values_list("pk", flat=True))
        children = list(record.children.order_by("name", "pk"))
        count_under([record, *children])
        newest = F("published_on").desc(nulls_last=True)
        reports = on(Report.objects.public(), "issues", here).order_by(newest, "name", "pk")
        found = {
            "children": children,
            "mappings": record.mappings.select_related("concept__scheme").order_by(
                "concept__scheme__name", "concept__code"
            ),
            "cities": cities(here),
            "policies": Some.of(
                on(JointPolicy.objects.for_listing(), "issues", here).with_counts(),
                SHOWN,
                record.policy_count,
            ),
            "networks": Some.of(
                on(Network.objects.for_listing(), "issues", here).with_counts(), SHOWN, record.network_count
            ),
            "offices": Some.of(
                on(CityOffice.objects.for_listing(), "remit", here), SHOWN, record.office_count
            ),
            "reports": Some.of(reports, SHOWN, reports.count()),
        }
        return {**found, "contents": contents(found)}


def contents(found: dict[str, Any]) -> list[Heading]:
    """The headings of the page."""
    sections = (
        ("cities", gettext("Active cities")),
        ("policies", gettext("Joint policies")),
        ("networks", gettext("Networks")),
        ("offices", gettext("Offices")),
        ("reports", gettext("Reports")),
    )
    return [Heading(key, words, found[key].total) for key, words in sections]


def on(records: QuerySet, field: str, issues: list[int]) -> Any:
    """Those of `records` that are linked to one of the issues, each once."""
    through = getattr(records.model, field).through
    own = records.model._meta.model_name
    return records.filter(pk__in=through.objects.filter(issue__in=issues).values(own))


def cities(issues: list[int]) -> Some:
    """Cities with most joint policies on the issues, and how many have any."""
    return city_tally(PolicyParty.objects.public().filter(policy__issues__in=issues), SHOWN)
