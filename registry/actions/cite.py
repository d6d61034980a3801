"""Citing a source by what a person types: an address, or a reference in words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction

from registry.models import Citation, Source

LONGEST_URL, LONGEST_TITLE = 1000, 500
_ADDRESS = re.compile(r"^(https?://.*|(www\.|([\w-]+\.)+[a-z]{2,}/)\S*)$", re.IGNORECASE)
_is_url = URLValidator(schemes=["http", "https"])


def citation_field(model: type[models.Model]) -> str | None:
    """The foreign key of Citation that names a record of this kind; None if none does."""
    keys = (key for key in Citation._meta.fields if key.name != "source" and key.null)
    return next((key.name for key in keys if key.related_model is model), None)


def read_reference(text: str) -> dict[str, str]:
    """What was typed, as the `url` or the `title` of a source."""
    text = " ".join(text.split())
    if re.match(r"\w+://", text) and not re.match(r"https?://", text, re.IGNORECASE):
        raise ValidationError("An address begins with https:// or http://.")
    if not _ADDRESS.match(text):
        if len(text) > LONGEST_TITLE:
            raise ValidationError(f"A reference in words has at most {LONGEST_TITLE} characters.")
        return {"title": text}
    url = text if re.match(r"https?://", text, re.IGNORECASE) else f"https://{text}"
    try:
        _is_url(url)
    except ValidationError as error:
        raise ValidationError("This is not an address that a browser could open.") from error
    if len(url) > LONGEST_URL:
        raise ValidationError(f"An address has at most {LONGEST_URL} characters.")
    return {"url": url}


def find_or_create_source(text: str) -> Source:
    """The source with this address or title; a new one if there is none."""
    known = read_reference(text)
    if "url" in known:
        return Source.objects.get_or_create(url=known["url"])[0]
    return Source.objects.filter(title=known["title"]).first() or Source.objects.create(**known)


def find_sources(texts: Iterable[str]) -> dict[str, Source]:
    """The source of each text typed that is known; one query."""
    read = {text: read_reference(text) for text in texts}
    urls = {known["url"] for known in read.values() if "url" in known}
    titles = {known["title"] for known in read.values() if "title" in known}
    if not read:
        return {}
    found: dict[tuple[str, str], Source] = {}
    known = Source.objects.filter(models.Q(url__in=urls) | models.Q(title__in=titles))
    for source in known.order_by("-pk"):
        found["title", source.title] = found["url", source.url] = source
    keys = {text: next(iter(known.items())) for text, known in read.items()}
    return {text: found[key] for text, key in keys.items() if key in found}


def find_or_create_sources(texts: Iterable[str]) -> dict[str, Source]:
    """The source of each text typed, new ones where there are none; as many queries for many as for one."""
    read = {text: read_reference(text) for text in texts}
    found = find_sources(read)
    wanted = {next(iter(known.items())) for text, known in read.items() if text not in found}
    made = Source.objects.bulk_create(Source(**dict([one])) for one in sorted(wanted)) if wanted else []
    new = {("url", source.url) if source.url else ("title", source.title): source for source in made}
    return {text: found.get(text) or new[next(iter(known.items()))] for text, known in read.items()}


@transaction.atomic
def cite(record: Any, text: str, *, by: User) -> Citation:
    """Record that the source typed supports the record; nothing happens where it is cited already."""
    citation, _ = Citation.objects.get_or_create(
        source=find_or_create_source(text),
        locator="",
        **{str(citation_field(type(record))): record},
        defaults={"asserted_by": by},
    )
    return citation


@transaction.atomic
def cite_for_all(rows: models.QuerySet, sources: Iterable[Source], *, by: User) -> int:
    """Cite these sources for every row that has no citation yet."""
    target = str(citation_field(rows.model))
    bare = list(rows.filter(citations__isnull=True))
    made = [Citation(source=source, asserted_by=by, **{target: row}) for row in bare for source in sources]
    Citation.objects.bulk_create(made)
    return len(bare) if made else 0
