"""A list pasted as text, one member a line."""

from __future__ import annotations

import re

from registry.exchange.lists.cells import clean, make_row
from registry.exchange.lists.errors import ListError
from registry.exchange.lists.files import MOST_BYTES, MOST_ROWS, ListFile, read_table
from registry.exchange.lists.headers import looks_like_header

_BULLET = re.compile(r"^\s*(?:[-–—*•·▪◦‣●○►>✓]+|\(?\d{1,4}[.)\]]|[a-z]\))\s+|^\s*[•▪◦●►]\s*|^\s*\d{1,4}\t")
_DATE = r"\d{4}(?:-\d{1,2}){0,2}|\d{1,2}[./-]\d{4}|(?:\d{1,2}\.?\s)?[^\W\d_]{3,}\.?\s\d{4}"
_SINCE = re.compile(
    r"[\s,;(\[–—-]*\b"
    r"(?:member\s+since|since|joined(?:\s+in)?|from|depuis|desde|seit|dal|sinds|membre depuis)"
    rf"[\s:]+(?P<since>{_DATE})(?:\s*(?:-|–|to|until|till|à|hasta|bis)\s*(?P<until>{_DATE}))?\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"[\s,;(\[–—-]*\b(?:until|till|left(?:\s+in)?|jusqu[’']?(?:en|à)?|hasta|bis|fino al)"
    rf"[\s:]+(?P<until>{_DATE})"
    r"\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_YEARS = re.compile(
    r"(?:[,;]\s*|\s+[–—-]\s*|\s*[(\[]\s*)(?P<since>[12]\d{3})"
    r"(?:\s*[-–—/]\s*(?P<until>[12]\d{3})?)?\s*[)\]]?\s*$"
)


def read_text(text: str) -> ListFile:
    """The rows of a pasted text; a row's number is its line.

    A paste from a spreadsheet (a header and columns) is read as a table. Bullets and numbers before a name
    are dropped; “, since 2004” or “(2004–2010)” after it are dates. What else follows the name, such as a
    country or a state, stays with it for the resolver. Raises ListError with a message for people.
    """
    if len(text) > MOST_BYTES:
        raise ListError(f"The text is longer than {MOST_BYTES // 2**20} million letters.")
    first = next((line for line in text.splitlines() if line.strip()), "")
    if _is_table(first):
        return read_table(text)
    rows = []
    for number, line in enumerate(text.splitlines(), start=1):
        name = clean(_BULLET.sub("", line.replace("\t", ", ").strip() if "\t" in line.strip() else line))
        if name.strip(" .,;-–—*•"):
            rows.append(make_row(number, _dated(name), {}))
        if len(rows) > MOST_ROWS:
            raise ListError(f"There are more than {MOST_ROWS:,} lines. Split the list.", row=number)
    if not rows:
        raise ListError("There is no name in the text.")
    return ListFile(rows=rows, columns={"name": "line"})


def _is_table(first: str) -> bool:
    cells = [clean(cell) for cell in re.split(r"[\t;|,]", first)]
    return (
        len(cells) > 1
        and looks_like_header(cells)
        or (len(cells) == 1 and cells[0].lower() in ("name", "city"))
    )


def _dated(line: str) -> dict[str, str]:
    """A line as a name and the dates after it."""
    for pattern in (_SINCE, _UNTIL, _YEARS):
        found = pattern.search(line)
        if found and found.start() > 0:
            dates = {key: value or "" for key, value in found.groupdict().items()}
            return {"name": line[: found.start()].strip(" ,;(-–—"), **dates}
    return {"name": line.rstrip(" ,;")}
