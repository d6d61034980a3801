"""How OpenAPI describes what is read and written with a token: from the forms of the staff site."""

from __future__ import annotations

from typing import Any

from registry.api.bodies import MOST_LINKS, MOST_ROWS
from registry.api.describe import (
    ADDRESS,
    CURSOR,
    JSON_TYPE,
    TYPES,
    Json,
    array,
    query,
    record,
    ref,
    responses,
)
from registry.api.drafts import MOST
from registry.api.written import STATES, Entry, RowsOf, Written, written

SECURITY = {"token": {"type": "http", "scheme": "bearer", "description": "A token made on the staff site."}}
FOR_STAFF: Json = {"security": [{"token": []}], "tags": ["drafts"]}
ALWAYS = ("400", "401", "403")
IF_MATCH: Json = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The version of the record that was seen: its ETag.",
    "schema": {"type": "string", "minLength": 1},
}
UNPUBLISHED: Json = {"type": "array", "items": {"type": "string", "enum": list(STATES)}, "minItems": 1}
VERSION = {"type": "string", "description": "To be sent as If-Match, in double quotes."}


def add_components(result: Json, **_: Any) -> Json:
    """A hook of the generator: adds what is read, given for a new record, and given to change one."""
    components = result.setdefault("components", {})
    components["securitySchemes"] = SECURITY
    schemas = components.setdefault("schemas", {})
    for one in written().values():
        schemas[f"{one.name}-draft"] = _draft(one)
        schemas[f"{one.name}-new"] = _body(one, new=True)
        schemas[f"{one.name}-change"] = _body(one, new=False)
    return result


def drafts_operation(one: Written) -> Json:
    """The operation that gives pages of drafts."""
    parameters = [_publication(required=True)] if one.is_reviewed else []
    size: Json = {"type": "integer", "minimum": 1, "maximum": MOST}
    narrowing = [
        query(name, {"type": "string", "minLength": 1}, f"Of this one alone. {entry.about}")
        for name, entry in one.narrowing.items()
    ]
    page = {
        "listing": {"type": "string", "enum": [one.name]},
        "next": {"type": ["string", "null"], "format": "uri"},
        "rows": array(ref(f"{one.name}-draft")),
    }
    return {
        **FOR_STAFF,
        "operationId": f"list-{one.name}",
        "summary": f"{_title(one)}: what is not published",
        "parameters": [*parameters, CURSOR, query("page_size", size, "How many in a page."), *narrowing],
        "responses": responses(record(page, list(page)), "304", *ALWAYS, about="A page of records."),
    }


def operation(one: Written, method: str) -> Json:
    """The operation that reads one record, or writes."""
    about = {"GET": _read, "POST": _create, "PATCH": _change, "DELETE": _delete}[method]
    return {**FOR_STAFF, **about(one)}


def with_drafts(public: Json, drafts: Json) -> Json:
    """An operation that gives what is published, or with a token what is not."""
    known = {one["name"] for one in public["parameters"]}
    more = [{**one, "required": False} for one in drafts["parameters"] if one["name"] not in known]
    both = {**public["responses"], **{c: r for c, r in drafts["responses"].items() if c in ("401", "403")}}
    shown = [part["responses"]["200"]["content"][JSON_TYPE]["schema"] for part in (public, drafts)]
    answer = {**public["responses"]["200"], "content": {JSON_TYPE: {"schema": {"anyOf": shown}}}}
    return {
        **public,
        "description": f"{public.get('description', '')} With `publication` and a token "
        "what is not published, by the parameters of drafts alone.".strip(),
        "security": [{}, *drafts["security"]],
        "parameters": [*public["parameters"], *more],
        "responses": dict(sorted({**both, "200": answer}.items())),
    }


# --- Operations ------------------------------------------------------------------------------------------


def _read(one: Written) -> Json:
    return {
        "operationId": f"get-{one.name}",
        "summary": f"{_title(one)}: one that is not published",
        "parameters": [ADDRESS, *([_publication(required=True)] if one.is_reviewed else [])],
        "responses": responses(ref(f"{one.name}-draft"), "304", *ALWAYS, "404", about="The record."),
    }


