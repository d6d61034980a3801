"""What the site says is said through gettext, and in every language."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from babel.messages import Catalog
from django.template.base import Lexer, TokenType
from django.utils import translation
from pytest import MonkeyPatch

from citynet import words
from registry.exchange.changes import KINDS
from registry.exchange.columns.fields import field_name
from registry.exchange.formats import FORMATS
from tests.views.addresses import make_site

# Names, codes and formats that are the same in every language.
SAME = (
    *sorted((one.label for one in FORMATS.values()), key=len, reverse=True),
    *("CityNet", "GeoNames", "Wikidata", "UN/LOCODE", "CC BY 4.0", "English", "Español"),
    *("datapackage.json", "changes.csv", "DCAT", "OpenAPI 3.1", "API"),
    "Creative Commons Attribution 4.0 International",
)
SAID_BY = ("aria-label", "title", "placeholder", "alt", "data-label")
WORD = re.compile(r"[A-Za-z]{2,}")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_files_hold_what_code_and_templates_say(language: str) -> None:
    assert words.source(language).read_text() == words.text_of(words.gathered(language)), "run make words"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_all_is_translated_with_the_same_values_and_markup(language: str) -> None:
    assert list(words.problems(words.read(language))) == []


def test_what_is_wrong_with_a_translation_is_found() -> None:
    catalog = Catalog(locale="fr")
    catalog.add("One", "Un")
    assert not list(words.problems(catalog))
    catalog.add("Two", "")
    catalog.add("%(number)s of <em>all</em>", "%(nombre)s de <em>tous</em>")
    catalog.add(("%(number)s city", "%(number)s cities"), ("%(number)s ville",))
    assert len(list(words.problems(catalog))) == 3


def test_every_field_that_a_change_tells_of_has_a_name() -> None:
    named = [field_name(field) for kind in KINDS.values() for field in kind.fields]
    assert all(named)


def test_templates_have_no_words_of_their_own() -> None:
    found = []
    for path in words.files():
        if path.suffix == ".html":
            markup = "".join(_outside(path.read_text()))
            found += [f"{path.name}: {text}" for text in visible(markup) if WORD.search(without_names(text))]
    assert found == []


def _outside(template: str) -> list[str]:
    """The text of a template that no tag translates, with a sign for each tag."""
    pieces, inside = [], False
    for token in Lexer(template).tokenize():
        if token.token_type == TokenType.BLOCK and token.contents.split()[0] in (
            "blocktranslate",
            "endblocktranslate",
            "comment",
            "endcomment",
        ):
            inside = not token.contents.startswith("end")
        pieces.append(token.contents if token.token_type == TokenType.TEXT and not inside else "§")
    return pieces


class Visible(HTMLParser):
    """Collects what a reader sees or hears of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in ("meta", "link", "input", "br", "rect", "line"):
            self.inside.append(tag)
        self.texts += [given[name] or "" for name in SAID_BY if name in given]
        if given.get("name") == "description":
            self.texts.append(given["content"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"script", "code"} & {*self.inside}:
            self.texts.append(data)


def visible(markup: str) -> list[str]:
    """The texts of a page, those of its attributes among them."""
    parser = Visible()
    parser.feed(markup)
    return [text.strip() for text in parser.texts if text.strip()]


def without_names(text: str) -> str:
    """A text without what is the same in every language."""
    for name in SAME:
        text = text.replace(name, "")
    return text


@pytest.mark.django_db
def test_every_page_says_all_through_gettext(monkeypatch: MonkeyPatch, client: Any) -> None:
    site = make_site("Ω")
    _mark_what_is_translated(monkeypatch)
    found: dict[str, str] = {}
    for address in site.addresses:
        html = _without_translations(site.get(client, f"/fr{address}").content.decode())
        for text in visible(html):
            left = site.without_records(without_names(text))
            if WORD.search(left):
                found.setdefault(left.strip(), address)
    assert found == {}


def _mark_what_is_translated(monkeypatch: MonkeyPatch) -> None:
    """Put brackets round whatever gettext gives."""
    catalog: Any = translation._trans  # type: ignore[attr-defined]
    for name in ("gettext", "ngettext", "pgettext", "npgettext"):
        real = getattr(catalog, name)
        monkeypatch.setattr(catalog, name, lambda *given, real=real: f"⟦{real(*given)}⟧")


def _without_translations(html: str) -> str:
    """A page without what gettext gave; marked words of a name are not apart from it."""
    html = re.sub("</?mark>", "", html)
    while (rest := re.sub("⟦[^⟦⟧]*⟧", "", html)) != html:
        html = rest
    return html
