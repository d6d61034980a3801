"""The search over everything, as a page and as suggestions while somebody types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from registry.choices import RecordKind
from registry.exchange.columns import RESULTS
from registry.exchange.formats import Format, of_references, of_rows
from registry.filters.search import SearchFilterSet
from registry.models import City
from registry.search.codes import RECORDS
from registry.search.find import Found, Match, find
from registry.search.words import Exactness
from registry.views.controls import Controls
from registry.views.exports import answer, problems_of, refusal
from registry.views.pages import NoSuchPage, Page, beyond

PAGE_SIZE = 25
SUGGESTED = 8
RELATED = {
    RecordKind.CITY: ("country", "division"),
    RecordKind.OFFICE: ("city__country",),
    RecordKind.EXPERIMENT: ("policy",),
}
LISTINGS = {
    RecordKind.CITY: "city-list",
    RecordKind.NETWORK: "network-list",
    RecordKind.POLICY: "policy-list",
    RecordKind.OFFICE: "office-list",
    RecordKind.ISSUE: "issue-list",
    RecordKind.ORGANISATION: "organisation-list",
    RecordKind.REPORT: "report-list",
    RecordKind.EXPERIMENT: "experiment-list",
}


ONE = {
    RecordKind.CITY: _("city"),
    RecordKind.NETWORK: _("network"),
    RecordKind.POLICY: _("joint policy"),
    RecordKind.OFFICE: _("city office"),
    RecordKind.ISSUE: _("issue"),
    RecordKind.ORGANISATION: _("organisation"),
    RecordKind.REPORT: _("report"),
    RecordKind.EXPERIMENT: _("experiment"),
}


@dataclass(frozen=True)
class Result:
    """A record that was found, and why where its title does not say so."""

    record: Any
    match: Match

    @property
    def title(self) -> str:
        """What the reader sees of the record: its name, or what it has instead."""
        return getattr(self.record, "local_name", None) or self.record.title

    @property
    def name(self) -> str:
        """The same in files, where it is in the registry's own language."""
        return getattr(self.record, "name", None) or self.record.title

    @property
    def slug(self) -> str:
        """The last part of the address of its page."""
        return str(getattr(self.record, "slug", self.record.pid))

    @property
    def kind_words(self) -> str:
        """One record of the kind, in words."""
        return str(ONE[RecordKind(self.match.kind)])

    @property
    def why(self) -> str:
        """What the name shown beside the title is to the record; empty where the title has answered."""
        match = self.match
        if match.what == "code":
            return match.detail
        if match.what == "acronym":
            return gettext("acronym") if self.other_name else ""
        similar = match.exactness == Exactness.SIMILAR
        if not self.other_name:
            return gettext("similar name") if similar else ""
        if match.what == "label":
            return gettext("in %(scheme)s") % {"scheme": match.detail}
        return gettext("similar to") if similar else gettext("also known as")

    @property
    def other_name(self) -> str:
        """The name that answered, where it is not the one that the reader sees, or the beginning of it."""
        seen = self.match.what == "hypothesis" or self.match.name == self.title
        return "" if seen else self.match.name


@dataclass(frozen=True)
class KindFound:
    """How many of one kind were found, and the address that asks for it or no longer does."""

    words: str
    count: int
    more: bool
    chosen: bool
    query: QueryDict
    listing: str