def _create(one: Written) -> Json:
    found = responses(ref(f"{one.name}-draft"), *ALWAYS, "409", "413", "415", about="The record.")
    other_than = query(
        "other_than",
        {"type": "array", "items": {"type": "string", "format": "uuid"}},
        "Records that it was compared with, of those that an answer 409 named: it is another one.",
    )
    return {
        "operationId": f"create-{one.name}",
        "summary": f"{_title(one)}: a new draft",
        "parameters": [other_than] if hasattr(one.admin, "compared_records") else [],
        "requestBody": _request(f"{one.name}-new"),
        "responses": dict(sorted({"201": found.pop("200"), **found}.items())),
    }


def _change(one: Written) -> Json:
    codes = (*ALWAYS, "404", "409", "412", "413", "415", "428")
    return {
        "operationId": f"change-{one.name}",
        "summary": f"{_title(one)}: change a draft",
        "description": "What is not given stays as it is. A list of rows is given whole.",
        "parameters": [ADDRESS, IF_MATCH],
        "requestBody": _request(f"{one.name}-change"),
        "responses": responses(ref(f"{one.name}-draft"), *codes, about="The record."),
    }


def _delete(one: Written) -> Json:
    found = responses({}, *ALWAYS, "404", "409", "412", "428", about="")
    found.pop("200")
    return {
        "operationId": f"delete-{one.name}",
        "summary": f"{_title(one)}: delete a draft",
        "parameters": [ADDRESS, IF_MATCH],
        "responses": dict(sorted({"204": {"description": "It is deleted."}, **found}.items())),
    }


def _request(schema: str) -> Json:
    return {"required": True, "content": {JSON_TYPE: {"schema": ref(schema)}}}


def _publication(*, required: bool) -> Json:
    about = "Asks, with a token, for records that are not published, in these states."
    return query("publication", UNPUBLISHED, about, required=required, several=True)


def _title(one: Written) -> str:
    return one.name.replace("-", " ").capitalize()


# --- Schemas ---------------------------------------------------------------------------------------------


def _draft(one: Written) -> Json:
    told = {entry.name: _told(entry) for entry in one.entries if entry.lookup}
    rows = {
        part.name: array(record({e.name: _told(e) for e in part.entries if e.lookup}))
        for part in one.own_rows
    }
    members = {"id": {"type": "string", "format": "uuid"}, **told, **rows, "version": VERSION}
    return record(members, list(members))


def _told(entry: Entry) -> Json:
    if entry.many:
        return {**array({"type": "string"}), "description": entry.about}
    plain = TYPES.get(entry.type, {"type": "string"})
    return {**plain, "type": [plain["type"], "null"], "description": entry.about}


def _body(one: Written, *, new: bool) -> Json:
    rows = {part.name: _rows(part) for part in one.rows if part.own or new}
    members = {**{entry.name: _given(entry) for entry in one.entries}, **rows}
    return record(members, [entry.name for entry in one.entries if entry.required] if new else None)


def _rows(part: RowsOf) -> Json:
    given = {entry.name: _given(entry) for entry in part.entries}
    needed = [entry.name for entry in part.entries if entry.required]
    return {**array(record(given, needed)), "maxItems": MOST_ROWS}


def _given(entry: Entry) -> Json:
    found: Json
    if entry.many:
        items = {"type": "string", "format": "uuid", "minLength": 1}
        found = {"type": "array", "items": items, "maxItems": MOST_LINKS}
    else:
        found = dict(TYPES.get(entry.type, {"type": "string"}))
        if entry.choices:
            found["enum"] = list(entry.choices)
        elif entry.longest and not entry.target:
            found["maxLength"] = entry.longest
        if entry.required and found["type"] == "string":
            found["minLength"] = 1
    if not entry.required:
        found["type"] = [found["type"], "null"]
        if "enum" in found:
            found["enum"] = [*found["enum"], "", None]
    return {**found, "description": entry.about}
