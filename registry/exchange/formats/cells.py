"""Text in a cell that no spreadsheet takes for a formula, and back."""

from __future__ import annotations

import re

# A formula begins so, also in full-width characters; a control character before it may be dropped.
# Apostrophes count, so that a text that had one of its own comes back as it was.
_RISKY = re.compile(r"'*[=+\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f\x7f]")
_MADE_HARMLESS = re.compile(r"''*[=+\-@\uff1d\uff0b\uff0d\uff20\x00-\x1f\x7f]")


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where it could be taken for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def restored(cell: str) -> str:
    """The text that `harmless` made this cell of."""
    return cell[1:] if _MADE_HARMLESS.match(cell) else cell
