"""The worked questions of the guide for researchers, each asked and its answer checked by hand."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.test import Client

from tests.starter import starter

__all__ = ["starter"]  # a fixture
# The starter is loaded once: by one worker.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("starter")]

GUIDE = Path(__file__).parents[1] / "docs" / "researchers.md"
QUESTIONS = dict(re.findall(r"^\| (.+?\?) \| `(/\S+)` \|$", GUIDE.read_text(), re.MULTILINE))
Rows = list[dict[str, str]]


def names(rows: Iterable[dict[str, str]], column: str = "name") -> set[str]:
    return {row[column] for row in rows}


# By the beginning of the question: what the starter's own lists say, counted there by hand.
ANSWERS: dict[str, Callable[[Rows], bool]] = {
    # 32 members since 2013 and 32 since 2014 are published; 21 more joined in 2016.
    "Who was in 100 Resilient Cities": lambda rows: (
        len(rows) == 64 and {"Accra", "Boulder"} <= names(rows) and "Nairobi" not in names(rows)
    ),
    "Which European cities are in C40": lambda rows: (
        len(rows) == 16 and {"Paris", "Heidelberg", "Oslo"} <= names(rows)
    ),
    # Twelve joint policies have both.
    "What do Paris and London": lambda rows: (
        len({name for row in rows for name in row["policy_names"].split("; ")}) == 12
    ),
    "With whom does São Paulo": lambda rows: (
        names(rows, "partner_name") == {"Paris", "Tokyo"}
        and names(rows, "issue_name") == {"Cycling", "Sustainable transport"}
    ),
    "Who works on the issues of Bogotá": lambda rows: (
        len(rows) > 5
        and names(rows, "city_name") == {"Bogotá"}
        and "Bogotá" not in names(rows, "partner_name")
    ),
    "Which cities stand between": lambda rows: rows[0]["city_name"] == "Los Angeles" and len(rows) == 38,
    # The declaration on renewable energy began in 2021.
    "Which joint policies on energy": lambda rows: (
        names(rows) == {"C40 Net Zero Carbon Buildings Declaration"}
    ),
    "Which cities have a chief heat officer": lambda rows: (
        len(rows) == 9 and {"Athens", "Freetown", "Miami-Dade County"} <= names(rows, "city_name")
    ),
    # It signed for digital rights, and for nature in cities; its two offices have heat and resilience.
    "On which issues does Athens": lambda rows: (
        names(rows, "issue_name") == {"Digital rights", "Biodiversity", "Green space"}
    ),
    # None of the sources of the starter documents an experiment.
    "Which experiments on transport": lambda rows: not rows,
    "Which networks was Athens in": lambda rows: (
        {row["network_name"]: (row["since"], row["until"], row["observed_on"]) for row in rows}
        == {
            "C40 Cities Climate Leadership Group": ("", "", "2025"),
            "100 Resilient Cities": ("2014", "2019", ""),
            "Cities Coalition for Digital Rights": ("", "", "2019-03-28"),
        }
    ),
    "Which networks work on peace": lambda rows: names(rows) == {"Mayors for Peace"},
    "What do C40 and 100 Resilient Cities": lambda rows: (
        {"Accra", "Athens"}
        <= names(row for row in rows if row["aspect"] == "members" and "; " in row["had_by_names"])
    ),
    "Which offices have heat": lambda rows: len(rows) == 9 and names(rows, "kind") == {"office"},
}


def test_every_question_has_its_answer() -> None:
    asked = {begin for begin in ANSWERS if any(question.startswith(begin) for question in QUESTIONS)}
    assert asked == ANSWERS.keys()
    assert len(QUESTIONS) == len(ANSWERS) >= 10


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_address_answers_the_question(client: Client, starter: None, question: str) -> None:
    address = QUESTIONS[question]
    page = client.get(address)
    assert page.status_code == 200
    assert b'class="problem"' not in page.content
    file = client.get(f"{address}&format=csv")
    assert file.status_code == 200
    rows = list(csv.DictReader(file.getvalue().decode("utf-8-sig").splitlines()))
    (right,) = (check for begin, check in ANSWERS.items() if question.startswith(begin))
    assert right(rows), rows[:5]
