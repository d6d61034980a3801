"""Numbers that are counted when somebody asks for them, without leaving the page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories as make


def test_numbers_come_in_place(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    make.make_membership(city=make.make_city("Paris"))
    monkeypatch.setattr("registry.views.controls.MANY", -1_000)
    page.goto("/cities/")
    page.get_by_label("Words in the name").fill("typed before")
    table = page.get_by_role("table").bounding_box()
    page.get_by_role("link", name=re.compile("Show numbers.*Country")).press("Enter")
    expect(page.locator("#facet-country .row-count")).to_contain_text("1")
    assert page.get_by_role("table").bounding_box() == table
    expect(page.locator("#facet-country")).to_be_focused()
    expect(page.get_by_label("Words in the name")).to_have_value("typed before")
    page.get_by_label("Country FR").check()
    assert page.url.endswith("/cities/")
