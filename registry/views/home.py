"""The home page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.views.generic import TemplateView

from registry.collaboration.direct import collaborations
from registry.models import (
    City,
    CityOffice,
    DirectTie,
    Issue,
    JointPolicy,
    Membership,
    Network,
    Organisation,
    Report,
)
from registry.models.issues import count_under
from registry.views.pages import COUNTED

RECENT = 6
# Cities that are or were members: the listing has applicants and others too.
PRESENT = "?status=member&status=left"


class HomeView(TemplateView):
    """What the registry is, what it holds, and where to begin."""

    template_name = "registry/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Totals, the broad issues and the newest records."""
        broad = list(Issue.objects.filter(parent=None).for_listing())
        count_under(broad)
        return super().get_context_data(
            totals=totals(),
            issues=broad,
            policies=JointPolicy.objects.for_listing().with_counts().order_by("-pk")[:RECENT],
            networks=Network.objects.for_listing().with_counts().order_by("-pk")[:RECENT],
            canonical=self.request.build_absolute_uri(reverse("home")),
            **kwargs,
        )


@dataclass(frozen=True)
class Total:
    """One number of the home page; `more` where counting stopped, as in the listings."""

    url_name: str
    words: str
    number: int
    more: bool = False
    query: str = ""

    @classmethod
    def of(cls, url_name: str, words: str, rows: QuerySet, query: str = "") -> Total:
        """The rows counted up to where listings stop counting."""
        counted = rows.order_by()[: COUNTED + 1].count()
        return cls(url_name, words, min(counted, COUNTED), counted > COUNTED, query)


def totals() -> list[Total]:
    """What the public registry holds, each number counted as its listing counts it."""
    return [
        Total.of("city-list", gettext("cities taking part"), City.objects.public().taking_part()),
        Total.of("network-list", gettext("networks"), Network.objects.public()),
        Total.of("membership-list", gettext("memberships"), Membership.objects.public().present(), PRESENT),
        Total.of("policy-list", gettext("joint policies"), JointPolicy.objects.public()),
        Total.of("office-list", gettext("city offices"), CityOffice.objects.public()),
        Total.of("issue-list", gettext("issues"), Issue.objects.all()),
        Total.of("report-list", gettext("reports"), Report.objects.public()),
        Total.of("organisation-list", gettext("organisations"), Organisation.objects.public()),
        Total.of("collaborations", gettext("collaborations"), collaborations(DirectTie.objects.all())),
    ]
