"""Signed-in staff of each kind, and what their forms post."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from registry.models import City
from tests.factories import make_city, make_country, make_staff


def signed_in(group: str | None, username: str = "") -> Client:
    """A browser in which a new account of this group is signed in; a superuser without one."""
    client = Client()
    client.force_login(make_staff(username or (group or "superuser").lower(), group))
    return client


@pytest.fixture
def contributor(db: None) -> Client:
    """A Contributor."""
    return signed_in("Contributor")


@pytest.fixture
def editor(db: None) -> Client:
    """An Editor."""
    return signed_in("Editor")


@pytest.fixture
def administrator(db: None) -> Client:
    """An Administrator."""
    return signed_in("Administrator")


@pytest.fixture
def superuser(db: None) -> Client:
    """A superuser."""
    return signed_in(None)


@pytest.fixture
def cities(db: None) -> dict[str, City]:
    """A small gazetteer with two cities called Paris."""
    for code, name in {"BR": "Brazil", "FR": "France", "JP": "Japan", "US": "United States"}.items():
        make_country(code, name=name)
    return {
        "paris": make_city(
            "Paris", population=2_138_551, latitude=48.85, longitude=2.35, geonames_id=2988507
        ),
        "texas": make_city(
            "Paris", country="US", population=24_782, latitude=33.66, longitude=-95.55, geonames_id=4717560
        ),
        "tokyo": make_city("Tokyo", country="JP", population=9_733_276, geonames_id=1850147),
        "sao": make_city("São Paulo", country="BR", population=10_021_295, geonames_id=3448439),
    }


class _Fields(HTMLParser):
    """What a browser would post of a form: names and values of its fields."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select: str | None = None
        self._several = False
        self._text: str | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = dict(attributes)
        name = said.get("name")
        if tag == "input" and name and said.get("type") not in ("submit", "checkbox", "radio"):
            self.values[name] = said.get("value") or ""
        elif tag == "input" and name and said.get("type") == "checkbox" and "checked" in said:
            self.values[name] = said.get("value") or "on"
        elif tag == "select" and name:
            self._select, self._several = name, "multiple" in said
            self.values[name] = [] if self._several else ""
        elif tag == "option" and self._select and "selected" in said:
            value = said.get("value") or ""
            self.values[self._select] = [*self.values[self._select], value] if self._several else value
        elif tag == "textarea" and name:
            self._text = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data


def fields_of(response: Any) -> dict[str, Any]:
    """What a browser would post of the form on a page, without a button."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return {name: value for name, value in parser.values.items() if "__prefix__" not in name and name != "q"}


@pytest.fixture
def fill_in() -> Callable[..., HttpResponse]:
    """Opens a form, changes some of its fields and posts it; rows are added by their prefix."""

    def fill(client: Client, address: str, rows: Any = None, press: str = "_save", **changes: Any) -> Any:
        parser = _Fields()
        parser.feed(client.get(address).content.decode())
        values = {name: value for name, value in parser.values.items() if "__prefix__" not in name}
        values.pop("q", None)
        for prefix, added in (rows or {}).items():
            start = int(values[f"{prefix}-INITIAL_FORMS"])
            total = max(int(values[f"{prefix}-TOTAL_FORMS"]), start + len(added))
            values[f"{prefix}-TOTAL_FORMS"] = str(total)
            # A row added in the browser is a copy of the hidden one.
            empty = f"{prefix}-__prefix__-"
            usual = {n.removeprefix(empty): v for n, v in parser.values.items() if n.startswith(empty)}
            for number, row in enumerate(added, start):
                filled = {**usual, **row}
                values.update({f"{prefix}-{number}-{field}": value for field, value in filled.items()})
        values.update(changes)
        return client.post(address, {**values, press: "1"})

    return fill


def errors_of(response: Any) -> dict[str, list[str]]:
    """Every error shown, by the name of the field that it stands beside."""
    found: dict[str, list[str]] = {}
    form = response.context["adminform"].form
    forms = [form, *(row for rows in response.context["inline_admin_formsets"] for row in rows.formset.forms)]
    for one in forms:
        for field, messages in one.errors.items():
            found.setdefault(one.add_prefix(field), []).extend(messages)
    for rows in response.context["inline_admin_formsets"]:
        if rows.formset.non_form_errors():
            found[rows.formset.prefix] = list(rows.formset.non_form_errors())
    return found
