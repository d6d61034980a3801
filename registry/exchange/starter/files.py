"""The starter's CSV files as rows that know their place, so that an error can name it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "starter"
LIST = ";"


class StarterError(Exception):
    """The starter cannot be loaded; the message is for the person at the terminal."""


class Removed(Exception):
    """A row refers to a record that was loaded once and that staff removed since."""


@dataclass(frozen=True)
class Row:
    """One row of a file."""

    file: str
    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        try:
            return self.cells[column]
        except KeyError:
            raise StarterError(f"{self.file}.csv lacks the column “{column}”.") from None

    def list(self, column: str) -> list[str]:
        """The parts of a cell that holds several, in their order, each once."""
        parts = (part.strip() for part in self[column].split(LIST))
        return list(dict.fromkeys(part for part in parts if part))

    def error(self, column: str, message: str) -> StarterError:
        """What is wrong in one cell, with its place."""
        return StarterError(f"{self.file}.csv, row {self.line}, {column}: {message}")


def read(folder: Path = FOLDER) -> dict[str, list[Row]]:
    """Every CSV file of the folder, by its name without the ending."""
    files = {path.stem: list(_rows(path)) for path in sorted(folder.glob("*.csv"))}
    if not files:
        raise StarterError(f"There are no CSV files in {folder}.")
    return files


def _rows(path: Path) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, strict=True)
            header = next(reader, [])
            for cells in reader:
                if len(cells) != len(header):
                    found = f"{len(cells)} cells under {len(header)} headings"
                    raise StarterError(f"{path.name}, row {reader.line_num}: {found}.")
                stripped = (cell.strip() for cell in cells)
                yield Row(path.stem, reader.line_num, dict(zip(header, stripped, strict=True)))
    except UnicodeDecodeError:
        raise StarterError(f"{path.name} is not UTF-8.") from None
    except csv.Error as error:
        raise StarterError(f"{path.name}, row {reader.line_num}: {error}.") from None
