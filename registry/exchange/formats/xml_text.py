"""Text as XML 1.0 can hold it."""

from __future__ import annotations

import re

# What XML has no way to write, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTENT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
# Written as they are, a parser would take these for spaces within an attribute.
_ATTRIBUTE = str.maketrans({**_CONTENT, '"': "&quot;", "\n": "&#10;", "\t": "&#9;"})
_CONTENT_TABLE = str.maketrans(_CONTENT)


def allowed(text: str) -> str:
    """The text, with the replacement character U+FFFD for each that XML forbids."""
    return _FORBIDDEN.sub("\ufffd", text)


def content(text: str) -> str:
    """The text between two tags."""
    return allowed(text).translate(_CONTENT_TABLE)


def attribute(text: str) -> str:
    """The text between the quotation marks of an attribute."""
    return allowed(text).translate(_ATTRIBUTE)
