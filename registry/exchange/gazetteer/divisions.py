"""The names of GeoNames' first-level divisions, and their ISO 3166-2 codes where known."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("divisions.csv")


class NamedDivision(NamedTuple):
    """One division; `iso_code` is empty where none is known."""

    code: str
    iso_code: str
    name: str


@cache
def read_divisions() -> tuple[NamedDivision, ...]:
    """Every division of the file. Parts of one that was divided may still bear its name and code."""
    with FILE.open(encoding="utf-8", newline="") as handle:
        return tuple(NamedDivision(**row) for row in csv.DictReader(handle))


@cache
def distinct_divisions() -> dict[str, NamedDivision]:
    """Divisions by GeoNames code, without the names and codes that several of a country bear.

    Such a one belongs to one of them at most, and nobody could tell them apart by it.
    """
    names: Counter[tuple[str, str]] = Counter()
    codes: Counter[str] = Counter()
    for division in read_divisions():
        names[division.code[:2], division.name] += 1
        codes[division.iso_code] += 1
    return {
        division.code: NamedDivision(
            division.code,
            division.iso_code if codes[division.iso_code] == 1 else "",
            division.name if names[division.code[:2], division.name] == 1 else "",
        )
        for division in read_divisions()
    }
