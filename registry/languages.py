"""The language of a page: its address alone decides, so that nobody is surprised and caches may keep it."""

from __future__ import annotations

from functools import cache
from typing import Any

from babel import Locale
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from registry.models.names import Names, names


def read_in(language: str) -> None:
    """Go on in this language: words, numbers, and the names of records."""
    translation.activate(language)
    names.set(None if language == settings.LANGUAGE_CODE else Names(language))


class LanguageMiddleware(LocaleMiddleware):
    """Answers in the language that the address begins with, in the registry's own where it names none.

    Django's middleware would add that the answer varies by what the browser prefers, which it does not.
    """

    def __call__(self, request: HttpRequest) -> Any:
        """Answer, and leave nothing of the language behind."""
        try:
            return super().__call__(request)
        finally:
            read_in(settings.LANGUAGE_CODE)

    def process_request(self, request: HttpRequest) -> None:
        """Begin in the language of the address."""
        super().process_request(request)
        read_in(translation.get_language())

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Say what language the answer is in."""
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


def grouped(number: int) -> str:
    """A number with its thousands set apart by thin spaces that do not break, as every language here may."""
    return f"{number:,}".replace(",", "\u202f")


@cache
def language_names(language: str) -> dict[str, str]:
    """What languages are called in a language, by BCP 47 codes with underscores."""
    return dict(Locale.parse(language).languages)


def language_name(code: str) -> str:
    """What the language of a BCP 47 code is called in the reader's language; or the code itself."""
    known = language_names(translation.get_language() or settings.LANGUAGE_CODE)
    return known.get(code.replace("-", "_")) or known.get(code.partition("-")[0].lower()) or code
