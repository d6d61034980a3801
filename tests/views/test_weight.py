"""How much a browser fetches for a page: as served, with what styles and scripts it names."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.views.addresses import make_site

pytestmark = pytest.mark.django_db
WITHOUT_PICTURES, WITH_PICTURES = 300_000, 1_000_000
FETCHED = re.compile(r'(?:src|href)="/static/([^"]+)"')
# What a picture is drawn with and of.
DRAWN = re.compile(r'data-(?:script|world)="/static/([^"]+)"')
DRAWING = re.compile(r'data-source="([^"]+)"')


@cache
def static_size(name: str) -> int:
    """The bytes of a static file, as it is compressed when it is collected."""
    path = finders.find(name)
    assert path, name
    return len(gzip.compress(Path(path).read_bytes()))


def test_pages_stay_light(client: Client) -> None:
    site = make_site(number=40)
    client.defaults["HTTP_ACCEPT_ENCODING"] = "gzip"
    pictures = 0
    for address in site.types:
        answer = site.get(client, address)
        html = gzip.decompress(answer.content).decode()
        named = {*FETCHED.findall(html)}
        assert {"site.css", "site.js"} <= named
        weight = len(answer.content) + sum(map(static_size, named))
        assert weight < WITHOUT_PICTURES, f"{address}: {weight}"
        for source in DRAWING.findall(html):
            pictures += 1
            drawing = client.get(source.replace("&amp;", "&"))
            assert drawing["Content-Encoding"] == "gzip"
            weight += len(drawing.content)
        weight += sum(map(static_size, {*DRAWN.findall(html)}))
        assert weight < WITH_PICTURES, f"{address}: {weight}"
    assert pictures >= 3
