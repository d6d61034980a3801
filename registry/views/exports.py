"""The rows of a listing in other formats: one path for every listing.

A view plugs in by being a `RegistryListView`: what its `ordered`, `keys` and `read` give is what the page
shows and what a file holds. A view with rows of another shape (a matrix, a graph) makes `Rows` with columns
of its own and hands them to `file_response`. A new format is one `Format` in `registry.exchange.formats`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext

from registry.exchange.columns import Column, Listing
from registry.exchange.formats import ATOM, FORMATS, GRAPHS, Format, Rows, atom
from registry.exchange.graphs import Graph
from registry.filters.base import RegistryFilterSet
from registry.languages import read_in

if TYPE_CHECKING:
    from registry.views.listings import RegistryListView

AT_ONCE = 500
NEWEST = 50
LONGEST_NAME = 100
# How many of the rows asked for a file does not hold.
LEFT_OUT = "Rows-Left-Out"
_SIGNS = re.compile("[=&%+]")


def export(view: RegistryListView, filterset: RegistryFilterSet, request: HttpRequest) -> HttpResponseBase:
    """All rows asked for as a file, the newest as a feed, or 400 with what is wrong."""
    if problems := problems_of(filterset, request):
        return refusal(problems)
    if filterset.asked["format"] == [ATOM]:
        return _feed(view, filterset, request, _page(filterset, request)[0])
    columns = filterset.columns_asked or list(view.listing.columns)
    one = FORMATS[filterset.asked["format"][0]]

    def rows() -> Iterator[Any]:
        return all_rows(view, filterset, columns, one)

    graph = partial(view.graph, filterset, columns, rows) if one.name in GRAPHS else None
    response = answer(view.listing, rows(), filterset, request, columns, graph)
    if one.some:
        counted = view.counted(filterset)
        response.headers[LEFT_OUT] = str(counted.count() - one.some(counted).count())
    return response


def answer(
    listing: Listing,
    rows: Iterable[Any],
    filterset: RegistryFilterSet,
    request: HttpRequest,
    columns: list[Column] | None = None,
    graph: Callable[[], Graph] | None = None,
) -> HttpResponseBase:
    """These rows as a file of the format asked for, with all columns of the listing or some.

    `graph` makes them a graph, where a format of graphs may be asked for.
    """
    # A file says the same in whatever language it is asked for.
    read_in(settings.LANGUAGE_CODE)
    page, query = _page(filterset, request)
    made = Rows(
        name=listing.name,
        title=str(listing.title),
        address=page,
        query=query,
        columns=columns or list(listing.columns),
        rows=rows,
        question="; ".join(f"{label}: {words}" for label, words in filterset.in_words()),
        graph=graph,
    )
    return file_response(made, filterset.asked["format"][0], request)


def problems_of(filterset: RegistryFilterSet, request: HttpRequest) -> list[str]:
    """What is wrong with the parameters of a file, a line for each."""
    return [*_unknown(filterset, request), *_wrong(filterset), *_without_days(filterset)]


def _without_days(filterset: RegistryFilterSet) -> Iterator[str]:
    if filterset.is_valid() and filterset.asked.get("format") == [ATOM] and not filterset.has_feed:
        yield gettext("format: there is no feed of this, since a membership is not news of a collaboration.")


def _page(filterset: RegistryFilterSet, request: HttpRequest) -> tuple[str, str]:
    """The address of the page with the rows of a file, and its query string."""
    query = filterset.canonical()
    for name in ("format", "page", "page_size"):
        query.pop(name, None)
    path = f"{request.path}?{query.urlencode()}" if query else request.path
    return request.build_absolute_uri(path), query.urlencode()


def file_response(rows: Rows, name: str, request: HttpRequest) -> HttpResponseBase:
    """Rows as a file of the format of this name, streamed."""
    one = FORMATS[name]
    stem = slugify(f"citynet-{rows.name}-{_SIGNS.sub('-', rows.query)}")[:LONGEST_NAME].strip("-")
    headers = {
        "Content-Type": one.media_type,
        "Content-Disposition": f'attachment; filename="{stem}-{rows.made_at:%Y-%m-%d}.{one.ending or name}"',
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    # A client that hangs up has the response closed, and with it the generators down to the cursor.
    return StreamingHttpResponse(one.write(rows), headers=headers)


def refusal(problems: Iterable[str]) -> HttpResponse:
    """400, with a line for each parameter that is wrong."""
    return HttpResponse("\n".join(problems) + "\n", status=400, content_type="text/plain; charset=utf-8")


def _unknown(filterset: RegistryFilterSet, request: HttpRequest) -> Iterator[str]:
    """A file made without a parameter that was mistyped would hold rows that nobody asked for."""
    known = filterset.base_filters
    for name in request.GET:
        if name not in known:
            words = gettext("%(name)s: this listing has no such parameter. It has: %(known)s.")
            yield words % {"name": name[:40], "known": ", ".join(sorted(known))}


def _wrong(filterset: RegistryFilterSet) -> Iterator[str]:
    # What is too much to be answered is found here, beside what the form alone finds.
    filterset.is_valid()
    for name, messages in filterset.form.errors.items():
        yield f"{name}: {' '.join(map(str, messages))}"


def all_rows(
    view: RegistryListView, filterset: RegistryFilterSet, columns: list[Any], one: Format
) -> Iterator[Any]:
    """Every row that the format can hold, a few hundred at a time: the server keeps a cursor of their keys.

    What is withdrawn while the file is being written is left out from there on.
    """
    ordered = view.ordered(filterset)
    keys = view.keys(one.some(ordered) if one.some else ordered).iterator(chunk_size=AT_ONCE)
    while some := list(islice(keys, AT_ONCE)):
        rows = view.read(some, filterset, columns)
        prefetch_related_objects(rows, *one.fetch)
        yield from rows


def _feed(
    view: RegistryListView, filterset: RegistryFilterSet, request: HttpRequest, page: str
) -> HttpResponse:
    columns = view.listing.usual
    entries = [
        atom.Entry(
            key=key,
            title=title,
            link=request.build_absolute_uri(link),
            summary=". ".join(f"{c.label}: {words}" for c in columns[1:] if (words := c.words(row))),
            published=news.published,
            updated=news.updated,
        )
        for row, news in view.news(filterset, NEWEST)
        for key, title, link in [view.entry(row)]
    ]
    text = atom.feed(
        title=f"CityNet: {view.title}",
        about="; ".join(f"{label}: {words}" for label, words in filterset.in_words()) or view.intro,
        page=page,
        address=request.build_absolute_uri(),
        entries=entries,
    )
    return HttpResponse(text, content_type=atom.MEDIA_TYPE)
