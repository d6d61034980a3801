"""The Reconciliation Service API 0.2 (W3C Entity Reconciliation Community Group): for OpenRefine.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import re
from typing import Any

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.limits import Resolving
from registry.api.problems import Refused
from registry.api.question import check_length
from registry.api.reconciling import (
    CITIES,
    CITY,
    MOST_QUERIES,
    about,
    answer,
    extend,
    property_of,
    read_json,
)
from registry.api.views import ApiView
from registry.choices import RecordKind
from registry.models import City
from registry.models.aliases import find_by_old_address
from registry.search.find import find

CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*", re.ASCII)
LONGEST_CALLBACK = 100
SUGGESTED = 20
MOST_SKIPPED = 1000
WIDTH, HEIGHT = 400, 220
LONGEST_PREFIX = 200


class ReconcileApi(ApiView):
    """What the services share. As their clients send more than is specified, what is unknown is let pass."""

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer as a call of a function, for old clients that ask for it (JSONP)."""
        callback = request.GET.get("callback") if request.method == "GET" else None
        if callback and isinstance(response, Response):
            if len(callback) > LONGEST_CALLBACK or not CALLBACK.fullmatch(callback):
                words = gettext("It has to be the name of a function.")
                response = self.handle_exception(Refused([("callback", words)]))
            else:
                body = JSONRenderer().render(response.data).decode()
                # The comment keeps what is called from being taken for something else.
                response = HttpResponse(f"/**/{callback}({body});", content_type="application/javascript")
        return super().finalize_response(request, response, *args, **kwargs)


class ReconcileView(ReconcileApi):
    """The endpoint: what the service can do, queries, and data extension."""

    parser_classes = (FormParser, MultiPartParser)
    throttle_classes = (Resolving,)

    def get(self, request: Request) -> Response:
        """Answer what is asked in the query string, or say what can be."""
        return self._answer(request, request.query_params)

    def post(self, request: Request) -> Response:
        """Answer what is asked in the form."""
        check_length(request)
        return self._answer(request, request.data)

    def _answer(self, request: Request, given: Any) -> Response:
        if "queries" in given:
            return Response(answer(read_json("queries", given["queries"])))
        if "extend" in given:
            return Response(extend(read_json("extend", given["extend"])))
        if request.method == "POST":
            raise Refused(
                [("queries", gettext("It is needed here, or else: %(other)s.") % {"other": "extend"})]
            )
        return Response(manifest(request))


def manifest(request: Request) -> dict[str, Any]:
    """What the service says of itself."""
    root = request.build_absolute_uri("/")
    base = request.build_absolute_uri(reverse("api:reconcile")).rstrip("/")
    cities = request.build_absolute_uri(reverse("city-list"))
    return {
        "versions": ["0.2"],
        "name": "CityNet: cities",
        "identifierSpace": cities,
        "schemaSpace": "https://schema.org/City",
        "documentation": request.build_absolute_uri(reverse("api-examples")),
        "defaultTypes": [CITY],
        "view": {"url": f"{cities}{{{{id}}}}/"},
        "preview": {"url": f"{base}/preview/{{{{id}}}}/", "width": WIDTH, "height": HEIGHT},
        "suggest": {
            name: {"service_url": base, "service_path": f"/suggest/{name}/"}
            for name in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/properties/"},
            "property_settings": [],
        },
        "batchSize": MOST_QUERIES,
        "logo": f"{root}favicon.ico",
    }


class SuggestEntity(ReconcileApi):
    """Cities by the beginning of a name, while somebody types it."""

    throttle_classes = (Resolving,)

    def get(self, request: Request) -> Response:
        """Answer with the next few."""
        prefix = request.query_params.get("prefix", "").replace("\x00", "")[:LONGEST_PREFIX].strip()
        skipped = _cursor(request)
        matches = [one for one in find(prefix).matches if one.kind == RecordKind.CITY] if prefix else []
        keys = [one.key for one in matches[skipped : skipped + SUGGESTED]]
        cities = City.objects.public().select_related("country", "division").in_bulk(keys)
        found = [{**about(cities[key]), "notable": [CITY]} for key in keys if key in cities]
        return Response({"result": found})


class SuggestProperty(ReconcileApi):
    """Properties by words of their name."""

    def get(self, request: Request) -> Response:
        """Answer with those that there are."""
        words = request.query_params.get("prefix", "").lower().replace("_", " ").split()
        found = [
            {**property_of(one), "description": one.about}
            for one in CITIES.fields.values()
            if all(word in property_of(one)["name"] for word in words)
        ]
        return Response({"result": found[_cursor(request) :]})


class SuggestType(ReconcileApi):
    """The one type there is."""

    def get(self, request: Request) -> Response:
        """Answer with it, where it is not something else that is typed."""
        prefix = request.query_params.get("prefix", "").lower().strip()
        found = [CITY] if CITY["id"].startswith(prefix) else []
        return Response({"result": found[_cursor(request) :]})


class ProposeProperties(ReconcileApi):
    """The properties that data extension has for a type."""

    def get(self, request: Request) -> Response:
        """Answer with them."""
        given = request.query_params
        properties = [property_of(one) for one in CITIES.fields.values()]
        limit = given.get("limit", "")
        if limit.isascii() and limit.isdigit() and len(limit) < 6:
            properties = properties[: int(limit)]
        known = given.get("type", CITY["id"]) == CITY["id"]
        return Response({"type": given.get("type", CITY["id"]), "properties": properties if known else []})


def _cursor(request: Request) -> int:
    text = request.query_params.get("cursor", "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Refused([("cursor", gettext("It has to be a number of suggestions to leave out."))])
    return min(int(text), MOST_SKIPPED)


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class Preview(ReconcileApi):
    """A city in a small frame of another site."""

    def get(self, request: Request, address: str) -> HttpResponse:
        """Answer with the little page."""
        view = CITIES.rows()
        record = find_by_old_address(view.queryset, address) if "\x00" not in address else None
        rows = view.read([record.pk], None, list(view.listing.columns)) if record else []  # type: ignore[arg-type]
        if not rows:
            raise Http404
        return render(request._request, "registry/api/preview.html", {"city": rows[0]})
