"""What crawlers are told: the addresses worth reading (sitemaps), and those that have no end (robots.txt)."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import override

from registry.exchange.news import last_changed
from registry.models import (
    City,
    CityOffice,
    Dataset,
    Issue,
    JointPolicy,
    Network,
    Organisation,
    PolicyExperiment,
    Release,
    Report,
)

# A file of sitemaps may have 50,000 addresses and 50 MB. With those in other languages this many are 1 MB,
# and a fifth of a second to write.
MOST = 2_000
PAGES = (
    "home",
    *(f"{kind}-list" for kind in ("city", "network", "membership", "policy", "experiment", "office")),
    *(f"{kind}-list" for kind in ("issue", "report", "organisation", "dataset")),
    *("collaborations", "overlap", "changes", "data", "api-docs", "api-examples"),
)


class EveryLanguage(Sitemap):
    """Addresses in the registry's own language, each with those of the same page in the others."""

    limit = MOST

    def get_urls(self, page: Any = 1, site: Any = None, protocol: str | None = None) -> list[Any]:
        """The addresses of one file. Django's own way would read all records at once to repeat them."""
        found = super().get_urls(page, site, protocol)
        root = f"{self.get_protocol(protocol)}://{self.get_domain(site)}"
        for one in found:
            path = one["location"].removeprefix(root)
            one["alternates"] = [
                {"lang_code": code, "location": f"{root}{before}{path}"} for code, before in _languages()
            ]
        return found

    def get_latest_lastmod(self) -> None:
        """Not told in the index: it would take reading all of them."""


class PagesSitemap(EveryLanguage):
    """The pages that are no records."""

    def items(self) -> list[str]:
        return [*map(reverse, PAGES), *(one.get_absolute_url() for one in Release.objects.all())]

    def location(self, item: str) -> str:
        return item


class InOrder:
    """Public records by their keys, read a file at a time: only of those is asked when they last changed."""

    def __init__(self, records: Any, address: str) -> None:
        self.records, self.address = records, address

    def count(self) -> int:
        """How many there are."""
        return self.records.count()

    def __getitem__(self, part: slice) -> QuerySet:
        keys = self.records.order_by("pk").values("pk")[part]
        model = self.records.model
        found = model._base_manager.filter(pk__in=keys).order_by("pk")
        return found.values_list(self.address, last_changed(model, "pk"))


class RecordSitemap(EveryLanguage):
    """The public records of one kind, with when each was last changed."""

    def __init__(self, records: Any, address: str = "slug") -> None:
        self.records = records
        self.address = address

    def items(self) -> Any:
        return InOrder(self.records, self.address)

    def location(self, item: Any) -> str:
        return reverse(self.records.model.url_name, args=[item[0]])

    def lastmod(self, item: Any) -> Any:
        return item[1]


# Places of the gazetteer of which nothing else is known are left out: there are hundreds of thousands, and
# nobody looks for a page that says so.
SITEMAPS: dict[str, Any] = {
    "pages": PagesSitemap,
    "cities": partial(RecordSitemap, City.objects.taking_part()),
    "networks": partial(RecordSitemap, Network.objects.public()),
    "policies": partial(RecordSitemap, JointPolicy.objects.public()),
    "experiments": partial(RecordSitemap, PolicyExperiment.objects.public(), "pid"),
    "offices": partial(RecordSitemap, CityOffice.objects.public()),
    "issues": partial(RecordSitemap, Issue.objects.all()),
    "reports": partial(RecordSitemap, Report.objects.public()),
    "organisations": partial(RecordSitemap, Organisation.objects.public()),
    "datasets": partial(RecordSitemap, Dataset.objects.public()),
}


def _languages() -> list[tuple[str, str]]:
    """Each language with what its addresses begin with, and the one for whoever speaks none of them."""
    own = settings.LANGUAGE_CODE
    found = [(code, "" if code == own else f"/{code}") for code, _ in settings.LANGUAGES]
    return [*found, ("x-default", "")]


def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers are asked to leave alone: whatever has a question in its address, and what computes.

    The first page of each listing and every record have none.
    """
    lines = ["User-agent: *", "Disallow: /*?", "Disallow: /admin/", "Disallow: /api/", "Allow: /api/docs/"]
    for code, _ in settings.LANGUAGES:
        with override(code):
            lines += [f"Disallow: {reverse(name)}" for name in ("search", "saved-searches", "compare")]
            # A page for each two cities, and what pictures are drawn of.
            lines.append(f"Disallow: {reverse('collaborations')}*/*/")
            lines.append(f"Disallow: {reverse('city-list')}*/drawing/")
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemaps'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
