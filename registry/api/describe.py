"""How OpenAPI 3.1 describes the API: parameters from the FilterSets, rows from the listings' columns."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

from registry.api.question import DEEPEST, MOST_EMBEDS, embeddable
from registry.api.resources import RESOURCES, Resource
from registry.api.rows import MOST_EMBEDDED
from registry.exchange.columns import Field
from registry.filters.fields import (
    MOST_VALUES,
    ChoiceField,
    ChoicesField,
    NumberField,
    ValuesField,
)
from registry.filters.given import LONGEST_VALUE
from registry.filters.table import takes
from registry.models.dates import PartialDateFormField

Json = dict[str, Any]
JSON_TYPE = "application/json"
PROBLEM_TYPE = "application/problem+json"
DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
SAID = {
    "304": "Nothing has changed since the answer with this ETag.",
    "400": "Something is not understood. Each parameter is named, with what is allowed.",
    "401": "A token is needed, or it is not good any more.",
    "403": "The account may not do this.",
    "404": "There is no such record.",
    "406": "Only JSON is given.",
    "409": "It does not fit what is recorded: the record is published or needed, or is like others.",
    "412": "The record is not in the version that was sent as `If-Match`.",
    "413": "The body is too long.",
    "415": "Only JSON is read.",
    "428": "The version that was seen has to be sent as `If-Match`.",
    "429": "More is asked in a minute than is allowed; `Retry-After` says when to go on.",
}


class Described(AutoSchema):
    """Leaves the description of an operation to its view."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        """What the view says of the method."""
        return self.view.operation(method)


def add_components(result: Json, **_: Any) -> Json:
    """A hook of the generator: adds what several operations refer to."""
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for resource in RESOURCES.values():
        schemas[resource.key] = _row(resource)
    return result


def ref(name: str) -> Json:
    """A reference to a schema that several operations share."""
    return {"$ref": f"#/components/schemas/{name}"}


def responses(schema: Json, *others: str, about: str) -> Json:
    """What is answered: 200 with this schema, and the other codes."""
    found: Json = {"200": {"description": about, "content": {JSON_TYPE: {"schema": schema}}}}
    for code in (*others, "406", "429"):
        found[code] = {"description": SAID[code]}
        if code != "304":
            found[code]["content"] = {PROBLEM_TYPE: {"schema": ref("Problem")}}
    return dict(sorted(found.items()))


def array(items: Json) -> Json:
    """A list of these."""
    return {"type": "array", "items": items}


def record(properties: Json, required: list[str] | None = None) -> Json:
    """An object with these properties and no others."""
    found: Json = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": required} if required else found


PROBLEM = record(
    {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": array(
            record({"parameter": {"type": "string"}, "message": {"type": "string"}}, ["parameter", "message"])
        ),
        "similar": array(
            record(
                {
                    **dict.fromkeys(("id", "name", "publication"), {"type": "string"}),
                    "reasons": array({"type": "string"}),
                }
            )
        ),
    },
    ["type", "title", "status", "detail"],
)


# --- Rows ------------------------------------------------------------------------------------------------

TYPES: dict[str, Json] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
}


def _row(resource: Resource) -> Json:
    properties = {name: _field(one) for name, one in resource.fields.items()}
    embeds = {name: _embedded(embed.resource) for name, embed in resource.embeds.items()}
    return {**record({**properties, **embeds}), "description": str(resource.rows().listing.row)}


def _field(field: Field) -> Json:
    one = TYPES.get(field.type, {"type": "string"})
    schema = {**one, "type": [one["type"], "null"]}
    return {**(array(schema) if field.many else schema), "description": field.about}


def _embedded(name: str) -> Json:
    about = f"At most {MOST_EMBEDDED}; `all` is where the others are, if they can be asked for."
    rows = {
        "rows": array(ref(RESOURCES[name].key)),
        "more": {"type": "boolean"},
        "all": {"type": ["string", "null"], "format": "uri"},
    }
    return {**record(rows, ["rows", "more", "all"]), "description": about}


# --- Parameters ------------------------------------------------------------------------------------------


def query(name: str, schema: Json, about: str, *, required: bool = False, several: bool = False) -> Json:
    """A parameter of the query string; `several`: it is repeated, or else given once."""
    found: Json = {"name": name, "in": "query", "description": about, "schema": schema}
    if several:
        found |= {"style": "form", "explode": True}
    return {**found, "required": True} if required else found


def filters(resource: Resource) -> list[Json]:
    """The parameters of a listing that say something of its rows."""
    filterset = resource.filterset
    return [
        query(
            name,
            _value(one),
            f"{one.label}. Takes {takes(filterset, name)}.",
            required=name in resource.needed,
            several=issubclass(one.field_class, ValuesField) and not issubclass(one.field_class, ChoiceField),
        )
        for name, one in resource.parameters.items()
    ]


def _value(parameter: Any) -> Json:
    kind = parameter.field_class
    if issubclass(kind, ChoicesField):
        one: Json = {"type": "string", "enum": list(kind(**parameter.extra).choices)}
        return (
            one if issubclass(kind, ChoiceField) else {**array(one), "maxItems": MOST_VALUES, "minItems": 1}
        )
    if issubclass(kind, ValuesField):
        return {**array(TEXT), "maxItems": MOST_VALUES, "minItems": 1}
    if issubclass(kind, NumberField):
        return {
            "type": "integer",
            "minimum": parameter.extra["lowest"],
            "maximum": parameter.extra["highest"],
        }
    return {"type": "string", "pattern": DATE} if issubclass(kind, PartialDateFormField) else TEXT


TEXT: Json = {"type": "string", "minLength": 1, "maxLength": LONGEST_VALUE}


def shape(resource: Resource) -> list[Json]:
    """The parameters that say what of each row is given."""
    names = "|".join(resource.fields)
    found = [
        query(
            "fields",
            {"type": "string", "pattern": f"^({names})(,({names}))*$"},
            f"Fields of the rows, set apart by commas; all where left out: {', '.join(resource.fields)}.",
        ),
        query(
            "format",
            {"type": "string", "enum": ["json"]},
            "Files in other formats are at the listing itself.",
        ),
    ]
    if resource.embeds:
        known = "|".join(one.replace(".", r"\.") for one in embeddable(resource))
        found.append(
            query(
                "embed",
                {"type": "string", "pattern": f"^({known})(,({known})){{0,{MOST_EMBEDS - 1}}}$"},
                f"What is given with each row, set apart by commas, at most {MOST_EMBEDS}; {DEEPEST} names "
                f"with a full stop reach the rows of those rows. There are: {', '.join(resource.embeds)}.",
            )
        )
    return found


CURSOR = query(
    "cursor", {"type": "string", "minLength": 1}, "Where to go on: from `next` of the page before."
)
ADDRESS: Json = {
    "name": "address",
    "in": "path",
    "required": True,
    "description": "The permanent identifier; a slug, an old one or that of a merged record is led on.",
    "schema": {"type": "string", "minLength": 1},
}


def listing_operation(resource: Resource) -> Json:
    """The operation that gives the pages of a listing."""
    listing = resource.rows().listing
    page = {
        "listing": {"type": "string", "enum": [resource.name]},
        "next": {
            "type": ["string", "null"],
            "format": "uri",
            "description": "The next page, if there is one.",
        },
        "rows": array(ref(resource.key)),
    }
    return {
        "operationId": f"list-{resource.key}",
        "summary": f"{listing.title}",
        "description": f"{listing.row} {listing.gathered}",
        "tags": ["listings"],
        "parameters": [*filters(resource), CURSOR, *shape(resource)],
        "responses": responses(record(page, list(page)), "304", "400", about="A page of rows."),
    }


def record_operation(resource: Resource) -> Json:
    """The operation that gives one record."""
    answers = responses(ref(resource.key), "304", "400", "404", about="The record.")
    answers["301"] = {"description": "The record has another address: its permanent identifier."}
    return {
        "operationId": f"get-{resource.key}",
        "summary": f"{resource.rows().listing.title}: one record",
        "tags": ["records"],
        "parameters": [ADDRESS, *shape(resource)],
        "responses": dict(sorted(answers.items())),
    }
