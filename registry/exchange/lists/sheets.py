"""XLSX files: their size looked at before they are unpacked, values instead of formulas."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from registry.exchange.lists.cells import clean, from_file
from registry.exchange.lists.errors import ListError
from registry.exchange.lists.headers import looks_like_header

MOST_UNPACKED = 80 * 2**20
MOST_PARTS = 1000
MOST_ABOVE = 15
NO_VALUE = "The formula in {} has no stored value: open the file in a spreadsheet program and save it."
Line = tuple[int, list[str], list[tuple[int, str]]]
BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    DefusedXmlException,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    NotImplementedError,
)


@dataclass(frozen=True)
class Sheet:
    """The lines of the sheet that holds the list, and notes for people."""

    lines: Iterator[Line]
    notes: list[str]


def is_zip(data: bytes) -> bool:
    """Whether a file is a ZIP archive, as XLSX files are."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_sheet(data: bytes, most_rows: int, most_columns: int) -> Sheet:
    """The first sheet with a header for names, or else the first.

    Raises ListError for an archive that is no XLSX file or would unpack to too much.
    """
    _look_at_size(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that do not concern us
            values = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            # Reading a second time for the formulas takes as long again; most lists have none.
            formulas = (
                load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
                if _has_formulas(data)
                else None
            )
        names = [sheet.title for sheet in values.worksheets]
        chosen = _chosen(values, most_columns)
    except BROKEN as error:
        raise ListError(f"The XLSX file is damaged or not one at all ({type(error).__name__}).") from error
    notes = [f"Read from the sheet “{names[chosen]}”."] if len(names) > 1 else []
    return Sheet(_lines(values, formulas, chosen, most_rows, most_columns), notes)


def _look_at_size(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except zipfile.BadZipFile as error:
        raise ListError("The XLSX file is damaged.") from error
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise ListError(
            f"The file would unpack to {unpacked / 2**20:,.0f} MB; "
            f"at most {MOST_UNPACKED // 2**20} MB are read."
        )
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise ListError("The archive is no XLSX file. Unpack it and give the CSV or XLSX file in it.")


def _has_formulas(data: bytes) -> bool:
    """Whether a cell of any sheet is written as a formula."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/"):
                with archive.open(part) as sheet:
                    before = b""
                    while chunk := sheet.read(2**20):
                        if re.search(rb"<(?:\w+:)?f[\s>/]", before + chunk):
                            return True
                        before = chunk[-20:]
    return False


def _chosen(workbook: Any, most_columns: int) -> int:
    sheets = workbook.worksheets
    if not sheets:
        raise ListError("The XLSX file has no sheet with cells.")
    for index, sheet in enumerate(sheets):
        rows = sheet.iter_rows(max_row=MOST_ABOVE, max_col=most_columns, values_only=True)
        if any(looks_like_header([clean(cell) for cell in row]) for row in rows):
            return index
    return 0


def _lines(values: Any, formulas: Any, index: int, most_rows: int, most_columns: int) -> Iterator[Line]:
    """Row by row the stored values, with the cells whose formula has none."""
    limits = {"max_row": most_rows, "max_col": most_columns, "values_only": True}
    stored = values.worksheets[index].iter_rows(**limits)
    written_rows = formulas.worksheets[index].iter_rows(**limits) if formulas else repeat(())
    pairs = zip(stored, written_rows, strict=False)
    try:
        for number, (cells, written) in enumerate(pairs, start=1):
            faults = [
                (place, NO_VALUE.format(f"{get_column_letter(place + 1)}{number}"))
                for place, (value, formula) in enumerate(zip(cells, written, strict=False))
                if value is None and formula is not None
            ]
            yield number, [from_file(cell) for cell in cells], faults
    except BROKEN as error:
        raise ListError(f"The XLSX file is damaged ({type(error).__name__}).") from error
    finally:
        values.close()
        if formulas:
            formulas.close()
