"""Words in the reader's language: names of records, counted things, the same page in another language."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.template.defaultfilters import stringfilter
from django.urls import reverse, translate_url
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext, override

from registry import languages
from registry.models import Issue

register = template.Library()

# What is counted in a sentence: the number, grouped, and its noun.
COUNTED: dict[str, Callable[[int], str]] = {
    "city": lambda n: ngettext("%(number)s city", "%(number)s cities", n),
    "collaborator": lambda n: ngettext(
        "%(number)s direct collaborator", "%(number)s direct collaborators", n
    ),
    "country": lambda n: ngettext("%(number)s country", "%(number)s countries", n),
    "inhabitant": lambda n: ngettext("%(number)s inhabitant", "%(number)s inhabitants", n),
    "member": lambda n: ngettext("%(number)s member", "%(number)s members", n),
    "membership": lambda n: ngettext("%(number)s membership", "%(number)s memberships", n),
    "more": lambda n: ngettext("and %(number)s more", "and %(number)s more", n),
    "network": lambda n: ngettext("%(number)s network", "%(number)s networks", n),
    "office": lambda n: ngettext("%(number)s office", "%(number)s offices", n),
    "pair": lambda n: ngettext("%(number)s pair of cities", "%(number)s pairs of cities", n),
    "part": lambda n: ngettext("%(number)s part in joint policies", "%(number)s parts in joint policies", n),
    "policy": lambda n: ngettext("%(number)s joint policy", "%(number)s joint policies", n),
    "tied pair": lambda n: ngettext("%(number)s tied pair", "%(number)s tied pairs", n),
}


grouped = register.filter(languages.grouped)


@register.filter
def count_of(number: int, noun: str) -> str:
    """So many of something: `{{ total|count_of:"membership" }}`."""
    return COUNTED[noun](number) % {"number": grouped(number)}


@register.filter
def and_more(number: int) -> str:
    """That so many are not shown."""
    return count_of(number, "more")


@register.filter
def of_number(noun: Any, number: int) -> str:
    """A noun without its number, in the form that goes with it: `ngettext_lazy` without a placeholder."""
    return str(noun % number)


@register.filter
def named(record: Any) -> SafeString:
    """A record's name as the reader's language has it, marked where it is of another language or script."""
    # What has no name is called by what it holds.
    name = getattr(record, "local_name", None) or str(record)
    return marked_up(name, settings.LANGUAGE_CODE if isinstance(record, Issue) else "")


@register.filter
def short_name(record: Any) -> SafeString:
    """The acronym where there is one, else the name."""
    return marked_up(acronym) if (acronym := getattr(record, "acronym", "")) else named(record)


@register.filter
def in_own_language(name: Any) -> SafeString:
    """A row of names, with its language and script for whoever reads it aloud."""
    script = getattr(name, "script", "")
    tags = name.language.split("-")
    return marked_up(name.name, "-".join([*tags, script] if script and script not in tags else tags))


def marked_up(text: str, language: str = "") -> SafeString:
    """The text, its language told where that is not the page's, apart from what is written the other way."""
    language = "" if language == get_language() else language
    if runs_leftwards(text):
        given = format_html(' lang="{}"', language) if language else ""
        return format_html("<bdi{}>{}</bdi>", given, text)
    return format_html('<span lang="{}">{}</span>', language, text) if language else conditional_escape(text)


def runs_leftwards(text: str) -> bool:
    """Whether letters of the text are written from right to left."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


@register.simple_tag
def foreign_words() -> SafeString:
    """The attribute for prose that the registry has in its own language only."""
    own = settings.LANGUAGE_CODE
    return SafeString("") if get_language() == own else format_html(' lang="{}"', own)


@register.filter
@stringfilter
def language_name(code: str) -> str:
    """What the language of a BCP 47 code is called."""
    return languages.language_name(code)


@dataclass(frozen=True)
class Tongue:
    """A language, and where this page is in it."""

    code: str
    name: str
    address: str


# As Open Graph names languages: with a country.
LOCALES = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES"}


@dataclass(frozen=True)
class Tongues:
    """The language of the page; the others for the reader, all of them for those who index it."""

    current: str
    others: list[Tongue]
    alternates: list[Tongue]

    @property
    def locale(self) -> str:
        """The language of the page for Open Graph."""
        return LOCALES[self.current]

    @property
    def other_locales(self) -> list[str]:
        """The languages that the same page is there in."""
        return [LOCALES[one.code] for one in self.others]


@register.simple_tag(takes_context=True, name="languages")
def languages_of_page(context: template.Context) -> Tongues:
    """The languages of the site; a page that could not be made has no others."""
    now = get_language() or settings.LANGUAGE_CODE
    request, canonical = context.get("request"), context.get("canonical")
    if request is None:
        return Tongues(now, [], [])
    others = [Tongue(code, name, _in(code, request.get_full_path())) for code, name in settings.LANGUAGES]
    alternates = [Tongue(code, name, _in(code, canonical)) for code, name in settings.LANGUAGES if canonical]
    if alternates:
        alternates.append(Tongue("x-default", "", alternates[0].address))
    return Tongues(now, [one for one in others if one.code != now], alternates)


def _in(language: str, address: str) -> str:
    """The same page in another language, its whole question kept; the home page if there is none."""
    found = translate_url(address, language)
    if found != address or language == get_language():
        return found
    with override(language):
        return reverse("home")


@register.simple_block_tag
def told(content: str) -> SafeString:
    """What stands inside, for a page that says it twice: `{% told as title %}…{% endtold %}`."""
    return SafeString(content.strip())


@register.simple_tag
def script_words() -> SafeString:
    """What scripts say, for them to find: texts with places in braces, by number where they count."""
    words = {
        "suggestions": gettext("Suggestions"),
        "no_suggestions": gettext("No suggestions"),
        "some_suggestions": _by_number(
            lambda n: ngettext("%(number)s suggestion", "%(number)s suggestions", n)
        ),
        "year": gettext("Year, %(first)s to %(last)s"),
        "not_drawn": gettext("The picture could not be drawn. The tables say the same."),
        "tied_cities": _by_number(lambda n: ngettext("%(number)s tied city", "%(number)s tied cities", n)),
        "proofs": _by_number(
            lambda n: ngettext(
                "%(number)s joint policy or network", "%(number)s joint policies and networks", n
            )
        ),
        "neighbours": _by_number(
            lambda n: ngettext(
                "%(number)s neighbour in this picture. Choose it again to see all.",
                "%(number)s neighbours in this picture. Choose it again to see all.",
                n,
            )
        ),
        "pair": gettext("%(one)s and %(other)s"),
        "evidence": gettext("evidence"),
    }
    return format_html('<meta name="words" content="{}">', json.dumps(words, ensure_ascii=False))


def _by_number(words: Callable[[int], str]) -> dict[str, str]:
    """The form for one and the form for many: `Intl.PluralRules` of these languages knows no others here."""
    return {"one": words(1), "other": words(2)}
