"""Research tables: their listing, what each says otherwise than others, and the file itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy, ngettext_lazy
from django.views.decorators.http import etag, require_safe

from registry import filters
from registry.exchange.columns import Listing
from registry.exchange.datasets.differences import Difference, differences
from registry.exchange.linked import dataset as linked_dataset
from registry.exchange.linked import document
from registry.models import City, Dataset, DatasetFile, Network, Observation, Release
from registry.models.aliases import find_by_old_address
from registry.views.details.base import led_on, permanent
from registry.views.linked import answer, for_a_page, in_own_language, is_preferred, site_of
from registry.views.listings import RegistryListView
from registry.views.measures import Computed, Known

TYPES = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class DatasetList(RegistryListView):
    """Tables that researchers published."""

    queryset = Dataset.objects.for_listing()
    filterset_class = filters.DatasetFilterSet
    noun = ngettext_lazy("research table", "research tables")
    intro = gettext_lazy("Tables that researchers published, kept as they are beside the curated records.")


class DatasetDetail(Computed):
    """One table: what it is, which networks it speaks of, and where others say something else."""

    queryset = City.objects.none()
    filterset_class = filters.DifferenceFilterSet
    template_name = "registry/dataset_detail.html"
    noun = ngettext_lazy("difference", "differences")
    dataset: Dataset
    found: list[Difference]

    @property
    def listing(self) -> Listing:
        """The columns of the differences; files are named by the table."""
        return replace(super().listing, name=f"differences-{self.dataset.slug}")

    @property
    def title(self) -> str:
        """What the page is called."""
        return self.dataset.name

    @property
    def intro(self) -> str:
        """What the table is, in its own words."""
        return self.dataset.description

    def get(  # type: ignore[override]
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answer with the page or a file, or lead on to the present address of the table."""
        tables = Dataset.objects.for_listing().with_counts()
        dataset = tables.filter(slug=kwargs["slug"]).first()
        if dataset is None:
            if moved := find_by_old_address(Dataset.objects.public(), kwargs["slug"]):
                return led_on(request, moved)
            raise Http404
        self.dataset = dataset
        if "format" not in request.GET and is_preferred(request):
            response: HttpResponseBase = answer(self.described(self.networks()))
        else:
            self.found = differences(self.dataset)
            response = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        return response

    def described(self, networks: list[Network]) -> dict[str, Any]:
        """The table, with the networks that it speaks of, as linked data."""
        site = site_of(self.request)
        with in_own_language():
            return document(site, linked_dataset(site, self.dataset, networks))

    def networks(self) -> list[Network]:
        """The public networks that the table speaks of."""
        cells = Observation.objects.filter(dataset=self.dataset).order_by()
        keys = cells.values("network").union(cells.values("memberships__network"))
        return list(Network.objects.public().filter(pk__in=keys).order_by("name"))

    def ordered(self, filterset: Any) -> Any:
        """The differences asked for."""
        return Known(filterset.rows(self.found))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the networks that the table speaks of, its file, and how it is cited."""
        networks = self.networks()
        files = DatasetFile.objects.filter(dataset=self.dataset).defer("content")
        return {
            **super().get_context_data(**kwargs),
            "record": self.dataset,
            "canonical": self.request.build_absolute_uri(self.dataset.get_absolute_url()),
            "permanent": permanent(self.request, self.dataset),
            "releases": list(Release.objects.holding(self.dataset)),
            "today": timezone.now().date(),
            "networks": networks,
            "json_ld": for_a_page(self.described(networks)),
            "file": files.first(),
        }


def _sum_of_file(request: HttpRequest, slug: str) -> str | None:
    sums = DatasetFile.objects.public().filter(dataset__slug=slug).values_list("sha256", flat=True)
    return f'"{sums[0]}"' if sums else None


@require_safe
@etag(_sum_of_file)
def dataset_file(request: HttpRequest, slug: str) -> HttpResponse:
    """The file of a table, byte for byte."""
    file = get_object_or_404(DatasetFile.objects.public(), dataset__slug=slug)
    ending = Path(file.name).suffix.lower()
    response = HttpResponse(bytes(file.content), content_type=TYPES.get(ending, "application/octet-stream"))
    shown = slug + ending if ending in TYPES else slug
    response.headers["Content-Disposition"] = f'attachment; filename="{shown}"'
    return response
