"""A list from a file: CSV in any usual encoding, or XLSX, into rows with what was made of the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import BinaryIO

from registry.exchange.lists.cells import clean, from_file, is_blank, make_row
from registry.exchange.lists.encoding import decode
from registry.exchange.lists.errors import ListError
from registry.exchange.lists.headers import Columns, looks_like_header, understand
from registry.exchange.lists.rows import ListRow
from registry.exchange.lists.sheets import is_zip, read_sheet

MOST_BYTES = 20 * 2**20
MOST_ROWS = 50_000
MOST_COLUMNS = 200
# Of one cell. The csv module has the same limit, unless another part of the process has raised it.
MOST_CHARACTERS = 131_072
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
# Rows above the header that a list may have: a title, a date.
MOST_ABOVE = 15
NO_DELIMITER = "\x1f"
Line = tuple[int, list[str], list[tuple[int, str]]]


@dataclass(frozen=True)
class ListFile:
    """A list as read.

    `columns` are the headers understood, by the field of ListRow; `ignored` those passed over; `notes` are
    for people.
    """

    rows: list[ListRow]
    columns: dict[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    notes: tuple[str, ...] = ()


def read_list(content: bytes | BinaryIO, filename: str) -> ListFile:
    """The rows of a CSV or XLSX file.

    What it is shows from its first bytes, whatever the name says. Raises ListError with a message for people.
    """
    data = _bytes(content)
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise ListError(f"“{filename}” is empty.")
    if is_zip(data):
        sheet = read_sheet(data, MOST_ROWS + MOST_ABOVE + 2, MOST_COLUMNS + 1)
        return _table(sheet.lines, sheet.notes, encoding="XLSX")
    text, encoding, notes = decode(data, filename)
    return read_table(text, encoding=encoding, notes=notes)


def read_table(text: str, *, encoding: str = "", notes: Sequence[str] = ()) -> ListFile:
    """The rows of a CSV text with a header."""
    first, _, rest = text.partition("\n")
    given = first.strip().lower()
    skipped = 0
    if given.startswith("sep=") and len(given) >= 5:  # Excel's own hint
        text, skipped = rest, 1
    delimiter = _delimiter(text)
    lines = _csv_lines(text, delimiter, skipped)
    name = DELIMITERS.get(delimiter, "")
    return replace(_table(lines, notes, encoding=encoding), delimiter=name)


def _bytes(content: bytes | BinaryIO) -> bytes:
    data = content if isinstance(content, bytes) else content.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ListError(f"The file is larger than {MOST_BYTES // 2**20} MB. Split it, or leave out columns.")
    return data


def _delimiter(text: str) -> str:
    """The delimiter whose first rows show a header for names, with the most columns."""
    head = text[:20_000]
    best = (False, 1, NO_DELIMITER)
    for delimiter in DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), MOST_ABOVE))
        except csv.Error:
            continue
        headers = [row for row in rows if looks_like_header([clean(cell) for cell in row])]
        width = max(map(len, headers or rows), default=0)
        if width > 1 and (bool(headers), width) > best[:2]:
            best = (bool(headers), width, delimiter)
    return best[2]


def csv_rows(text: str, delimiter: str, skipped: int = 0) -> Iterator[tuple[int, list[str]]]:
    """The cells of each row as given, with its number; `skipped` lines came before. Raises ListError."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        start = reader.line_num + 1 + skipped
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise ListError(
                f"the row cannot be read ({error}). Is a quotation mark left open?", row=start
            ) from None
        if cells is None:
            return
        if any(len(cell) > MOST_CHARACTERS for cell in cells):
            raise ListError(
                f"the row cannot be read (a cell has more than {MOST_CHARACTERS:,} characters).", row=start
            )
        yield start, cells


def _csv_lines(text: str, delimiter: str, skipped: int) -> Iterator[Line]:
    for start, cells in csv_rows(text, delimiter, skipped):
        yield start, _cells([from_file(cell) for cell in cells], start), []


def _cells(cells: Sequence[object], row: int) -> list[str]:
    width = len(cells)
    while width and cells[width - 1] in (None, ""):
        width -= 1
    cells = cells[:width]
    if len(cells) > MOST_COLUMNS:
        raise ListError(
            f"there are {len(cells):,} columns or more; a list has at most {MOST_COLUMNS}.", row=row
        )
    return [clean(cell) for cell in cells]


def _table(lines: Iterable[Line], notes: Sequence[str], *, encoding: str) -> ListFile:
    """Rows below a header."""
    lines = iter(lines)
    number, header, above, rest = _header(lines)
    columns = understand(header, number)
    rows = list(_rows(chain(rest, lines), columns, len(header)))
    if not rows:
        raise ListError(f"There is a header in row {number} but no row below it.")
    said = [*notes, *([f"The rows above row {number} were passed over."] if above else [])]
    if columns.ignored:
        said.append("Columns not used: " + ", ".join(f"“{header}”" for header in columns.ignored) + ".")
    return ListFile(
        rows=_namibia(rows),
        columns=columns.headers,
        ignored=columns.ignored,
        encoding=encoding,
        notes=tuple(said),
    )


def _header(lines: Iterator[Line]) -> tuple[int, list[str], bool, list[Line]]:
    """The row of headers: its number, cells, whether others stand above, and the rows read beyond it."""
    read: list[Line] = []
    for line in islice(lines, MOST_ABOVE):
        line = (line[0], _cells(line[1], line[0]), line[2])
        if is_blank(line[1]):
            continue
        read.append(line)
        if looks_like_header(line[1]):
            return line[0], line[1], len(read) > 1, []
    if not read:
        raise ListError("The file is empty.")
    return read[0][0], read[0][1], False, read[1:]


def _rows(lines: Iterable[Line], columns: Columns, width: int) -> Iterator[ListRow]:
    count = 0
    for number, given, faults in lines:
        cells = _cells(given, number)
        if is_blank(cells) and not faults:
            continue
        count += 1
        if count > MOST_ROWS:
            raise ListError(f"There are more than {MOST_ROWS:,} rows. Split the list.", row=number)
        by_field = {name: cells[place] for name, place in columns.places.items() if place < len(cells)}
        row = make_row(number, by_field, columns.headers)
        problems = [
            (next((h for f, h in columns.headers.items() if columns.places[f] == place), ""), words)
            for place, words in faults
            if place in columns.places.values()
        ]
        if len(cells) > width:
            problems.append(
                ("", f"There are {len(cells)} cells under {width} headers: is a comma not quoted?")
            )
        yield replace(row, problems=(*row.problems, *problems)) if problems else row


def _namibia(rows: list[ListRow]) -> list[ListRow]:
    """`NA` is Namibia where the other countries are given by two letters, else “not known”."""
    others = [row.country for row in rows if row.country not in ("", "NA")]
    if sum(len(country) == 2 for country in others) * 2 > len(others):
        return rows
    return [replace(row, country="") if row.country == "NA" else row for row in rows]
