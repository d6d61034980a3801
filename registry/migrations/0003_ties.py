"""Ties kept true by the database, and history that always knows who acted."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

TIES = r"""
-- Policies touched in the current transaction; empty again before each commit.
CREATE TABLE registry_touched_policy (policy_id bigint NOT NULL);
CREATE INDEX registry_touched_policy_id ON registry_touched_policy (policy_id);

-- Parties of published policies with the period that counts: their own dates, else the policy's.
CREATE VIEW registry_published_party AS
SELECT party_id, policy_id, city_id, since, until, ended,
    registry_certain(since, proven_until, ended, observed_on) AS certain,
    registry_possible(since, until) AS possible
FROM (
    SELECT party.id AS party_id, party.policy_id, party.city_id,
        coalesce(party.since, policy.since) AS since,
        coalesce(party.until, policy.until) AS until,
        registry_party_date(party.until, party.ended, policy.until) AS proven_until,
        registry_party_ended(party.until, party.ended, policy.until, policy.ended) AS ended,
        registry_party_date(party.observed_on, party.ended, policy.observed_on) AS observed_on
    FROM registry_policyparty party
    JOIN registry_jointpolicy policy ON policy.id = party.policy_id
    JOIN registry_city city ON city.id = party.city_id
    WHERE party.publication = 'published' AND policy.publication = 'published'
        AND city.publication = 'published'
) AS party;

-- The same, kept: a period is worked out once for a party, not once for each pair and question.
CREATE TABLE registry_live_party (
    party_id bigint PRIMARY KEY,
    policy_id bigint NOT NULL,
    city_id bigint NOT NULL,
    since text,
    until text,
    ended text NOT NULL,
    certain daterange,
    possible daterange NOT NULL
);
CREATE INDEX registry_live_party_policy ON registry_live_party (policy_id, city_id);
CREATE INDEX registry_live_party_city ON registry_live_party (city_id);

-- The ties of every policy; filter by policy_id or by a city.
CREATE VIEW registry_possible_tie AS
SELECT a.policy_id, link.issue_id, a.city_id AS city_a_id, b.city_id AS city_b_id,
    CASE WHEN a.since IS NULL OR lower(b.possible) > lower(a.possible) THEN b.since ELSE a.since END AS since,
    CASE WHEN a.until IS NULL OR upper(b.possible) < upper(a.possible) THEN b.until ELSE a.until END AS until,
    CASE WHEN a.ended = b.ended THEN a.ended
         WHEN 'ended' IN (a.ended, b.ended) THEN 'ended' ELSE 'unknown' END AS ended,
    nullif(a.certain * b.certain, 'empty') AS certain,
    a.possible * b.possible AS possible
FROM registry_live_party a
JOIN registry_live_party b
    ON b.policy_id = a.policy_id AND a.city_id < b.city_id AND a.possible && b.possible
JOIN registry_jointpolicy_issues link ON link.jointpolicy_id = a.policy_id;

