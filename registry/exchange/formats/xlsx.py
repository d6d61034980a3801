"""XLSX, streamed: openpyxl makes the workbook around the rows, and the rows are written as they come.

openpyxl itself writes no row before it has them all on disk. The rows of a sheet are the one part written
here, as text in the cells themselves, so that nothing has to be known of all rows before the first is sent.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from registry.exchange.columns import Field
from registry.exchange.formats.base import CREDIT, Format, Rows
from registry.exchange.formats.cells import as_text, harmless
from registry.exchange.formats.xml_text import content

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a sheet holds, and a cell. Beyond 2 GiB a part of an archive takes a form that Excel has to repair.
MOST_ROWS = 1_048_576
MOST_BYTES = 1_900_000_000
MOST_CHARACTERS = 32_767
PIECE = 64_000
SHEETS = "xl/worksheets/sheet"
_ROWS = "<sheetData>", "</sheetData>"
# How far the sheet reaches, which nobody knows before its end; readers do without.
_REACH = re.compile("<dimension [^>]*>")
# openpyxl's number of the style of a heading: the second, after that of all cells.
_BOLD = 1


class _Pipe:
    """What an archive is written to, and taken from piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        found = b"".join(self._pieces)
        self._pieces.clear()
        return found


def write(export: Rows) -> Iterator[bytes]:
    """The archive piece by piece: the sheets first, then the parts that name them."""
    pipe = _Pipe()
    names: list[str] = []
    rows = iter(export.rows)
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]
        while not names or (more := next(rows, None)) is not None:
            left = chain([more], rows) if names else rows
            names.append(f"{export.name[:20]} {len(names) + 1}" if names else export.name[:31])
            part = _part(f"{SHEETS}{len(names)}.xml", export.made_at)
            with archive.open(part, "w") as sheet:
                for lines in _sheet(left, export.fields):
                    sheet.write(lines.encode())
                    if piece := pipe.taken():
                        yield piece
        for name, data in _around(export, names):
            archive.writestr(_part(name, export.made_at), data)
    yield pipe.taken()


def _part(name: str, made_at: datetime) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, made_at.astimezone(UTC).timetuple()[:6])
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _sheet(rows: Iterator[Any], fields: list[Field]) -> Iterator[str]:
    """The rows of a sheet, as many as it holds, within what openpyxl writes around them."""
    before, after = _around_rows(len(fields))
    letters = [get_column_letter(place) for place in range(1, len(fields) + 1)]
    heading = (_text(f"{letter}1", one.name, _BOLD) for letter, one in zip(letters, fields, strict=True))
    lines, length, written = [f'{before}<row r="1">{"".join(heading)}</row>'], 0, 0
    for number in range(2, MOST_ROWS + 1):
        if written > MOST_BYTES or (row := next(rows, None)) is None:
            break
        cells = [_cell(f"{letter}{number}", one.of(row)) for letter, one in zip(letters, fields, strict=True)]
        # Every row is as wide as the headings, for those who read it cell by cell.
        cells[-1] = cells[-1] or f'<c r="{letters[-1]}{number}"/>'
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
        length += len(lines[-1])
        if length > PIECE:
            yield "".join(lines)
            written += length
            lines, length = [], 0
    yield "".join(lines) + after


def _cell(place: str, value: Any) -> str:
    """A cell; none where the value is missing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value}</v></c>'
    return _text(place, harmless(as_text(value)))


def _text(place: str, text: str, style: int = 0) -> str:
    if len(text) > MOST_CHARACTERS:
        text = f"{text[: MOST_CHARACTERS - 1]}…"
    given = f' s="{style}"' if style else ""
    return f'<c r="{place}"{given} t="inlineStr"><is><t xml:space="preserve">{content(text)}</t></is></c>'


def _workbook(names: list[str], width: int) -> Workbook:
    """A workbook of empty sheets whose headings stay in sight."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for name in names:
        sheet = workbook.create_sheet(name)
        sheet.freeze_panes = "A2"
        sheet["A1"].font = Font(bold=True)
        for place in range(1, width + 1):
            sheet.column_dimensions[get_column_letter(place)].width = 20
    return workbook


def _saved(workbook: Workbook) -> zipfile.ZipFile:
    made = BytesIO()
    workbook.save(made)
    return zipfile.ZipFile(made)


def _around_rows(width: int) -> tuple[str, str]:
    """What openpyxl writes before the rows of a sheet and after them."""
    with _saved(_workbook(["rows"], width)) as archive:
        sheet = archive.read(f"{SHEETS}1.xml").decode()
    (start, end) = _ROWS
    before, _, rest = _REACH.sub("", sheet).partition(start)
    return before + start, end + rest.partition(end)[2]


def _around(export: Rows, names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Every part of the archive but the sheets."""
    workbook = _workbook(names, len(export.fields))
    workbook.properties.title = f"CityNet: {export.title}"
    workbook.properties.creator = "CityNet"
    workbook.properties.description = f"{export.address}\n{CREDIT}"
    workbook.properties.created = workbook.properties.modified = export.made_at.replace(tzinfo=None)
    with _saved(workbook) as archive:
        for part in archive.namelist():
            if not part.startswith(SHEETS):
                yield part, archive.read(part)


XLSX = Format("xlsx", "Excel (XLSX)", MEDIA_TYPE, write)
