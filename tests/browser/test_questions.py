"""Ten questions of a researcher, from the front page to the rows of the file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.starter import load_starter_registry

Rows = list[dict[str, str]]


def ask(section: str, **given: str) -> Callable[[Page], None]:
    """Go to a section and fill in its filters, by the names of their parameters."""

    def ask(page: Page) -> None:
        page.get_by_role("navigation", name="Main").get_by_role("link", name=section).click()
        for name, value in given.items():
            field = page.locator(f"#filter-{name}")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(value)
            elif field.evaluate("field => field.tagName") == "LEGEND":
                page.locator(f"#facet-{name}").get_by_label(value).check()
            else:
                field.fill(value)
        page.get_by_role("button", name="Show").click()

    return ask


def compare(page: Page) -> None:
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Compare").click()
    page.locator("[name=network]").first.fill("C40")
    page.get_by_role("button", name="Compare").click()
    page.locator("[name=network]").last.fill("100 Resilient Cities")
    page.get_by_role("button", name="Compare").click()


def search(page: Page) -> None:
    box = page.get_by_role("main").locator("[name=q]")
    box.fill("heat")
    box.press("Enter")
    page.get_by_role("navigation", name="Kinds of record").get_by_role("link", name="Offices").click()


def measure(page: Page) -> None:
    ask("Collaborations", issue="transport")(page)
    page.get_by_role("link", name="Measures").click()
    page.locator("details.table-settings summary").click()
    page.locator("#filter-order").select_option("-betweenness")
    page.get_by_role("button", name="Apply").click()


def column(rows: Rows, name: str) -> set[str]:
    return {row[name] for row in rows}


QUESTIONS: dict[str, tuple[Callable[[Page], None], Callable[[Rows], Any]]] = {
    "Which cities were in 100 Resilient Cities in 2015?": (
        ask("Cities", network="100 Resilient Cities", active_on="2015"),
        lambda rows: len(rows) == 64 and "Accra" in column(rows, "name"),
    ),
    "Which European cities are in C40?": (
        ask("Cities", network="C40", world_region="Europe"),
        lambda rows: len(rows) == 16 and "Oslo" in column(rows, "name"),
    ),
    "What do Paris and London do together?": (
        ask("Collaborations", city="Paris", partner="London"),
        lambda rows: column(rows, "partner_name") == {"London"},
    ),
    "With whom does São Paulo work on cycling?": (
        ask("Collaborations", city="Sao Paulo", issue="cycling"),
        lambda rows: [row["partner_name"] for row in rows] == ["Paris", "Tokyo"],
    ),
    "Which cities stand between others on transport?": (
        measure,
        lambda rows: rows[0]["city_name"] == "Los Angeles",
    ),
    "Which joint policies on energy were in force in 2022?": (
        ask("Policies", issue="energy", active_on="2022", certainty="Also what unknown dates allow"),
        lambda rows: {"C40 Renewable Energy Declaration"} < column(rows, "name"),
    ),
    "Which cities have a chief heat officer?": (
        ask("Offices", kind="Chief heat officer"),
        lambda rows: len(rows) == 9 and "Freetown" in column(rows, "city_name"),
    ),
    "Which networks work on peace?": (
        ask("Networks", issue="peace"),
        lambda rows: column(rows, "name") == {"Mayors for Peace"},
    ),
    "What do C40 and 100 Resilient Cities have in common?": (
        compare,
        lambda rows: (
            {"C40 Cities Climate Leadership Group; 100 Resilient Cities"} < column(rows, "had_by_names")
        ),
    ),
    "Which offices have heat in their title?": (
        search,
        lambda rows: len(rows) == 9 and column(rows, "kind") == {"office"},
    ),
}


@pytest.mark.parametrize(
    "context_options", [{"viewport": {"width": 1280, "height": 900}, "accept_downloads": True}]
)
def test_from_the_front_page_to_the_rows_of_the_file(page: Page, tmp_path: Any) -> None:
    load_starter_registry()
    for question, (find, is_right) in QUESTIONS.items():
        page.goto("/")
        find(page)
        expect(page.locator(".problem")).to_have_count(0)
        with page.expect_download() as started:
            page.get_by_role("link", name="CSV", exact=True).click()
        path = tmp_path / "rows.csv"
        started.value.save_as(path)
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        assert is_right(rows), (question, rows[:3])
