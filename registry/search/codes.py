"""Records by an identifier: of the registry, of GeoNames, of Wikidata, of a port, or of another scheme."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from django.db.models import F, QuerySet, Value
from django.utils.translation import gettext

from registry.choices import IdentifierScheme
from registry.models import (
    City,
    CityOffice,
    Identifier,
    Issue,
    JointPolicy,
    Network,
    Organisation,
    PolicyExperiment,
    Report,
)
from registry.models.base import Named
from registry.models.identifiers import IDENTIFIED

RECORDS: dict[str, Callable[[], QuerySet]] = {
    "city": lambda: City.objects.public(),
    "network": lambda: Network.objects.public(),
    "policy": lambda: JointPolicy.objects.public(),
    "office": lambda: CityOffice.objects.public(),
    "issue": lambda: Issue.objects.all(),
    "organisation": lambda: Organisation.objects.public(),
    "report": lambda: Report.objects.public(),
    "experiment": lambda: PolicyExperiment.objects.public(),
}
_GEONAMES = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
_UNLOCODE = re.compile(r"[A-Z]{2} ?[A-Z2-9]{3}", re.ASCII)
_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,10}", re.ASCII)
_ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+", re.ASCII)
OF_CITIES = {
    "geonames_id": ("GeoNames", _GEONAMES),
    "unlocode": ("UN/LOCODE", _UNLOCODE),
    "wikidata_id": ("Wikidata", _WIKIDATA),
}


def coded(text: str) -> list[tuple[str, int, str, str]]:
    """Public records that an identifier or an address names: kind, key, scheme and the identifier itself.

    The scheme is empty for an address of the site. Costs one query, or none for what can be no identifier.
    """
    parts = [*_of_cities(text), *_of_schemes(text), *_of_the_registry(text)]
    if not parts:
        return []
    first, *others = parts
    return list(first.union(*others, all=True))


def _columns(rows: QuerySet, kind: str, scheme: Any, code: Any) -> QuerySet:
    named = rows.order_by().annotate(of_kind=Value(kind), found=F("pk"), scheme_name=scheme, code=code)
    return named.values_list("of_kind", "found", "scheme_name", "code")


def _of_cities(text: str) -> Iterator[QuerySet]:
    """Columns of their own that cities have for identifiers."""
    for column, (words, shape) in OF_CITIES.items():
        if shape.fullmatch(code := text.upper()):
            rows = RECORDS["city"]().filter(**{column: code.replace(" ", "")})
            yield _columns(rows, "city", Value(words), Value(code))


def _of_schemes(text: str) -> Iterator[QuerySet]:
    """Identifiers of outside schemes, in whatever case they are typed."""
    if " " in text:
        return
    spelled = {text, text.upper(), text.lower()}
    # Each scheme is named: the index of identifiers begins with it.
    given = Identifier.objects.filter(scheme__in=IdentifierScheme.values, value__in=spelled)
    for kind in IDENTIFIED:
        rows = given.filter(**{f"{kind}__in": RECORDS[kind]()}).order_by()
        named = rows.annotate(of_kind=Value(kind), found=F(kind), scheme_name=F("scheme"), code=F("value"))
        yield named.values_list("of_kind", "found", "scheme_name", "code")


def _of_the_registry(text: str) -> Iterator[QuerySet]:
    """Permanent identifiers and addresses."""
    with suppress(ValueError):
        pid = uuid.UUID(text)
        for kind, records in RECORDS.items():
            scheme = Value(gettext("Permanent identifier"))
            yield _columns(records().filter(pid=pid), kind, scheme, Value(str(pid)))
    if _ADDRESS.fullmatch(text.lower()):
        for kind, records in RECORDS.items():
            if issubclass(records().model, Named):
                rows = records().filter(slug=text.lower())
                yield _columns(rows, kind, Value(""), Value(text.lower()))
