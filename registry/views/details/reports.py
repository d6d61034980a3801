"""The page of a report."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from registry.exchange.linked import report
from registry.models import City, JointPolicy, Network, Report
from registry.views.details.base import RecordView, Some
from registry.views.details.evidence import Evidence

SHOWN = 300


class ReportDetail(RecordView):
    """Facts, and the networks, joint policies and cities that it is of."""

    records = Report.objects.public().prefetch_related("issues", "identifiers")
    as_linked_data = report
    template_name = "registry/report_detail.html"

    def sections(self, record: Any, evidence: Evidence) -> dict[str, Any]:
        """The sections of the page in its order."""
        evidence.asks("report", [record], lambda report: gettext("the facts of this report"))
        return {
            "networks": linked(Network.objects.public().filter(reports=record)),
            "policies": linked(JointPolicy.objects.public().filter(reports=record)),
            "cities": linked(City.objects.public().filter(reports=record).select_related("country")),
        }


def linked(records: Any) -> Some:
    """Records that the report is of, by name."""
    return Some.of(records.order_by("name", "pk"), SHOWN, records.count())
