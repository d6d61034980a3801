"""What catalogues and search engines are told of the data: DCAT and schema.org, as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from registry.exchange.linked.site import Whole
from registry.exchange.package.descriptor import ABOUT, LICENCE
from registry.exchange.releases.citation import AUTHOR, TITLE, in_words
from registry.models import Release

KEYWORDS = ["city diplomacy", "city networks", "municipal cooperation", "twinning", "paradiplomacy"]
ZIP = "application/zip"


def schema_org(release: Release, whole: Whole) -> dict[str, Any]:
    """A release as a Dataset of schema.org."""
    address = whole(release.get_absolute_url())
    return {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": f"{TITLE}, release {release.version}",
        "description": ABOUT,
        "version": release.version,
        "datePublished": f"{release.made_at:%Y-%m-%d}",
        "license": LICENCE["path"],
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": AUTHOR, "url": whole("/")},
        "keywords": KEYWORDS,
        "citation": in_words(release, address),
        "isBasedOn": "https://www.geonames.org/",
        "distribution": [
            {
                "@type": "DataDownload",
                "name": release.file_name,
                "contentUrl": f"{address}{release.file_name}",
                "encodingFormat": ZIP,
                "contentSize": f"{release.size} B",
                "sha256": release.sha256,
            }
        ],
    }


def dcat(releases: Iterable[Release], whole: Whole) -> dict[str, Any]:
    """All releases as a catalogue of DCAT 3, each a version of one dataset."""
    catalogue = whole("/data/")
    versions = [_version(release, catalogue, whole) for release in releases]
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dcterms": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": catalogue,
        "@type": "dcat:Catalog",
        "dcterms:title": TITLE,
        "dcterms:description": ABOUT,
        "dcterms:publisher": {"@type": "foaf:Agent", "foaf:name": AUTHOR},
        "dcterms:license": {"@id": LICENCE["path"]},
        "dcat:dataset": [
            {
                "@id": f"{catalogue}#registry",
                "@type": "dcat:Dataset",
                "dcterms:title": TITLE,
                "dcterms:description": ABOUT,
                "dcat:keyword": KEYWORDS,
                "dcat:hasVersion": [{"@id": version["@id"]} for version in versions],
            },
            *versions,
        ],
    }


def _version(release: Release, catalogue: str, whole: Whole) -> dict[str, Any]:
    address = whole(release.get_absolute_url())
    before = release.previous
    link = {"dcat:previousVersion": {"@id": whole(before.get_absolute_url())}} if before else {}
    return {
        "@id": address,
        "@type": "dcat:Dataset",
        "dcterms:title": f"{TITLE}, release {release.version}",
        "dcat:version": release.version,
        "dcat:isVersionOf": {"@id": f"{catalogue}#registry"},
        "dcterms:issued": {"@type": "xsd:date", "@value": f"{release.made_at:%Y-%m-%d}"},
        "dcterms:license": {"@id": LICENCE["path"]},
        **link,
        "dcat:distribution": {
            "@type": "dcat:Distribution",
            "dcterms:title": release.file_name,
            "dcat:downloadURL": {"@id": f"{address}{release.file_name}"},
            "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{ZIP}"},
            "dcat:byteSize": {"@type": "xsd:nonNegativeInteger", "@value": str(release.size)},
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": {"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
                "spdx:checksumValue": release.sha256,
            },
        },
    }
