"""Single cells of a list: text made clean, dates at the precision given, decimal commas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from registry.exchange.formats.cells import restored
from registry.exchange.lists.rows import ListRow
from registry.models.dates import date_bounds

# What people write where they know nothing.
EMPTY = frozenset(
    ("", "na", "n/a", "n.a.", "nan", "null", "none", "-", "–", "—", "?", "unknown", "#n/a", "nd")
)
LONGEST = 2000
_YEAR = re.compile(r"(\d{4})(?:\.0+)?")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
_DAY = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_WORDS = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|\.)?\s+)?([^\W\d_]{3,})\.?(?:\s+(\d{1,2})(?:st|nd|rd|th)?,)?\s+(\d{4})"
)
_PERIOD = re.compile(r"(\d{4})\s*[-–—/]\s*(\d{4})")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january janvier enero januar gennaio janeiro",
            "feb february fevrier febrero februar febbraio fevereiro",
            "mar march mars marzo marz maerz marco",
            "apr april avril abril aprile",
            "may mai mayo maggio maio",
            "jun june juin junio juni giugno junho",
            "jul july juillet julio juli luglio julho",
            "aug august aout agosto",
            "sep sept september septembre septiembre settembre setembro",
            "oct october octobre octubre oktober ottobre outubro okt",
            "nov november novembre noviembre novembro",
            "dec december decembre diciembre dezember dicembre dezembro dez",
        ),
        start=1,
    )
    for name in names.split()
}
NOT_A_DATE = "“{}” is not a date: write a year, a month or a day (2005, 2005-11 or 2005-11-03)."


def clean(value: Any) -> str:
    """A cell as text: NFC, without spaces around it or characters that cannot be seen."""
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    if text.isascii() and text.isprintable():  # most cells, and ten times as fast
        return " ".join(text.split())[:LONGEST]
    text = unicodedata.normalize("NFC", text).replace("\0", "")
    text = "".join(" " if unicodedata.category(c) in ("Zs", "Cc", "Zl", "Zp") else c for c in text)
    return " ".join("".join(c for c in text if c not in "\ufeff\u200b\u200e\u200f\u00ad").split())[:LONGEST]


def from_file(value: Any) -> str:
    """A cell of a file as text; what a file of the registry made harmless is restored."""
    return clean(restored(value) if isinstance(value, str) else value)


def partial_date(text: str) -> str:
    """A date as the registry writes it, empty for what says “not known”.

    `11/2005` is a month, `03/11/2005` a day if only one order of day and month is possible.
    Raises ValueError, with a message for people, for what is no date.
    """
    if text.lower() in EMPTY:
        return ""
    for read in (_by_numbers, _by_words):
        value = read(text)
        if value is not None:
            try:
                date_bounds(value)
            except ValidationError as error:
                raise ValueError(NOT_A_DATE.format(text[:40])) from error
            return value
    raise ValueError(NOT_A_DATE.format(text[:40]))


def _by_numbers(text: str) -> str | None:
    if found := _YEAR.fullmatch(text):
        return found[1]
    if found := _ISO.fullmatch(text):
        return _joined(found[1], found[2], found[3])
    if found := _MONTH_YEAR.fullmatch(text):
        return _joined(found[2], found[1])
    if found := _DAY.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), found[4]
        # 03.11.2005 is written with the day first; 03/11/2005 may mean March or November.
        if first > 12 or first == second or found[2] == ".":
            return _joined(year, str(second), str(first))
        if second > 12:
            return _joined(year, str(first), str(second))
        raise ValueError(
            f"“{text}” may mean two days: write {_joined(year, str(second), str(first))} "
            f"or {_joined(year, str(first), str(second))}."
        )
    return None


def _by_words(text: str) -> str | None:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    found = _WORDS.fullmatch(re.sub(r"\b(?:de|del|of)\s", "", plain))
    month = MONTHS.get(found[2]) if found else None
    return _joined(found[4], str(month), found[1] or found[3]) if found and month else None


def _joined(year: str, month: str, day: str | None = None) -> str:
    return "-".join((year, month.zfill(2), *((day.zfill(2),) if day else ())))


def period(since: str, until: str) -> tuple[str, str]:
    """The two cells of a period; `2004-2009` in the first one is both."""
    found = _PERIOD.fullmatch(since)
    return (found[1], found[2]) if found and not until else (since, until)


def degrees(text: str, most: float) -> float | None:
    """A latitude or longitude with a decimal point or comma; None where not known.

    Raises ValueError, with a message for people.
    """
    if text.lower() in EMPTY:
        return None
    try:
        value = float(text.replace("−", "-").replace(",", ".").rstrip("°"))
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not a number of degrees.") from None
    if not -most <= value <= most:
        raise ValueError(f"“{text[:40]}” lies outside -{most:g} to {most:g} degrees.")
    return value


def make_row(number: int, cells: Mapping[str, str], headers: Mapping[str, str]) -> ListRow:
    """A row of a list from its clean cells, by the fields of ListRow; faults are noted by header."""
    problems: list[tuple[str, str]] = []

    def checked(field: str, read: Any, text: str, otherwise: Any) -> Any:
        try:
            return read(text)
        except ValueError as error:
            problems.append((headers.get(field, field), str(error)))
            return otherwise

    since, until = period(cells.get("since", ""), cells.get("until", ""))
    latitude = checked("latitude", lambda text: degrees(text, 90), cells.get("latitude", ""), None)
    longitude = checked("longitude", lambda text: degrees(text, 180), cells.get("longitude", ""), None)
    values = {
        "since": checked("since", partial_date, since, ""),
        "until": checked("until", partial_date, until, ""),
        "geonames_id": checked("geonames_id", _geonames_id, cells.get("geonames_id", ""), ""),
    }
    if values["since"] and values["until"] and not in_order(values["since"], values["until"]):
        problems.append((headers.get("until", "until"), "The end lies before the start."))
    whole = latitude is not None and longitude is not None
    texts = {field: known(cells.get(field, ""), field) for field in TEXTS}
    return ListRow(
        number=number,
        latitude=latitude if whole else None,
        longitude=longitude if whole else None,
        problems=tuple(problems),
        **texts,
        **values,
    )


TEXTS = ("name", "country", "division", "role", "status", "source", "entity_type")


def in_order(since: str, until: str) -> bool:
    """Whether a period does not end before it begins, at the precision of both."""
    return date_bounds(since)[0] < date_bounds(until)[1]


def known(text: str, field: str) -> str:
    """The text, or nothing for what says “not known”. `NA` is Namibia in a column of countries."""
    if field == "country" and text == "NA":
        return text
    return "" if text.lower() in EMPTY and field != "name" else text


def _geonames_id(text: str) -> str:
    if text.lower() in EMPTY:
        return ""
    number = text.rstrip("/").rsplit("/", 1)[-1]
    if not (number.isascii() and number.isdigit() and len(number) <= 12):
        raise ValueError(f"“{text[:40]}” is not a GeoNames number.")
    return number.lstrip("0")


def is_blank(cells: Iterable[str]) -> bool:
    """Whether a row has nothing in it."""
    return not any(cells)
