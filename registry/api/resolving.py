"""Names of a list to cities, for everybody: POST /api/v1/resolve."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.response import Response

from registry.api.describe import JSON_TYPE, Json, array, query, record, responses
from registry.api.limits import Resolving
from registry.api.problems import Refused
from registry.api.question import StrictJson, check_length, check_names, check_single, plain_text
from registry.api.views import ApiView
from registry.exchange.lists import Candidate, Decision, ListRow, resolve_in_public
from registry.exchange.lists.cells import clean, make_row
from registry.models import City

MOST_NAMES = 10_000
MOST_ERRORS = 20
MOST_GEONAMES = 999_999_999_999
TEXTS = ("name", "country", "division", "entity_type")
DEGREES = {"latitude": 90, "longitude": 180}
KNOWN = (*TEXTS, "geonames_id", *DEGREES)


class ResolveView(ApiView):
    """Which city each name of a list means, with the others that it may mean and why."""

    parser_classes = (StrictJson,)
    throttle_classes = (Resolving,)

    def post(self, request: Request) -> Response:
        """Answer with the decision on each name, in the order of the names."""
        given = request.query_params
        check_names(given, ["accept_above"])
        check_single(given, ["accept_above"])
        least = _score(given["accept_above"]) if "accept_above" in given else None
        check_length(request)
        rows = read_names(request.data)
        decisions = resolve_in_public(rows, accept_above=least)
        identifiers = pids(one for decision in decisions for one in decision.candidates)
        return Response({"rows": [_row(one, identifiers) for one in decisions]})

    def operation(self, method: str) -> Json:
        """Names in, decisions out."""
        rows = record({"rows": array(DECISION)}, ["rows"])
        return {
            "operationId": "resolve",
            "summary": "Which cities the names of a list mean",
            "description": f"At most {MOST_NAMES:,} names: texts, or objects with a name and what is known. "
            "The list as a whole is weighed, so send it in one piece. The score is a probability.",
            "tags": ["resolving"],
            "parameters": [
                query(
                    "accept_above",
                    {"type": "number", "minimum": 0, "maximum": 1},
                    "The least score of a name that is matched unasked; 0.95 where left out.",
                )
            ],
            "requestBody": {"required": True, "content": {JSON_TYPE: {"schema": NAMES}}},
            "responses": responses(rows, "400", "413", "415", about="A decision for each name."),
        }


# --- What is given ---------------------------------------------------------------------------------------

NAMES: Json = {
    **array(
        {
            "oneOf": [
                {"type": "string"},
                record(
                    {
                        **{name: {"type": "string"} for name in TEXTS},
                        "geonames_id": {"type": "integer", "minimum": 1, "maximum": MOST_GEONAMES},
                        **{
                            name: {"type": "number", "minimum": -most, "maximum": most}
                            for name, most in DEGREES.items()
                        },
                    },
                    ["name"],
                ),
            ]
        }
    ),
    "maxItems": MOST_NAMES,
    "example": ["Sao Paulo", {"name": "Paris", "country": "FR"}],
}


def read_names(body: Any) -> list[ListRow]:
    """The rows of a list; raises Refused with the places of the first faults."""
    if not isinstance(body, list):
        raise Refused([("body", gettext("It has to be a list of names: texts, or objects with a name."))])
    if len(body) > MOST_NAMES:
        words = gettext("At most %(most)s names are resolved at once; there are %(number)s.")
        raise Refused([("body", words % {"most": f"{MOST_NAMES:,}", "number": f"{len(body):,}"})])
    rows, errors = [], list[tuple[str, str]]()
    for number, one in enumerate(body, start=1):
        cells = {"name": one} if isinstance(one, str) else one
        found = list(_faults(cells))
        errors += [(f"[{number - 1}]{place}", message) for place, message in found]
        if len(errors) >= MOST_ERRORS:
            break
        if not found:
            rows.append(row_of(number, cells))
    if errors:
        raise Refused(errors)
    return rows


def row_of(number: int, cells: dict[str, Any]) -> ListRow:
    """A row of a list from what is given of it."""
    return make_row(number, {name: clean(value) for name, value in cells.items()}, {})


def _faults(cells: Any) -> Iterable[tuple[str, str]]:
    if not isinstance(cells, dict):
        yield "", gettext("It has to be a text, or an object with a name.")
        return
    if "name" not in cells:
        yield ".name", gettext("it is needed here.")
    for name, value in cells.items():
        if name not in KNOWN:
            words = gettext("there is no such parameter here. There are: %(known)s.")
            yield f".{plain_text(name)[:40]}", words % {"known": ", ".join(KNOWN)}
        elif name in TEXTS:
            if not isinstance(value, str) or plain_text(value) != value:
                yield f".{name}", gettext("It has to be a text in Unicode.")
        elif name == "geonames_id":
            if not _is_number(value) or value != int(value) or not 1 <= value <= MOST_GEONAMES:
                yield f".{name}", gettext("It has to be the number that GeoNames gives a place.")
        elif not _is_number(value) or not -DEGREES[name] <= value <= DEGREES[name]:
            words = gettext("It has to be a number from -%(most)s to %(most)s.")
            yield f".{name}", words % {"most": DEGREES[name]}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _score(text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise Refused([("accept_above", gettext("It has to be a number from 0 to 1."))])
    return score


# --- What is answered ------------------------------------------------------------------------------------

_TEXT: Json = {"type": "string"}
_ID: Json = {"type": ["string", "null"]}
_GEONAMES: Json = {"type": ["integer", "null"]}
_DEGREES: Json = {"type": ["number", "null"]}
CANDIDATE = record(
    {
        "id": _TEXT,
        "name": _TEXT,
        "country_id": _TEXT,
        "geonames_id": _GEONAMES,
        "population": {"type": ["integer", "null"]},
        "latitude": _DEGREES,
        "longitude": _DEGREES,
        "score": {"type": "number"},
        "reason": _TEXT,
    }
)
DECISION = record(
    {
        "row": {"type": "integer"},
        "name": _TEXT,
        "decision": {"type": "string", "enum": ["matched", "ambiguous", "unmatched", "invalid"]},
        "city_id": _ID,
        "city_name": _ID,
        "geonames_id": _GEONAMES,
        "score": {"type": "number"},
        "reason": _TEXT,
        "candidates": array(CANDIDATE),
    }
)


def pids(candidates: Iterable[Candidate]) -> dict[int, str]:
    """The permanent identifiers of public cities, by their keys."""
    keys = {one.city_id for one in candidates}
    return {key: str(pid) for key, pid in City.objects.public().filter(pk__in=keys).values_list("pk", "pid")}


def _row(decision: Decision, identifiers: dict[int, str]) -> Json:
    # A city withdrawn meanwhile is no candidate any more.
    candidates = [_candidate(one, identifiers) for one in decision.candidates if one.city_id in identifiers]
    city = candidates[0] if decision.city_id in identifiers else {}
    return {
        "row": decision.row.number,
        "name": decision.row.name,
        "decision": str(decision.outcome),
        "city_id": city.get("id"),
        "city_name": city.get("name"),
        "geonames_id": city.get("geonames_id"),
        "score": decision.score,
        "reason": decision.reason,
        "candidates": candidates,
    }


def _candidate(one: Candidate, identifiers: dict[int, str]) -> Json:
    return {
        "id": identifiers[one.city_id],
        "name": one.name,
        "country_id": one.country,
        "geonames_id": one.geonames_id,
        "population": one.population,
        "latitude": one.latitude,
        "longitude": one.longitude,
        "score": one.score,
        "reason": one.reason,
    }
