"""Text pasted into a box, one member a line, and single cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.exchange.lists import ListError, read_text
from registry.exchange.lists.cells import clean, partial_date
from registry.models.dates import date_bounds


@pytest.mark.parametrize(
    ("line", "name", "since", "until"),
    [
        ("Sao Paolo, Brazil", "Sao Paolo, Brazil", "", ""),
        ("Kansas City, KS", "Kansas City, KS", "", ""),
        ("北京", "北京", "", ""),
        ("Porto (PT), since 2004", "Porto (PT)", "2004", ""),
        ("• Lyon (2004–2010)", "Lyon", "2004", "2010"),
        ("12. Genève", "Genève", "", ""),
        ("3) Kraków, since 11/2005", "Kraków", "2005-11", ""),
        ("- Bogotá desde 2005-11-03", "Bogotá", "2005-11-03", ""),
        ("* Wien, until 2012", "Wien", "", "2012"),
        ("Quebec – 2001", "Quebec", "2001", ""),
        ("Lyon, joined March 2004", "Lyon", "2004-03", ""),
        ("Paris\tFrance", "Paris, France", "", ""),
        ("   Roma ;", "Roma", "", ""),
        ("29 Palms", "29 Palms", "", ""),
        ("100 Mile House, BC", "100 Mile House, BC", "", ""),
    ],
)
def test_lines(line: str, name: str, since: str, until: str) -> None:
    (row,) = read_text(f"\n{line}\n").rows
    assert (row.number, row.name, row.since, row.until, row.problems) == (2, name, since, until, ())


def test_a_paste_from_a_spreadsheet_is_a_table() -> None:
    read = read_text("City\tCountry\tSince\nParis\tFR\t2004\n")
    assert [(row.number, row.name, row.country, row.since) for row in read.rows] == [
        (2, "Paris", "FR", "2004")
    ]


@pytest.mark.parametrize("text", ["", "  \n\n", "•\n-\n"])
def test_a_text_without_names_is_refused(text: str) -> None:
    with pytest.raises(ListError, match="no name"):
        read_text(text)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2004", "2004"),
        ("2004.0", "2004"),
        ("11/2005", "2005-11"),
        ("2005-11", "2005-11"),
        ("2005-11-03", "2005-11-03"),
        ("2005-11-03 00:00:00", "2005-11-03"),
        ("03.11.2005", "2005-11-03"),
        ("25/11/2005", "2005-11-25"),
        ("11/25/2005", "2005-11-25"),
        ("03/03/2005", "2005-03-03"),
        ("November 2005", "2005-11"),
        ("3 November 2005", "2005-11-03"),
        ("November 3, 2005", "2005-11-03"),
        ("3 de noviembre de 2005", "2005-11-03"),
        ("décembre 2005", "2005-12"),
        ("NA", ""),
        ("n/a", ""),
        ("?", ""),
        ("", ""),
    ],
)
def test_dates(text: str, date: str) -> None:
    assert partial_date(text) == date


@pytest.mark.parametrize("text", ["soon", "20005", "2005-13", "2005-02-30", "31.02.2005", "Phase VI", "0999"])
def test_no_dates(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        partial_date(text)


def test_a_day_that_may_be_two_is_asked_about() -> None:
    with pytest.raises(ValueError, match="write 2005-11-03 or 2005-03-11"):
        partial_date("03/11/2005")


@given(st.text(max_size=30))
def test_a_date_is_legal_or_refused(text: str) -> None:
    try:
        value = partial_date(clean(text))
    except ValueError:
        return
    if value:
        date_bounds(value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        rows = read_text(text).rows
    except ListError:
        return
    assert all(row.name == clean(row.name) for row in rows)
