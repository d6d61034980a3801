"""Every kind of record but cities by its names, each of which is a row of the view `registry_searchname`.

The view holds what is published at every end, so whoever reads it need not ask again.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from registry.choices import RecordKind
from registry.search.words import Exactness, Words

# Names ranked of one kind. Where more answer, these are the first that the index comes upon.
MOST = 100
KINDS = [str(kind) for kind in RecordKind if kind != RecordKind.CITY]

# Whole names are asked for apart: however many others have the words, they are among those ranked.
NAMED = """
SELECT kind, record_id, what, name, detail, {exactness}, 1.0, size
FROM unnest(%(kinds)s::text[]) AS asked (asked_kind) CROSS JOIN LATERAL (
    (SELECT *, CASE WHEN what IN ('title', 'acronym') THEN {title} ELSE {name} END AS whole
    FROM registry_searchname WHERE kind = asked_kind AND folded = %(folded)s LIMIT %(most)s)
    UNION ALL
    (SELECT *, CASE WHEN what IN ('title', 'acronym') THEN {title} ELSE {name} END
    FROM registry_searchname WHERE kind = asked_kind AND stems @@ ({stems}) LIMIT %(most)s)
) named
"""

# Acronyms are too short to be misspelt: one letter more or less is another acronym.
LIKE = """
SELECT kind, record_id, what, name, detail, {similar}, word_similarity(%(folded)s, folded), size
FROM unnest(%(kinds)s::text[]) AS asked (asked_kind) CROSS JOIN LATERAL (
    SELECT * FROM registry_searchname
    WHERE kind = asked_kind AND what <> 'acronym' AND folded %%> %(folded)s LIMIT %(most)s
) named
"""
Row = tuple[str, int, str, str, str, int, float, int]


def records_named(words: Words, using: str) -> list[Row]:
    """Names that answer: kind, key, what the name is, the name, its language or scheme, and three numbers.

    The numbers are exactness, closeness from 0 to 1, and the size of the record. A record comes once for
    each of its names, and again where one of them is the whole of the words.
    """
    levels = {"title": int(Exactness.WHOLE_TITLE), "name": int(Exactness.WHOLE_NAME)}
    sql = NAMED.format(exactness=words.exactness, stems=words.stems, **levels)
    return _read(sql, words, using)


def records_like(words: Words, using: str) -> list[Row]:
    """Names a part of which is nearly the words; the session says how nearly."""
    return _read(LIKE.format(similar=int(Exactness.SIMILAR)), words, using)


def _read(sql: str, words: Words, using: str) -> list[Row]:
    given: dict[str, Any] = {**words.given, "kinds": KINDS, "most": MOST}
    with connections[using].cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
