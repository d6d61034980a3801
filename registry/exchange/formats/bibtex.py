"""BibTeX: an entry for each reference, in UTF-8, with what TeX would take for a command written out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from registry.exchange.formats.base import Format, Rows
from registry.exchange.formats.citation import DATASET, PAPER, REPORT, Reference, references

ENTRIES = {DATASET: "misc", REPORT: "techreport", PAPER: "article"}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
_SPACE = re.compile(r"\s+")
# An address stands as it is, so nothing in it may close the braces around it.
_ADDRESS = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}


def write(export: Rows) -> Iterator[str]:
    """The entries one by one."""
    yield f"% CityNet, {export.made_at:%Y-%m-%d %H:%M} UTC\n"
    for one in references(export):
        yield _entry(one)


def _entry(one: Reference) -> str:
    address = "".join(_ADDRESS.get(letter, letter) for letter in one.address)
    year, _, month = one.issued[:7].partition("-")
    # Twice in braces, a title keeps its capitals, and a body its name whole.
    fields = {
        "title": _whole(one.title),
        "author": _whole(one.authors),
        "institution" if one.kind == REPORT else "publisher": _tex(one.publisher),
        "year": year,
        "month": MONTHS[int(month) - 1] if month else "",
        "url": address,
        "urldate": one.read_on,
        "langid": one.language,
        "note": _tex(one.note),
    }
    # The names of months are macros, which stand without braces.
    given = {name: value if name == "month" else f"{{{value}}}" for name, value in fields.items() if value}
    lines = "".join(f"  {name} = {value},\n" for name, value in given.items())
    return f"\n@{ENTRIES[one.kind]}{{{one.key},\n{lines}}}\n"


def _tex(text: str) -> str:
    return _SPACE.sub(" ", text).strip().translate(_TEX)


def _whole(text: str) -> str:
    return f"{{{_tex(text)}}}" if text.strip() else ""


BIBTEX = Format("bib", "BibTeX", "application/x-bibtex; charset=utf-8", write, cites=True)
