"""Cells that no spreadsheet takes for a formula."""

from hypothesis import given
from hypothesis import strategies as st

from registry.exchange.formats.cells import harmless, restored

TEXTS = st.text() | st.text(alphabet="'=+-@\t\r\nab＝", max_size=6)


@given(TEXTS)
def test_every_text_comes_back(text: str) -> None:
    assert restored(harmless(text)) == text


@given(TEXTS)
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not harmless(text).startswith(
        ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")
    )
