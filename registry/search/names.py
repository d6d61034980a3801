"""Every kind of record but cities by its names, each of which is a row of the view `registry_searchname`.

The view holds what is published at every end, so whoever reads it need not ask again.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from registry.choices import RecordKind
from registry.search.spelling import meant
from registry.search.words import LANGUAGES, Exactness, Words

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
SELECT kind, record_id, what, name, detail, {similar}, closeness, size
FROM unnest(%(kinds)s::text[]) AS asked (asked_kind) CROSS JOIN LATERAL (
    SELECT *, word_similarity(%(folded)s, folded) AS closeness FROM registry_searchname
    WHERE kind = asked_kind AND what <> 'acronym' AND stems @@ ({stems})
        AND word_similarity(%(folded)s, folded) >= %(closeness)s LIMIT %(most)s
) named
"""
# How close a name is at least that lacks one of the words, and of how many words one may be lacking.
CLOSE = 0.5
FEW_WORDS = 8
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
    """Names with whatever the words may mean where they are misspelt, or with all of them but one."""
    parts = [f"({' | '.join(alternatives)})" for alternatives in meant(words.parts, using)]
    found = _like(" & ".join(parts), 0, words, using)
    if found or not 2 <= len(parts) <= FEW_WORDS:
        return found
    but_one = (" & ".join(parts[:place] + parts[place + 1 :]) for place in range(len(parts)))
    return _like(" | ".join(f"({some})" for some in but_one), CLOSE, words, using)


def _like(asked: str, closeness: float, words: Words, using: str) -> list[Row]:
    stems = " || ".join(f"to_tsquery('{language}', %(asked)s)" for language in ("simple", *LANGUAGES))
    sql = LIKE.format(similar=int(Exactness.SIMILAR), stems=stems)
    return _read(sql, words, using, asked=asked, closeness=closeness)


def _read(sql: str, words: Words, using: str, **more: Any) -> list[Row]:
    given: dict[str, Any] = {**words.given, "kinds": KINDS, "most": MOST, **more}
    with connections[using].cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
