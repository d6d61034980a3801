"""A stored set of cities as one string of bits, so that a large one is asked of each city."""

import re
from importlib import import_module

from django.db import migrations

SETS: str = import_module("registry.migrations.0034_city_sets").SETS

STRINGS = r"""
-- The cities that have one of these values of a facet, block by block; an issue also by those under it.
CREATE FUNCTION registry_blocks_in(asked text, meant text[]) RETURNS TABLE (block bigint, cities bit(2048))
LANGUAGE sql STABLE AS $$
    SELECT block, bit_or(cities) FROM registry_city_set
    WHERE facet = asked AND value IN (
        SELECT unnest(meant)
        UNION
        SELECT issue_id::text FROM registry_issue_line WHERE asked = 'issue' AND above_id::text = ANY(meant)
    )
    GROUP BY block
$$;

CREATE OR REPLACE FUNCTION registry_cities_in(asked text, meant text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    SELECT block * 2048 + place
    FROM registry_blocks_in(asked, meant) AS sets CROSS JOIN generate_series(0, 2047) AS place
    WHERE get_bit(cities, place) = 1
$$;

-- The same as one string of bits, as long as there are keys. What is cut off says how many bits follow.
CREATE FUNCTION registry_set_string(asked text, meant text[]) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT string_agg(substr(bit_send(coalesce(cities, 0::bit(2048))), 5), '' ORDER BY block)
    FROM generate_series(0, (SELECT max(id) / 2048 FROM registry_city)) AS block
    LEFT JOIN registry_blocks_in(asked, meant) AS sets USING (block)
$$;

-- As in stored sets, the first city of a byte is its first bit, which get_bit() calls the last.
CREATE OR REPLACE FUNCTION registry_city_string(keys bigint[]) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT string_agg(int8send(coalesce(met, 0)), '' ORDER BY word)
    FROM generate_series(0, (SELECT max(id) / 64 FROM registry_city)) AS word
    LEFT JOIN (
        SELECT key / 64 AS word, bit_or(1::bigint << (63 - key % 64)::int) AS met
        FROM unnest(keys) AS key GROUP BY 1
    ) AS words USING (word)
$$;
CREATE OR REPLACE FUNCTION registry_is_in(cities bytea, key bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT get_bit(cities, key # 7) = 1
$$;
"""
CHANGED = ("registry_cities_in", "registry_city_string", "registry_is_in")
BEFORE = [re.findall(rf"CREATE FUNCTION {name}\(.*?\$\$;", SETS, re.DOTALL)[0] for name in CHANGED]
NO_STRINGS = "".join(
    [
        *(before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION") for before in BEFORE),
        "DROP FUNCTION registry_set_string; DROP FUNCTION registry_blocks_in;",
    ]
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0037_words_of_names_now")]
    operations = [migrations.RunSQL(STRINGS, NO_STRINGS)]