class SearchView(TemplateView):
    """What answers to some words, the best first; to htmx the first few, as options of a list."""

    template_name = "registry/search.html"
    formats: ClassVar[list[Format]] = of_rows(RESULTS.name)
    references: ClassVar[list[Format]] = of_references(RESULTS.name)

    def get(  # type: ignore[override]  # a file is streamed
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Answer with the page or, while somebody types, with suggestions."""
        filterset = SearchFilterSet(request.GET, queryset=City.objects.none(), request=request)
        valid = filterset.is_valid()
        if any(text.strip() for text in request.GET.getlist("format")):
            return self.file(filterset)
        found = self.found(filterset) if valid else None
        suggest = bool(request.htmx)  # type: ignore[attr-defined]
        response = self.suggestions(filterset, found) if suggest else self.page(filterset, found)
        patch_vary_headers(response, ["HX-Request"])
        return response

    def file(self, filterset: SearchFilterSet) -> HttpResponseBase:
        """The results as a file; 400 where a parameter is wrong or the words are missing."""
        problems = problems_of(filterset, self.request)
        if not problems and "q" not in filterset.asked:
            problems = [gettext("q: give the words to look for.")]
        if problems:
            return refusal(problems)
        found = find(filterset.asked["q"])
        return answer(RESULTS, read(of_kinds(found, filterset)), filterset, self.request)

    @staticmethod
    def found(filterset: SearchFilterSet) -> Found | None:
        """What answers to the words asked for; nothing where a parameter is wrong."""
        return find(filterset.asked["q"]) if filterset.is_valid() and "q" in filterset.asked else None

    def suggestions(self, filterset: SearchFilterSet, found: Found | None) -> HttpResponse:
        """The first few results as options."""
        results = read(of_kinds(found, filterset)[:SUGGESTED]) if found else []
        context = {"results": results, "found": found, "place": self.request.GET.get("place", "")}
        self.template_name = "registry/_partials/suggestions.html"
        return self.render_to_response(context)

    def page(self, filterset: SearchFilterSet, found: Found | None) -> HttpResponse:
        """A page of results with the kinds that they are of."""
        page = Page()
        kinds = filterset.asked.get("kind", [])
        if found:
            matches = of_kinds(found, filterset)
            more = any(kind in found.more for kind in kinds or found.counts)
            try:
                page = page_of(matches, filterset.asked, more)
            except NoSuchPage as error:
                filterset.form.add_error("page", ValidationError(str(error)))
        query = filterset.canonical()
        context = {
            "view": self,
            "page": page,
            "found": found,
            "kinds": kinds_found(found, kinds, query) if found else [],
            "query": query,
            "asked_for": self.request.GET.get("q", "").replace("\x00", "\ufffd")[:200],
            "filters": Controls(filterset, query, PAGE_SIZE),
        }
        return self.render_to_response(context)


def of_kinds(found: Found, filterset: SearchFilterSet) -> list[Match]:
    """The matches of the kinds asked for, of every kind where none is."""
    kinds = filterset.asked.get("kind")
    return [match for match in found.matches if not kinds or match.kind in kinds]


def page_of(matches: list[Match], asked: dict[str, Any], more: bool) -> Page:
    """The page asked for, its records read. Raises NoSuchPage beyond the last."""
    number, size = asked.get("page") or 1, asked.get("page_size") or PAGE_SIZE
    start = (number - 1) * size
    if number > 1 and start >= len(matches):
        raise NoSuchPage(beyond(number, -(-len(matches) // size)))
    rows = read(matches[start : start + size])
    return Page(number, size, len(matches), more, start + size < len(matches), rows)


def read(matches: list[Match]) -> list[Result]:
    """The records of these matches, by one query for each kind among them."""
    keys: dict[str, list[int]] = {}
    for match in matches:
        keys.setdefault(match.kind, []).append(match.key)
    records = {
        kind: RECORDS[kind]().select_related(*RELATED.get(RecordKind(kind), ())).in_bulk(of_kind)
        for kind, of_kind in keys.items()
    }
    # A record withdrawn between two of these queries takes its result with it.
    return [
        Result(records[match.kind][match.key], match) for match in matches if match.key in records[match.kind]
    ]


def kinds_found(found: Found, chosen: list[str], query: QueryDict) -> list[KindFound]:
    """The kinds that were found, or are asked for: each counted as if none were asked for."""
    shown = []
    for kind in RecordKind:
        if kind not in found.counts and kind not in chosen:
            continue
        address = query.copy()
        address.pop("page", None)
        others = [one for one in chosen if one != kind]
        address.setlist("kind", others if kind in chosen else [*chosen, kind])
        count = found.counts.get(kind, 0)
        shown.append(
            KindFound(str(kind.label), count, kind in found.more, kind in chosen, address, LISTINGS[kind])
        )
    return shown
