"""What is said of a list that cannot be read."""

from __future__ import annotations


class ListError(Exception):
    """A list cannot be read; the message is for the person who gave it.

    `row` (as a person counts) and `column` (its header) are given where the fault lies in one place, and are
    part of the message.
    """

    def __init__(self, message: str, *, row: int | None = None, column: str = "") -> None:
        place = ", ".join(
            part
            for part in (f"row {row}" if row else "", f"column “{column[:60]}”" if column else "")
            if part
        )
        super().__init__(f"{place[:1].upper()}{place[1:]}: {message}" if place else message)
        self.row = row
        self.column = column
