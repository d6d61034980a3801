"""The description of the API: as OpenAPI for programs, and as a page on which it can be tried."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.question import check_names
from registry.api.views import ApiView


class SchemaView(ApiView):
    """The description in OpenAPI 3.1."""

    def get(self, request: Request) -> Response:
        """Answer with all of it."""
        check_names(request.query_params, [])
        return Response(description(translation.get_language()))


@cache
def description(language: str) -> Any:
    """The whole description, in a language of the site. It changes with the code alone."""
    with translation.override(language):
        return SchemaGenerator().get_schema(request=None, public=True)
