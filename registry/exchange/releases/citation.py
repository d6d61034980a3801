"""How a release is cited: in words, as BibTeX and as CSL-JSON."""

from __future__ import annotations

import re
from typing import Any

from registry.exchange.package.descriptor import LICENCE
from registry.models import Release

AUTHOR = "CityNet"
TITLE = "CityNet: a registry of city diplomacy"
_SPECIAL = re.compile(r"([&%$#_{}])")


def in_words(release: Release, address: str) -> str:
    """The citation as a line of text."""
    return f"{AUTHOR} ({release.made_at:%Y}). {TITLE}, release {release.version} [data set]. {address}"


def bibtex(release: Release, address: str) -> str:
    """An entry for BibTeX and BibLaTeX."""
    fields = {
        "author": f"{{{AUTHOR}}}",
        "title": f"{{{_escaped(TITLE)}}}",
        "year": f"{release.made_at:%Y}",
        "month": f"{release.made_at.month}",
        "version": _escaped(release.version),
        "note": f"Data set, {_escaped(LICENCE['name'])}. SHA-256: {release.sha256}",
        "url": address,
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{citynet-{release.version},\n{lines}\n}}\n"


def csl(release: Release, address: str) -> list[dict[str, Any]]:
    """An item for reference managers (Citation Style Language)."""
    day = release.made_at
    return [
        {
            "id": f"citynet-{release.version}",
            "type": "dataset",
            "title": TITLE,
            "author": [{"literal": AUTHOR}],
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
            "version": release.version,
            "publisher": AUTHOR,
            "URL": address,
        }
    ]


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
