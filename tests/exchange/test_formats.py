"""Cells that no spreadsheet takes for a formula, and files that give every text back."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from registry.exchange.columns import Column, Field
from registry.exchange.formats import FORMATS, Rows
from registry.exchange.formats.cells import harmless, restored

TEXTS = st.text() | st.text(alphabet="'=+-@\t\r\nab＝", max_size=6)
# What XML can hold: no other control characters, and nothing that is no character.
_XML = st.characters(
    codec="utf-8", exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32)), "\ufffe", "\uffff"]
)
XML_TEXTS = st.text(_XML | st.sampled_from("\t\r\n'=+-@_x&<>\"")).filter(bool)
COLUMNS = [Column("a", "A", "text", (Field("a", "A text."), Field("b", "Another.")))]


def rows_of(*rows: dict[str, Any]) -> Rows:
    return Rows("rows", "Rows", "https://example.org/rows/", "", COLUMNS, rows)


def written(kind: str, *rows: dict[str, Any]) -> bytes:
    """The file of these rows; text is given to the web as UTF-8."""
    pieces: Any = FORMATS[kind].write(rows_of(*rows))
    return b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in pieces)


def sheets(content: bytes) -> list[list[tuple[Any, ...]]]:
    workbook = load_workbook(BytesIO(content), read_only=True)
    return [[*sheet.iter_rows(values_only=True)] for sheet in workbook.worksheets]


@given(TEXTS)
def test_every_text_comes_back(text: str) -> None:
    assert restored(harmless(text)) == text


@given(TEXTS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not harmless(text).startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
    )


@given(st.lists(st.tuples(XML_TEXTS, XML_TEXTS), min_size=1, max_size=20))
def test_every_text_comes_back_from_a_file(texts: list[tuple[str, str]]) -> None:
    rows = [{"a": one, "b": other} for one, other in texts]
    content = written("csv", *rows).decode()
    heading, *found = csv.reader(StringIO(content, newline=""))
    assert heading == ["a", "b"]
    assert [tuple(map(restored, row)) for row in found] == texts
    ((heading_cells, *cells),) = sheets(written("xlsx", *rows))
    assert heading_cells == ("a", "b")
    assert [tuple(map(restored, row)) for row in cells] == texts


def test_what_xml_forbids_is_replaced_in_a_sheet_and_kept_elsewhere() -> None:
    ((_, row),) = sheets(written("xlsx", {"a": "bell \x07 and \ufffe", "b": "\x01"}))
    assert row == ("bell \ufffd and \ufffd", "'\ufffd")
    assert "bell \x07" in written("csv", {"a": "bell \x07", "b": ""}).decode()


def test_values_keep_their_types_in_a_sheet() -> None:
    ((_, *rows),) = sheets(
        written("xlsx", {"a": -3, "b": True}, {"a": 1.5, "b": None}, {"a": ["x", None, "y"], "b": ""})
    )
    assert rows == [(-3, True), (1.5, None), ("x; ; y", None)]


def test_a_text_longer_than_a_cell_ends_in_dots() -> None:
    ((_, row),) = sheets(written("xlsx", {"a": "x" * 40_000, "b": "y"}))
    assert (len(row[0]), row[0][-1]) == (32_767, "…")


def test_rows_beyond_what_a_sheet_holds_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.exchange.formats.xlsx.MOST_ROWS", 3)
    found = sheets(written("xlsx", *({"a": number, "b": "b"} for number in range(5))))
    assert [[row[0] for row in sheet] for sheet in found] == [["a", 0, 1], ["a", 2, 3], ["a", 4]]
    assert [[row[0] for row in sheet] for sheet in sheets(written("xlsx"))] == [["a"]]
    assert len(sheets(written("xlsx", {"a": 1, "b": ""}, {"a": 2, "b": ""}))) == 1
