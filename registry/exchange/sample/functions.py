"""How each value of the made-up registry is drawn: by a hash of a number, a question and the seed."""

FUNCTIONS = """
-- A whole number from 0 to below `outcomes`.
CREATE OR REPLACE FUNCTION pg_temp.draw(number bigint, salt int, outcomes bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT mod(hashint8extended(number, {seed}::bigint * 100000 + salt) & 9223372036854775807, outcomes)
$$;
CREATE OR REPLACE FUNCTION pg_temp.pick(number bigint, salt int, VARIADIC words text[]) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT words[1 + pg_temp.draw(number, salt, cardinality(words))]
$$;
CREATE OR REPLACE FUNCTION pg_temp.pid(kind text, number bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT md5('sample {seed} ' || kind || ' ' || number)::uuid
$$;
CREATE OR REPLACE FUNCTION pg_temp.state(number bigint, salt int) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN pg_temp.draw(number, salt, 100) < 3 THEN 'draft'
        WHEN pg_temp.draw(number, salt, 100) < 5 THEN 'in-review' ELSE 'published' END
$$;
-- A date of these years as a year, a month or a day.
CREATE OR REPLACE FUNCTION pg_temp.known_date(number bigint, salt int, first int, years int) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(
        (first + pg_temp.draw(number, salt, years))::text
        || '-' || lpad((1 + pg_temp.draw(number, salt + 1, 12))::text, 2, '0')
        || '-' || lpad((1 + pg_temp.draw(number, salt + 2, 28))::text, 2, '0'),
        CASE WHEN pg_temp.draw(number, salt + 3, 10) < 7 THEN 4
             WHEN pg_temp.draw(number, salt + 3, 10) < 8 THEN 7 ELSE 10 END)
$$;
-- The same, or unknown in one case of six.
CREATE OR REPLACE FUNCTION pg_temp.some_date(number bigint, salt int, first int, years int) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN pg_temp.draw(number, salt + 4, 6) > 0
        THEN pg_temp.known_date(number, salt, first, years) END
$$;
-- A number without a divisor in common with `size`: its multiples come upon each place below once.
CREATE OR REPLACE FUNCTION pg_temp.stride(number bigint, salt int, size bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    -- Of 99 numbers in a row at least one shares no divisor with a size below ten million.
    SELECT drawn + step
    FROM (SELECT pg_temp.draw(number, salt, size) AS drawn) here, generate_series(1, 99) step
    WHERE gcd(drawn + step, size) = 1 ORDER BY step LIMIT 1
$$;
"""
