"""Text in a cell that no spreadsheet takes for a formula, and back."""

from __future__ import annotations

import re
from typing import Any

# A formula begins so, also in full-width characters; a control character before it may be dropped.
# Apostrophes count, so that a text that had one of its own comes back as it was.
_RISKY = re.compile(r"'*[=+\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f\x7f]")
_MADE_HARMLESS = re.compile(r"''*[=+\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f\x7f]")


def as_text(value: Any) -> str:
    """A value in one cell: several are set apart by semicolons, blank where one is missing."""
    if isinstance(value, list):
        return "; ".join("" if one is None else str(one) for one in value)
    return "" if value is None else str(value)


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where it could be taken for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def restored(cell: str) -> str:
    """The text that `harmless` made this cell of."""
    return cell[1:] if _MADE_HARMLESS.match(cell) else cell
