"""Every kind of record but cities by its names, each of which is a row of the view `registry_searchname`.

The view holds what is published at every end, so whoever reads it need not ask again.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from registry.choices import RecordKind
from registry.search.spelling import Meant, meant
from registry.search.words import LANGUAGES, Exactness, Words

# Names ranked of one kind. Where more answer, these are the first that the index comes upon.
MOST = 100
KINDS = [str(kind) for kind in RecordKind if kind != RecordKind.CITY]
COLUMNS = "kind, record_id, what, name, detail, folded"
# The first joint policies, by their keys. Where so many of these answer as are ranked, the index of all is
# not asked: of a word that stands in 200,000 titles it gathers all before it gives the first. Of other kinds
# there are not so many.
FIRST = 1000
COMMON = f"""
WITH common AS MATERIALIZED (
    SELECT {COLUMNS} FROM registry_searchname named
    WHERE kind = 'policy' AND {{common}} AND record_id < coalesce(
        (SELECT id FROM registry_jointpolicy ORDER BY id OFFSET %(first)s LIMIT 1), {2**63 - 1}
    )
    ORDER BY record_id LIMIT %(most)s
)"""
ENOUGH = "(asked_kind <> 'policy' OR (SELECT count(*) < %(most)s FROM common))"

# Sizes put records of names that are as good in order, no more, and no page shows them: they stop at 100.
# Few cities are not published: members are compared with these, and no city is read.
SIZE = """CASE kind
    WHEN 'network' THEN (SELECT count(*) FROM (
        SELECT FROM registry_membership
        WHERE network_id = record_id AND status IN ('member', 'left') AND publication = 'published'
            AND city_id NOT IN (SELECT id FROM registry_city WHERE publication IN ('draft', 'in-review'))
        LIMIT 100
    ) member)
    WHEN 'policy' THEN (SELECT count(*) FROM (
        SELECT FROM registry_live_party WHERE policy_id = record_id LIMIT 100
    ) party)
    WHEN 'organisation' THEN (SELECT count(*) FROM (
        SELECT FROM registry_partnership part LEFT JOIN registry_jointpolicy policy ON policy.id = policy_id
        LEFT JOIN registry_network network ON network.id = network_id
        WHERE organisation_id = record_id AND part.publication = 'published'
            AND 'published' IN (policy.publication, network.publication) LIMIT 100
    ) part)
    WHEN 'office' THEN (
        SELECT population / 1000 FROM registry_cityoffice office JOIN registry_city city ON city.id = city_id
        WHERE office.id = record_id
    )
    WHEN 'experiment' THEN (SELECT count(*) FROM (
        SELECT FROM registry_policyexperiment_sites site JOIN registry_city city ON city.id = site.city_id
        WHERE policyexperiment_id = record_id AND city.publication = 'published' LIMIT 100
    ) site)
    ELSE 0 END"""

# Whole names are asked for apart, and of the many so are names with every word: however many others answer,
# they are among those ranked. A condition without columns spares what it rules out.
NAMED = f"""
{COMMON}
SELECT kind, record_id, what, name, detail, {{exactness}}, 1.0, {SIZE}
FROM (
    SELECT *, CASE WHEN what IN ('title', 'acronym') THEN {{title}} ELSE {{name}} END AS whole
    FROM (
        SELECT found.* FROM unnest(%(kinds)s::text[]) AS asked (asked_kind) CROSS JOIN LATERAL (
            (SELECT {COLUMNS} FROM registry_searchname
            WHERE kind = asked_kind AND folded = %(folded)s LIMIT %(most)s)
            UNION ALL
            (SELECT {COLUMNS} FROM registry_searchname
            WHERE kind = asked_kind AND stems @@ ({{stems}}) AND {ENOUGH} LIMIT %(most)s)
        ) found
        UNION
        SELECT * FROM common
        UNION
        (SELECT {COLUMNS} FROM registry_searchname
        WHERE kind = 'policy' AND stems @@ to_tsquery('simple', %(whole)s)
            AND %(most)s BETWEEN (SELECT count(*) FILTER (WHERE {{whole}}) + 1 FROM common named)
                AND (SELECT count(*) FROM common)
        LIMIT %(most)s)
    ) called
) named
"""

# Acronyms are too short to be misspelt: one letter more or less is another acronym.
LIKE = f"""
{COMMON}
SELECT kind, record_id, what, name, detail, {{similar}}, word_similarity(%(folded)s, folded), {SIZE}
FROM (
    SELECT found.* FROM unnest(%(kinds)s::text[]) AS asked (asked_kind) CROSS JOIN LATERAL (
        SELECT {COLUMNS} FROM registry_searchname named
        WHERE kind = asked_kind AND stems @@ ({{stems}}) AND {{also}} AND {ENOUGH} LIMIT %(most)s
    ) found
    UNION
    SELECT * FROM common
) named
"""
# How close a name is at least that lacks one of the words, and of how many words one may be lacking.
CLOSE = 0.5
FEW_WORDS = 8
Row = tuple[str, int, str, str, str, int, float, int]


def records_named(words: Words, using: str) -> list[Row]:
    """Names that answer: kind, key, what the name is, the name, its language or scheme, and three numbers.

    The numbers are exactness, closeness from 0 to 1, and the size of the record. A record comes once for
    each of its names.
    """
    levels = {"title": int(Exactness.WHOLE_TITLE), "name": int(Exactness.WHOLE_NAME)}
    own = {"exactness": words.exactness, "stems": words.stems, "common": words.half_typed}
    return _read(NAMED, words.given, using, whole=words.whole, **own, **levels)


def records_like(words: Words, using: str, *, lacking: bool) -> list[Row]:
    """Names with whatever the words may mean where they are misspelt.

    Where there are none they may be `lacking` one of the words.
    """
    parts = meant(words.parts, using)
    found = _like(words.folded, [parts], 0, using) if any(part.is_other for part in parts) else []
    if found or not lacking or not 2 <= len(parts) <= FEW_WORDS:
        return found
    but_one = [parts[:place] + parts[place + 1 :] for place in range(len(parts))]
    close = [some for some in but_one if _trigrams(some) >= CLOSE * _trigrams(parts)]
    return _like(words.folded, close, CLOSE, using) if close else []


def _trigrams(parts: list[Meant]) -> int:
    return sum(len(part.words[0]) + 1 for part in parts)


def _like(folded: str, either: list[list[Meant]], closeness: float, using: str) -> list[Row]:
    """Names that have, for all words of one of these lists, what each may mean."""
    asked = " | ".join(f"({' & '.join(part.query for part in parts)})" for parts in either)
    given: dict[str, Any] = {"folded": folded, "asked": asked, "closeness": closeness}
    any_of = []
    for number, parts in enumerate(either):
        patterns = {f"like_{number}_{place}": part.patterns for place, part in enumerate(parts)}
        any_of.append(" AND ".join(f"' ' || named.folded || ' ' LIKE ANY (%({name})s)" for name in patterns))
        given |= patterns
    also = "what <> 'acronym'"
    if closeness:
        also += " AND word_similarity(%(folded)s, named.folded) >= %(closeness)s"
    stems = " || ".join(f"to_tsquery('{language}', %(asked)s)" for language in ("simple", *LANGUAGES))
    common = f"{also} AND ({' OR '.join(any_of)})"
    return _read(LIKE, given, using, common=common, similar=int(Exactness.SIMILAR), stems=stems, also=also)


def _read(sql: str, given: dict[str, Any], using: str, **put_in: Any) -> list[Row]:
    with connections[using].cursor() as cursor:
        cursor.execute(
            sql.format(**put_in),
            {**given, "kinds": KINDS, "most": MOST, "first": FIRST},
        )
        return cursor.fetchall()
