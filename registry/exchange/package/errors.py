"""What is wrong with a package, a line for each error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

MOST = 100
LONGEST = 60


class PackageError(Exception):
    """Why a package cannot be written or read; `lines` are for people and name file, row and column."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


class Problems:
    """Errors of a package, gathered: all of a file are told, up to a number that a person can read."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, int, str]] = []
        self._found = Counter[str]()

    def add(self, file: str, row: int | None, column: str, words: str) -> None:
        """Note an error; rows are counted as a person does, the header being the first."""
        self._found[file] += 1
        if self._found[file] <= MOST:
            place = ", ".join(part for part in (file, f"row {row}" if row else "", column) if part)
            self._lines.append((file, row or 0, f"{place}: {words}"))

    def __bool__(self) -> bool:
        return bool(self._lines)

    @property
    def lines(self) -> list[str]:
        """A line for each error, in the order of files and rows."""
        more = [(file, found - MOST) for file, found in self._found.items() if found > MOST]
        told = [line for *_, line in sorted(self._lines)]
        return [*told, *(f"{file}: {number:,} more errors like these." for file, number in more)]

    def check(self) -> None:
        """Raise PackageError where there are any."""
        if self:
            raise PackageError(self.lines)


def quoted(value: Any) -> str:
    """A value in a message, cut where it is long."""
    text = str(value)
    return f"“{text[:LONGEST]}{'…' if len(text) > LONGEST else ''}”"


def several(values: Iterable[str]) -> str:
    """Values that are allowed, in a message."""
    return ", ".join(values)
