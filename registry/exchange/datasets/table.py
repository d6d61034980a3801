"""A table of any shape: its headers and its cells as given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from registry.exchange.lists.encoding import decode
from registry.exchange.lists.errors import ListError
from registry.exchange.lists.files import DELIMITERS, MOST_BYTES, csv_rows
from registry.exchange.lists.sheets import is_zip, read_sheet

MOST_ROWS = 200_000
MOST_COLUMNS = 2_000
LONGEST_HEADER = 300


@dataclass(frozen=True)
class Table:
    """A table as read. A row is its number, as a person counts in the file, and its cells."""

    headers: list[str]
    rows: list[tuple[int, list[str]]]


def read_table(content: bytes, name: str) -> Table:
    """The headers and rows of a CSV or XLSX file; cells of a CSV are not touched.

    A column without a header is called by its place: `column 1`. Raises ListError, for people.
    """
    if len(content) > MOST_BYTES:
        raise ListError(f"The file is larger than {MOST_BYTES // 2**20} MB.")
    if not content.strip():
        raise ListError(f"“{name}” is empty.")
    lines: Iterator[tuple[int, list[str]]]
    if is_zip(content):
        sheet = read_sheet(content, MOST_ROWS + 1, MOST_COLUMNS + 1)
        lines = ((number, cells) for number, cells, _ in sheet.lines)
    else:
        text, _, _ = decode(content, name)
        lines = csv_rows(text, max(DELIMITERS, key=text.partition("\n")[0].count))
    first = next(lines, None)
    if first is None:
        raise ListError(f"“{name}” is empty.")
    headers = _headers(*first)
    rows = list(_rows(lines, len(headers)))
    if not rows:
        raise ListError("There is a row of headers but no row below it.")
    return Table(headers, rows)


def _headers(number: int, cells: list[str]) -> list[str]:
    if len(cells) > MOST_COLUMNS:
        raise ListError(f"there are more than {MOST_COLUMNS:,} columns.", row=number)
    headers = [cell.strip() or f"column {place}" for place, cell in enumerate(cells, start=1)]
    for header, times in Counter(headers).items():
        if times > 1:
            raise ListError(
                f"{times} columns have the header “{header[:60]}”; each needs its own.", row=number
            )
        if "\0" in header:
            raise ListError("a header holds a character that no text has (NUL).", row=number)
        if len(header) > LONGEST_HEADER:
            raise ListError(f"a header has at most {LONGEST_HEADER} characters.", row=number, column=header)
    return headers


def _rows(lines: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    count = 0
    for number, cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise ListError(f"there are more than {MOST_ROWS:,} rows.", row=number)
        while len(cells) > width and cells[-1] == "":
            cells = cells[:-1]
        if len(cells) > width:
            raise ListError(
                f"there are {len(cells)} cells under {width} headers: is a comma not quoted?", row=number
            )
        if "\0" in "".join(cells):
            raise ListError("a cell holds a character that no text has (NUL).", row=number)
        yield number, cells
