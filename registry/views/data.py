"""The data as a whole: its releases, their files and citations, and what describes them to machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import override
from django.views.generic import TemplateView, View

from registry.exchange import columns
from registry.exchange.package.descriptor import FILE, LICENCE
from registry.exchange.package.tables import Table, tables
from registry.exchange.releases import CHANGES, citation, metadata, place_of
from registry.filters import LISTINGS
from registry.models import Release
from registry.views.linked import answer, for_a_page

# A release never changes, so neither does any of its files.
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {"zip": "application/zip", "csv": "text/csv; charset=utf-8", "json": "application/json"}
# These answer a question about a city or an issue, and have no rows without one.
ASKED = {"opportunities"}


@dataclass(frozen=True)
class TableOfRelease:
    """A table of a release: how many rows it has, and what changed since the release before."""

    table: Table
    rows: int
    changes: dict[str, Any]


class DataView(TemplateView):
    """The releases, and where the present rows of each listing are to be had."""

    template_name = "registry/data.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Every release, the newest first, and every listing."""
        listed = {one.name: one for one in vars(columns).values() if isinstance(one, columns.Listing)}
        return super().get_context_data(
            releases=list(Release.objects.all()),
            listings=[listed[name] for name in LISTINGS if name in listed and name not in ASKED],
            licence=LICENCE,
            canonical=self.request.build_absolute_uri(reverse("data")),
            **kwargs,
        )


class ReleaseDetail(TemplateView):
    """One release: its file, what it has, what changed, how it is cited."""

    template_name = "registry/release_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The release, its tables and its citations."""
        release = find(kwargs["version"])
        address = whole(self.request, release.get_absolute_url())
        described = metadata.schema_org(release, lambda path: whole(self.request, path))
        return super().get_context_data(
            release=release,
            tables=[
                TableOfRelease(one, release.counts[one.name], release.changes.get(one.name, {}))
                for one in tables(everything=False)
                if one.name in release.counts
            ],
            citation=citation.in_words(release, address),
            licence=LICENCE,
            json_ld=for_a_page(described),
            canonical=self.request.build_absolute_uri(release.get_absolute_url()),
            **kwargs,
        )


class ReleaseFile(View):
    """A file of a release."""

    def get(self, request: HttpRequest, version: str, name: str) -> HttpResponseBase:
        """The file, or 404 where the release has none of that name."""
        release = find(version)
        if name not in files_of(release):
            raise Http404
        try:
            file = (place_of(release.version) / name).open("rb")
        except FileNotFoundError as error:
            raise Http404(f"The file {name} of release {release} is missing.") from error
        response = FileResponse(file, content_type=TYPES[name.rpartition(".")[2]])
        response["Content-Disposition"] = f'attachment; filename="{named(release, name)}"'
        response["Last-Modified"] = http_date(release.made_at.timestamp())
        response["Cache-Control"] = FOR_EVER
        if name == release.file_name:
            response["ETag"] = f'"{release.sha256}"'
        return response


class ReleaseCitation(View):
    """The citation of a release as a file for reference managers."""

    def get(self, request: HttpRequest, version: str, kind: str) -> HttpResponse:
        """BibTeX, or CSL-JSON."""
        release = find(version)
        address = whole(request, release.get_absolute_url())
        if kind == "bib":
            response = HttpResponse(
                citation.bibtex(release, address), content_type="application/x-bibtex; charset=utf-8"
            )
        else:
            response = JsonResponse(
                citation.csl(release, address),
                safe=False,
                content_type="application/vnd.citationstyles.csl+json",
            )
        response["Content-Disposition"] = f'attachment; filename="citynet-{release.version}.{kind}"'
        return response


class CatalogueView(View):
    """The releases as a catalogue of DCAT."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The catalogue as JSON-LD."""
        releases = Release.objects.select_related("previous")
        return answer(metadata.dcat(releases, lambda path: whole(request, path)))


def find(version: str) -> Release:
    """The release of a version; raises Http404 where there is none."""
    if "\x00" in version:
        raise Http404
    return get_object_or_404(Release.objects.select_related("previous"), version=version)


def files_of(release: Release) -> list[str]:
    """The names of its files; the first release has no change list."""
    return [release.file_name, FILE, *([CHANGES] if release.previous_id else [])]


def named(release: Release, name: str) -> str:
    """What a file is called where it is kept beside those of other releases."""
    return name if name == release.file_name else f"citynet-{release.version}-{name}"


def whole(request: HttpRequest, path: str) -> str:
    """The address in full, the same whatever language the page is read in."""
    with override(settings.LANGUAGE_CODE):
        for code, _ in settings.LANGUAGES:
            path = path.removeprefix(f"/{code}") if path.startswith(f"/{code}/") else path
        return request.build_absolute_uri(path)
