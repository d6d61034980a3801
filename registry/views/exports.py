"""The rows of a listing in other formats: one path for every listing.

A view plugs in by being a `RegistryListView`: what its `ordered`, `keys` and `read` give is what the page
shows and what a file holds. A view with rows of another shape (a matrix, a graph) makes `Rows` with columns
of its own and hands them to `file_response`. A new format is one `Format` in `registry.exchange.formats`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext

from registry.exchange.formats import ATOM, FORMATS, Rows, atom
from registry.filters.base import RegistryFilterSet
from registry.languages import read_in

if TYPE_CHECKING:
    from registry.views.listings import RegistryListView

AT_ONCE = 500
NEWEST = 50
LONGEST_NAME = 100
_SIGNS = re.compile("[=&%+]")


def export(view: RegistryListView, filterset: RegistryFilterSet, request: HttpRequest) -> HttpResponseBase:
    """All rows asked for as a file, the newest as a feed, or 400 with what is wrong."""
    if problems := [*_unknown(filterset, request), *_wrong(filterset)]:
        return refusal(problems)
    (name,) = filterset.asked["format"]
    query = filterset.canonical()
    del query["format"]
    query.pop("page", None)
    query.pop("page_size", None)
    page = request.build_absolute_uri(f"{request.path}?{query.urlencode()}" if query else request.path)
    if name == ATOM:
        return _feed(view, filterset, request, page)
    # A file says the same in whatever language it is asked for.
    read_in(settings.LANGUAGE_CODE)
    columns = filterset.columns_asked or list(view.listing.columns)
    rows = Rows(
        name=view.listing.name,
        title=view.title,
        address=page,
        query=query.urlencode(),
        columns=columns,
        rows=_all_rows(view, filterset, columns),
    )
    return file_response(rows, name, request)


def file_response(rows: Rows, name: str, request: HttpRequest) -> HttpResponseBase:
    """Rows as a file of the format of this name, streamed."""
    one = FORMATS[name]
    stem = slugify(f"citynet-{rows.name}-{_SIGNS.sub('-', rows.query)}")[:LONGEST_NAME].strip("-")
    headers = {
        "Content-Type": one.media_type,
        "Content-Disposition": f'attachment; filename="{stem}-{rows.made_at:%Y-%m-%d}.{name}"',
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
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
    for name, messages in filterset.form.errors.items():
        yield f"{name}: {' '.join(map(str, messages))}"


def _all_rows(view: RegistryListView, filterset: RegistryFilterSet, columns: list[Any]) -> Iterator[Any]:
    """Every row, a few hundred at a time: their keys come through a cursor that the server keeps.

    What is withdrawn while the file is being written is left out from there on.
    """
    keys = view.keys(view.ordered(filterset)).iterator(chunk_size=AT_ONCE)
    while some := list(islice(keys, AT_ONCE)):
        yield from view.read(some, filterset, columns)


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
