"""The page of the data: releases with their files, citations and descriptions for machines."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from registry.exchange.releases import make_release
from registry.models import Release
from tests import factories
from tests.views.rows import make_hub

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(tmp_path: Path, settings: Any) -> Release:
    """The second release of a small registry."""
    settings.RELEASES_ROOT = tmp_path
    make_hub()
    make_release("2026.1")
    factories.make_network("A new network <b>")
    return make_release("2026.2")


def test_releases_are_listed_and_their_files_downloaded(client: Client, release: Release) -> None:
    page = client.get("/data/").content.decode()
    assert page.index("2026.2") < page.index("2026.1")
    assert release.sha256 in page
    answer: Any = client.get(f"/data/2026.2/{release.file_name}")
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == release.sha256
    assert (answer["ETag"], answer["Content-Type"]) == (f'"{release.sha256}"', "application/zip")
    assert "immutable" in answer["Cache-Control"]
    assert client.get("/data/2026.1/citynet-2026.1.zip").status_code == 200


def test_a_page_of_a_release_tells_what_changed(client: Client, release: Release) -> None:
    page = client.get("/data/2026.2/").content.decode()
    assert "A new network &lt;b&gt;" in page
    for name in ("changes.csv", "datapackage.json", "citation.bib", "citation.json"):
        assert client.get(f"/data/2026.2/{name}").status_code == 200, name
    assert client.get("/fr/data/2026.2/").status_code == 200


def test_other_files_and_releases_are_not_found(client: Client, release: Release) -> None:
    for address in (
        "/data/2026.3/",
        "/data/2026.3/citynet-2026.3.zip",
        "/data/2026.1/changes.csv",
        "/data/2026.2/citynet-2026.1.zip",
        "/data/2026.2/..%2f2026.1",
        "/data/%00/",
    ):
        assert client.get(address).status_code == 404, address


def test_citations_name_the_release_and_its_address(client: Client, release: Release) -> None:
    bibtex = client.get("/data/2026.2/citation.bib").content.decode()
    assert bibtex.startswith("@misc{citynet-2026.2,")
    assert "url = {http://testserver/data/2026.2/}" in bibtex
    (item,) = client.get("/fr/data/2026.2/citation.json").json()
    assert (item["type"], item["version"], item["URL"]) == (
        "dataset",
        "2026.2",
        "http://testserver/data/2026.2/",
    )


def test_machines_are_told_of_the_dataset(client: Client, release: Release) -> None:
    page = client.get("/fr/data/2026.2/").content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    dataset = json.loads(found[1])
    assert (dataset["@type"], dataset["version"]) == ("Dataset", "2026.2")
    assert dataset["distribution"][0]["contentUrl"] == f"http://testserver/data/2026.2/{release.file_name}"
    catalogue = client.get("/data/catalogue.jsonld").json()
    versions = [one["dcat:version"] for one in catalogue["dcat:dataset"] if "dcat:version" in one]
    assert versions == ["2026.2", "2026.1"]
    assert catalogue["dcat:dataset"][1]["dcat:previousVersion"]["@id"] == "http://testserver/data/2026.1/"


def test_a_record_says_which_releases_hold_it(client: Client, release: Release) -> None:
    page = client.get("/networks/hub-network/").content.decode()
    assert '<a href="/data/2026.1/">2026.1</a>, <a href="/data/2026.2/">2026.2</a>' in page
    assert "/data/2026.1/" not in client.get("/networks/a-new-network-b/").content.decode()


def test_without_releases_the_page_says_so(client: Client) -> None:
    assert "There is none yet." in client.get("/data/").content.decode()
