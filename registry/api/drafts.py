"""What staff see of records that are not public: the fields of their forms, and the version they are in."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import QueryDict

from registry.api.problems import Refused
from registry.api.question import check_names, check_single
from registry.api.rows import plain
from registry.api.written import STATES, Entry, RowsOf, Written
from registry.exchange.columns.base import reach

PAGE_SIZE, MOST = 50, 200
OF_A_PAGE = ("cursor", "page_size")
Json = dict[str, Any]


# --- One record ------------------------------------------------------------------------------------------


def with_all(written: Written, records: QuerySet) -> QuerySet:
    """The records with what is told of them: a constant number of queries."""
    links = [one.lookup for one in written.entries if one.many]
    rows = [Prefetch(one.name, _rows_of(one)) for one in written.own_rows]
    return _related(records, written.entries).prefetch_related(*links, *rows)


def _rows_of(rows: RowsOf) -> QuerySet:
    return _related(rows.model._default_manager.order_by("pk"), rows.entries)


def _related(records: QuerySet, entries: tuple[Entry, ...]) -> QuerySet:
    names = [one.lookup.split("__")[0] for one in entries if one.target and one.lookup and not one.many]
    return records.select_related(*names) if names else records


def as_json(written: Written, record: Any) -> Json:
    """A record of `with_all` as its form shows it, with its version."""
    told: Json = {"id": str(record.pid)}
    told |= {one.name: told_value(one, record) for one in written.entries if one.lookup}
    for rows in written.own_rows:
        told[rows.name] = [told_row(rows, row) for row in getattr(record, rows.name).all()]
    told["version"] = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
    return told


def told_row(rows: RowsOf, row: Any) -> Json:
    """A row of the record's own."""
    return {one.name: told_value(one, row) for one in rows.entries if one.lookup}


def told_value(entry: Entry, record: Any) -> Any:
    """A value as JSON; null where there is none."""
    if entry.many:
        return sorted(str(one.pid) for one in getattr(record, entry.lookup).all())
    value = plain(reach(record, entry.lookup.split("__")))
    return None if value == "" else value


# --- Many ------------------------------------------------------------------------------------------------


def page_of(written: Written, records: QuerySet, given: QueryDict) -> tuple[list[Json], str]:
    """A page of the records asked for, the first made first, and where the next goes on; raises Refused."""
    known = [*written.narrowing, *OF_A_PAGE, *(("publication",) if written.is_reviewed else ())]
    check_names(given, known)
    check_single(given, [name for name in known if name != "publication"])
    rows = narrowed(written, records, given)
    size, after = _size(given), _place(written, given)
    found = list(with_all(written, rows.filter(pk__gt=after).order_by("pk"))[: size + 1])
    page = found[:size]
    following = _signer(written).sign(str(page[-1].pk)) if len(found) > size else ""
    return [as_json(written, one) for one in page], following


def narrowed(written: Written, records: QuerySet, given: QueryDict) -> QuerySet:
    """The records in the states asked for, of the other records asked for; raises Refused."""
    if written.is_reviewed:
        records = records.filter(publication__in=asked_states(given))
    for name, entry in written.narrowing.items():
        if name in given:
            model, key = entry.target  # type: ignore[misc]
            found = model._default_manager.filter(**{key: checked_key(name, model, key, str(given[name]))})
            records = records.filter(**{f"{entry.form}__in": found.values("pk")})
    return records


def asked_states(given: QueryDict) -> list[str]:
    """The states asked for with `publication`; raises Refused where one is not to be had here."""
    asked = given.getlist("publication")
    if wrong := [one for one in asked if one not in STATES]:
        words = f"“{wrong[0][:40]}” is not one of: {', '.join(STATES)}."
        raise Refused([("publication", words)])
    if not asked:
        raise Refused([("publication", f"It is needed here: {', '.join(STATES)}.")])
    return asked


def checked_key(name: str, model: Any, key: str, text: str) -> str:
    """The text, where it can be what names a record; raises Refused."""
    if not could_name(model, key, text):
        raise Refused([(name, f"“{text[:40]}” names no {model._meta.verbose_name}.")])
    return text


def could_name(model: Any, key: str, text: str) -> bool:
    """Whether the database can look for a record by this text."""
    try:
        model._meta.get_field(key).to_python(text)
        text.encode()
    except (ValidationError, ValueError):
        return False
    return "\x00" not in text


def _size(given: QueryDict) -> int:
    text = str(given.get("page_size", PAGE_SIZE))
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST):
        raise Refused([("page_size", f"It has to be a whole number from 1 to {MOST}.")])
    return int(text)


def _signer(written: Written) -> signing.Signer:
    return signing.Signer(salt=f"api:drafts:{written.name}")


def _place(written: Written, given: QueryDict) -> int:
    if "cursor" not in given:
        return 0
    try:
        return int(_signer(written).unsign(str(given["cursor"])))
    except signing.BadSignature as error:
        words = "It is of another question, or none that was given out. Begin without it."
        raise Refused([("cursor", words)]) from error
