"""The text of a file in UTF-8, UTF-16 or a Western eight-bit encoding, and how one tells."""

from __future__ import annotations

import codecs

from registry.exchange.lists.errors import ListError

BOMS = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
FILES = (
    (b"\xd0\xcf\x11\xe0", "an old Excel file (.xls), or one with a password; save it as XLSX or CSV"),
    (b"%PDF", "a PDF; copy its text into the box for pasted lists"),
    (b"\x1f\x8b", "a compressed file; unpack it first"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"{\\rtf", "a text document (RTF); copy its text into the box for pasted lists"),
)
SAVE_AS_UTF8 = "Save it as UTF-8 (in Excel: “CSV UTF-8”)."
# A share of letters beyond ASCII that no Western list reaches.
FOREIGN = 0.35


def decode(data: bytes, filename: str) -> tuple[str, str, list[str]]:
    """The text, the encoding's name for people, and notes.

    Raises ListError for what is no text, and where a character fits none of the encodings.
    """
    for start, what in FILES:
        if data.startswith(start):
            raise ListError(f"“{filename}” is {what}.")
    for bom, encoding, name in BOMS:
        if data.startswith(bom):
            # Only UTF-16 and UTF-32 take their byte order from the mark.
            marked = data[len(bom) :] if encoding == "utf-8" else data
            return _strictly(marked, encoding, name), name, []
    if (unmarked := _utf16_without_mark(data)) is not None:
        return _strictly(data, unmarked, "UTF-16"), "UTF-16", []
    if b"\0" in data or _is_binary(data):
        raise ListError(f"“{filename}” is neither a text nor an XLSX file.")
    try:
        return data.decode("utf-8"), "UTF-8", []
    except UnicodeDecodeError as error:
        return (
            _western(data, error),
            "Windows-1252",
            ["The file is not UTF-8; it was read as Windows-1252 (Western European). Look at the accents."],
        )


def line_of(data: bytes, position: int) -> int:
    """The line, counted from 1, that holds the byte at this position."""
    return data.count(b"\n", 0, position) + 1


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        row = line_of(data, error.start)
        raise ListError(f"a character is not {name}, as the file begins. {SAVE_AS_UTF8}", row=row) from None


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 of mostly Latin text has a zero in every other byte."""
    head = data[:4000]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if len(head) >= 4 and zeros.count(0) > 0.6 * len(zeros) and head.count(0) < 0.6 * len(head):
            return encoding
    return None


def _is_binary(data: bytes) -> bool:
    strange = sum(byte < 32 and byte not in (9, 10, 12, 13, 31) for byte in data[:20_000])
    return strange > len(data[:20_000]) / 500


def _western(data: bytes, error: UnicodeDecodeError) -> str:
    """As Windows-1252, unless the file is plainly UTF-8 with a fault or in no Western encoding."""
    row = line_of(data, error.start)
    lenient = data.decode("utf-8", errors="replace")
    broken = lenient.count("\ufffd")
    if sum(ord(letter) > 127 for letter in lenient) - broken > 3 * broken:
        raise ListError(
            f"a character is not UTF-8, as the rest of the file is. {SAVE_AS_UTF8}", row=row
        ) from None
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as fault:
        row = line_of(data, fault.start)
        raise ListError(f"a character is neither UTF-8 nor Windows-1252. {SAVE_AS_UTF8}", row=row) from None
    letters = [letter for letter in text if letter.isalpha() or ord(letter) > 127]
    if sum(ord(letter) > 127 for letter in letters) > FOREIGN * len(letters):
        raise ListError(f"the letters are in no encoding known here. {SAVE_AS_UTF8}", row=row) from None
    return text
