"""Extensions, and the immutable functions that columns, constraints and indexes are built on."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations

# Functions name their schema: PostgreSQL 17 and newer build indexes with a safe search_path.
FUNCTIONS = r"""
-- PL/pgSQL, since it is called a million times in a load and is no plain expression that could be inlined.
-- Most names are ASCII: they have no accents to take off and fewer characters to look through.
CREATE FUNCTION registry_fold(value text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
    IF octet_length(value) = length(value) THEN
        RETURN btrim(lower(translate(value, '-/.,;:()[]''`"_&+', '                ')));
    END IF;
    RETURN btrim(lower(public.unaccent('public.unaccent'::regdictionary,
        translate(value, '-–—/.,;:()[]''’‘ʻʼ`"“”_&+', '                         '))));
END
$$;

-- Plain expressions, not STRICT: so PostgreSQL inlines them into columns and constraints.
CREATE FUNCTION registry_is_partial_date(value text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN value !~ '^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$' THEN false
        WHEN length(value) < 10 OR right(value, 2) <= '28' THEN true
        ELSE right(value, 2)::int <= extract(day FROM
            make_date(left(value, 4)::int, substr(value, 6, 2)::int, 1) + interval '1 month - 1 day')
    END
$$;

-- The first day of a partial date; null for null and for what is no partial date.
CREATE FUNCTION registry_date_lower(value text) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN public.registry_is_partial_date(value) THEN make_date(
        left(value, 4)::int,
        coalesce(nullif(substr(value, 6, 2), ''), '1')::int,
        coalesce(nullif(substr(value, 9, 2), ''), '1')::int
    ) END
$$;

-- The day after the last day of a partial date.
CREATE FUNCTION registry_date_upper(value text) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (public.registry_date_lower(value) + CASE length(value)
        WHEN 4 THEN interval '1 year' WHEN 7 THEN interval '1 month' ELSE interval '1 day'
    END)::date
$$;

CREATE FUNCTION registry_in_order(since text, until text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(public.registry_date_lower(since) < public.registry_date_upper(until), true)
$$;

-- A half-open range of days; null where the ends are reversed, which a constraint refuses in words.
CREATE FUNCTION registry_days(lower_day date, upper_day date) RETURNS daterange
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN lower_day >= upper_day THEN NULL ELSE daterange(lower_day, upper_day) END
$$;

-- Days on which a row was surely true: from the earliest to the latest date at which something
-- proves it, and on without end where it is known to be ongoing. Null where no date is known.
CREATE FUNCTION registry_certain(since text, until text, ended text, observed_on text) RETURNS daterange
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN coalesce(since, observed_on, until) IS NULL THEN NULL ELSE public.registry_days(
        coalesce(
            public.registry_date_lower(since),
            least(public.registry_date_lower(observed_on), public.registry_date_lower(until))
        ),
        CASE WHEN until IS NOT NULL THEN public.registry_date_upper(until)
             WHEN ended = 'ongoing' THEN NULL
             ELSE greatest(public.registry_date_upper(since), public.registry_date_upper(observed_on))
        END
    ) END
$$;

-- Days that the known dates do not exclude.
CREATE FUNCTION registry_possible(since text, until text) RETURNS daterange
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.registry_days(public.registry_date_lower(since), public.registry_date_upper(until))
$$;

-- Days that no second row of the same pair may overlap: an end that is not known keeps the period
-- open, unless it is known to have ended.
CREATE FUNCTION registry_claimed(since text, until text, ended text, observed_on text) RETURNS daterange
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.registry_days(
        public.registry_date_lower(since),
        CASE WHEN until IS NOT NULL THEN public.registry_date_upper(until)
             WHEN ended = 'ended' THEN
                greatest(public.registry_date_upper(since), public.registry_date_upper(observed_on))
        END
    )
$$;

-- A party's end, or the date it was seen: its own, else its policy's, unless it is known to have left.
CREATE FUNCTION registry_party_date(own text, ended text, of_policy text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(own, CASE WHEN ended <> 'ended' THEN of_policy END)
$$;

-- What is known of a party's end. A part goes on only as long as its policy does.
CREATE FUNCTION registry_party_ended(until text, ended text, policy_until text, policy_ended text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN until IS NOT NULL OR ended = 'ended' THEN ended
        WHEN ended = 'ongoing' AND policy_until IS NULL AND policy_ended = 'unknown' THEN ended
        ELSE policy_ended
    END
$$;
"""

DROP = """
DROP FUNCTION registry_party_ended, registry_party_date, registry_claimed, registry_possible,
    registry_certain, registry_days, registry_in_order, registry_date_upper, registry_date_lower,
    registry_is_partial_date, registry_fold;
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("pghistory", "0007_auto_20250421_0444")]
    operations = [
        TrigramExtension(),
        UnaccentExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(FUNCTIONS, DROP),
    ]
