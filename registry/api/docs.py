"""The description of the API: as OpenAPI for programs, as a page to try it on, and as worked examples."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import TemplateView
from drf_spectacular.generators import SchemaGenerator
from markdown_it import MarkdownIt
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.describe import Json, responses
from registry.api.question import check_names
from registry.api.views import ApiView

EXAMPLES = settings.BASE_DIR / "docs" / "api.md"


class SchemaView(ApiView):
    """The description in OpenAPI 3.1."""

    def get(self, request: Request) -> Response:
        """Answer with all of it."""
        check_names(request.query_params, [])
        return Response(description(translation.get_language()))

    def operation(self, method: str) -> Json:
        """This description."""
        return {
            "operationId": "schema",
            "summary": "This description",
            "tags": ["about"],
            "responses": responses({"type": "object"}, "304", "400", about="OpenAPI 3.1."),
        }


@cache
def description(language: str) -> Any:
    """The whole description, in a language of the site. It changes with the code alone."""
    with translation.override(language):
        return SchemaGenerator(patterns=None).get_schema(request=None, public=True)


class Tryout(TemplateView):
    """The page on which each address can be tried, with Swagger UI."""

    template_name = "registry/api/docs.html"


class Examples(TemplateView):
    """Worked examples, which the tests run."""

    template_name = "registry/api/examples.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the text of docs/api.md."""
        return {**super().get_context_data(**kwargs), "examples": examples()}


@cache
def examples() -> SafeString:
    """docs/api.md as HTML; HTML in it would be shown as text."""
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(EXAMPLES.read_text("utf-8"))
    return mark_safe(html)  # our own text
