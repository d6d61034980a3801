"""Linked data at the addresses of pages: who is answered with it, and how it stands within a page."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from django.views.generic import View

from registry.exchange.linked import MEDIA_TYPE, Site, own_terms

PAGES = ("text/html", "application/xhtml+xml", "text/*", "*/*")
_IN_A_PAGE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


class TermsView(View):
    """The registry's own terms."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What each means, as JSON-LD."""
        return answer(own_terms(site_of(request)))


def is_preferred(request: HttpRequest) -> bool:
    """Whether a client would rather have JSON-LD than a page, also where it asks for a profile of it.

    Whoever takes neither gets the page, as everywhere on the web.
    """
    accepted = (f"{one.main_type}/{one.sub_type}" for one in request.accepted_types)
    return next((name for name in accepted if name in (MEDIA_TYPE, *PAGES)), "") == MEDIA_TYPE


def site_of(request: HttpRequest) -> Site:
    """The registry as this request has it."""
    return Site(request.build_absolute_uri("/").rstrip("/"))


def answer(described: dict[str, Any]) -> HttpResponse:
    """A document of its own. It says the same in every language."""
    response = JsonResponse(described, content_type=MEDIA_TYPE, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Language"] = settings.LANGUAGE_CODE
    return response


def in_own_language() -> override:
    """While a document is made: names on the web and words are the same in every language."""
    return override(settings.LANGUAGE_CODE)


def for_a_page(described: dict[str, Any]) -> SafeString:
    """JSON that cannot end the element it stands in."""
    return mark_safe(json.dumps(described, ensure_ascii=False).translate(_IN_A_PAGE))