-- Planned anew for each call: what is best for 200,000 policies takes half a minute for one. The
-- planner knows how many an unnested array holds, where it would have to guess for a table.
CREATE FUNCTION registry_settle_policies(policies bigint[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    -- Two transactions that touch one policy settle it one after the other, each seeing the last.
    PERFORM id FROM registry_jointpolicy WHERE id IN (SELECT unnest(policies))
    ORDER BY id FOR NO KEY UPDATE;
    -- A city that another transaction is withdrawing or publishing: wait until it is known.
    PERFORM id FROM registry_city
    WHERE id IN (SELECT city_id FROM registry_policyparty WHERE policy_id IN (SELECT unnest(policies)))
    ORDER BY id FOR SHARE;

    DELETE FROM registry_tie WHERE policy_id IN (SELECT unnest(policies));
    DELETE FROM registry_largepolicy WHERE policy_id IN (SELECT unnest(policies));
    DELETE FROM registry_live_party WHERE policy_id IN (SELECT unnest(policies));
    INSERT INTO registry_live_party (party_id, policy_id, city_id, since, until, ended, certain, possible)
        SELECT party_id, policy_id, city_id, since, until, ended, certain, possible
        FROM registry_published_party
        WHERE policy_id IN (SELECT unnest(policies)) AND possible IS NOT NULL;
    INSERT INTO registry_largepolicy (policy_id)
        SELECT policy_id FROM registry_live_party WHERE policy_id IN (SELECT unnest(policies))
        GROUP BY policy_id HAVING count(*) > 200;
    INSERT INTO registry_tie (policy_id, issue_id, city_a_id, city_b_id, since, until, ended, certain, possible)
        SELECT policy_id, issue_id, city_a_id, city_b_id, since, until, ended, certain, possible
        FROM registry_possible_tie
        WHERE policy_id IN (SELECT unnest(policies) EXCEPT SELECT policy_id FROM registry_largepolicy);
END
$$;

CREATE FUNCTION registry_settle_ties() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The first row settles every policy touched; the others find their work done.
    IF EXISTS (SELECT FROM registry_touched_policy WHERE policy_id = NEW.policy_id) THEN
        PERFORM registry_settle_policies((SELECT array_agg(DISTINCT policy_id) FROM registry_touched_policy));
        DELETE FROM registry_touched_policy;
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER registry_settle_ties AFTER INSERT ON registry_touched_policy
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_settle_ties();

CREATE VIEW registry_direct_tie AS
SELECT id, policy_id, issue_id, city_a_id, city_b_id, since, until, ended, certain, possible FROM registry_tie
UNION ALL
-- Of the stored columns' own types: else the planner cannot read the two arms in the order of an index.
SELECT NULL::bigint, policy_id, issue_id, city_a_id, city_b_id,
    since::varchar, until::varchar, ended::varchar, certain, possible
FROM registry_possible_tie WHERE policy_id IN (SELECT policy_id FROM registry_largepolicy);
"""

DROP_TIES = """
DROP VIEW registry_direct_tie;
DROP TABLE registry_touched_policy;
DROP FUNCTION registry_settle_ties;
DROP FUNCTION registry_settle_policies;
DROP VIEW registry_possible_tie;
DROP TABLE registry_live_party;
DROP VIEW registry_published_party;
"""

# django-pghistory's function, but for a change that no account or command has claimed: that one is
# recorded under its database role instead of under nobody.
CONTEXT = """
CREATE OR REPLACE FUNCTION _pgh_attach_context() RETURNS pghistory_context.id%TYPE LANGUAGE plpgsql AS $$
DECLARE
    context_id uuid := nullif(current_setting('pghistory.context_id', true), '')::uuid;
    metadata jsonb := nullif(current_setting('pghistory.context_metadata', true), '')::jsonb;
BEGIN
    IF context_id IS NULL OR metadata IS NULL THEN
        context_id := gen_random_uuid();
        metadata := jsonb_build_object('database_role', session_user);
        PERFORM set_config('pghistory.context_id', context_id::text, true),
            set_config('pghistory.context_metadata', metadata::text, true);
    END IF;
    INSERT INTO pghistory_context (id, metadata, created_at, updated_at)
        VALUES (context_id, metadata, now(), now())
        ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
        WHERE pghistory_context.metadata <> EXCLUDED.metadata;
    RETURN context_id;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_model")]
    operations = [
        migrations.CreateModel(
            name="LiveParty",
            fields=[
                (
                    "party",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="live",
                        serialize=False,
                        to="registry.policyparty",
                    ),
                ),
                ("certain", django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ("possible", django.contrib.postgres.fields.ranges.DateRangeField()),
            ],
            options={"db_table": "registry_live_party", "managed": False, "default_permissions": ()},
        ),
        migrations.RunSQL(TIES, DROP_TIES),
        migrations.RunSQL(CONTEXT, migrations.RunSQL.noop),
    ]
