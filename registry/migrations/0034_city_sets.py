"""Which cities work on each issue and have memberships of each status and tier, kept true by the database."""

from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

_BEFORE: str = import_module("registry.migrations.0015_cities_taking_part").TAKING_PART
_, _, _BEFORE = _BEFORE.partition("CREATE FUNCTION registry_settle_cities")
SETTLE_BEFORE = "CREATE OR REPLACE FUNCTION registry_settle_cities" + _BEFORE.partition("CREATE FUNCTION")[0]

SETS = r"""
-- 2048 cities in a row by their keys, and which of them have a value of a facet: work on an issue, have a
-- public membership of a status, or are or were members of a tier. The n-th bit, counted from 0, is that of
-- the city of key 2048 * block + n.
CREATE TABLE registry_city_set (
    block bigint NOT NULL,
    facet text NOT NULL,
    value text NOT NULL,
    cities bit(2048) NOT NULL,
    PRIMARY KEY (block, facet, value)
);

-- Cities as such bits: 64 of them are one number first, which is quicker to set bits in.
CREATE FUNCTION registry_city_bits(keys bigint[]) RETURNS TABLE (block bigint, cities bit(2048))
LANGUAGE sql IMMUTABLE AS $$
    SELECT word / 32, bit_or(met::bit(64)::bit(2048) >> (word % 32 * 64)::int)
    FROM (
        SELECT key / 64 AS word, bit_or(1::bigint << (63 - key % 64)::int) AS met
        FROM unnest(keys) AS key GROUP BY 1
    ) AS words
    GROUP BY 1
$$;

-- The cities that have one of these values of a facet; an issue also by those that lie under it.
CREATE FUNCTION registry_cities_in(asked text, meant text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    SELECT block * 2048 + place
    FROM (
        SELECT block, bit_or(cities) AS cities FROM registry_city_set
        WHERE facet = asked AND value IN (
            SELECT unnest(meant)
            UNION
            SELECT issue_id::text FROM registry_issue_line WHERE asked = 'issue' AND above_id::text = ANY(meant)
        )
        GROUP BY block
    ) AS sets CROSS JOIN generate_series(0, 2047) AS place
    WHERE get_bit(cities, place) = 1
$$;

-- How many of these cities have each value of a facet; an issue also by those that lie under it.
CREATE FUNCTION registry_count_cities(counted text, keys bigint[]) RETURNS TABLE (value text, number bigint)
LANGUAGE sql STABLE AS $$
    SELECT meant, sum(bit_count(cities))::bigint
    FROM (
        SELECT meant, bit_or(stored.cities & asked.cities) AS cities
        FROM registry_city_bits(keys) AS asked
        JOIN registry_city_set stored ON stored.block = asked.block AND stored.facet = counted
        JOIN (
            SELECT issue_id::text AS value, above_id::text AS meant FROM registry_issue_line
            WHERE counted = 'issue'
            UNION ALL
            SELECT DISTINCT known.value, known.value FROM registry_city_set known
            WHERE known.facet = counted AND counted <> 'issue'
        ) AS meanings ON meanings.value = stored.value
        GROUP BY meant, stored.block
    ) AS sets
    GROUP BY meant HAVING sum(bit_count(cities)) > 0
$$;

-- Cities as one string of bits, as long as there are keys, and whether a city is among them: for a question of
-- each of a million rows the quickest way to tell. Numbers have their bits in eight bytes from the last on.
CREATE FUNCTION registry_city_string(keys bigint[]) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT string_agg(int8send(coalesce(met, 0)), '' ORDER BY word)
    FROM generate_series(0, (SELECT max(id) / 64 FROM registry_city)) AS word
    LEFT JOIN (
        SELECT key / 64 AS word, bit_or(1::bigint << (key % 64)::int) AS met FROM unnest(keys) AS key GROUP BY 1
    ) AS words USING (word)
$$;
CREATE FUNCTION registry_is_in(cities bytea, key bigint) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT get_bit(cities, key # 56) = 1
$$;

-- Planned anew for each call: what is best for all cities takes seconds for one.
CREATE FUNCTION registry_settle_city_sets(touched bigint[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    WITH membership AS (
        SELECT membership.city_id, membership.network_id, membership.status, membership.tier,
            membership.status IN ('member', 'left') AS present
        FROM registry_membership membership JOIN registry_network network ON network.id = membership.network_id
        WHERE membership.city_id IN (SELECT unnest(touched)) AND membership.publication = 'published'
            AND network.publication = 'published'
    ), found AS (
        SELECT 'status' AS facet, status::text AS value, city_id FROM membership
        UNION ALL
        SELECT 'tier', tier, city_id FROM membership WHERE present AND tier <> ''
        UNION ALL
        SELECT 'issue', issue_id::text, city_id FROM (
            SELECT link.issue_id, city_id FROM membership
            JOIN registry_network_issues link ON link.network_id = membership.network_id WHERE present
            UNION ALL
            SELECT link.issue_id, party.city_id FROM registry_policyparty party
            JOIN registry_jointpolicy policy ON policy.id = party.policy_id
            JOIN registry_jointpolicy_issues link ON link.jointpolicy_id = policy.id
            WHERE party.city_id IN (SELECT unnest(touched)) AND party.publication = 'published'
                AND policy.publication = 'published'
            UNION ALL
            SELECT link.issue_id, office.city_id FROM registry_cityoffice office
            JOIN registry_cityoffice_remit link ON link.cityoffice_id = office.id
            WHERE office.city_id IN (SELECT unnest(touched)) AND office.publication = 'published'
        ) AS work
    ), words AS (
        SELECT facet, value, city_id / 64 AS word, bit_or(1::bigint << (63 - city_id % 64)::int) AS met
        FROM found GROUP BY 1, 2, 3
    ), now AS (
        SELECT facet, value, word / 32 AS block,
            bit_or(met::bit(64)::bit(2048) >> (word % 32 * 64)::int) AS cities
        FROM words GROUP BY 1, 2, 3
    )
    -- What is and what is stored, of the cities touched: the bits in which they differ are turned over, those
    -- of other cities in the same row stay, whoever may have changed them meanwhile.
    INSERT INTO registry_city_set AS stored (block, facet, value, cities)
    SELECT block, facet, value, bit_xor(cities)
    FROM (
        SELECT block, facet, value, cities FROM now
        UNION ALL
        SELECT old.block, old.facet, old.value, old.cities & asked.cities
        FROM registry_city_bits(touched) AS asked JOIN registry_city_set old USING (block)
    ) AS sets
    GROUP BY block, facet, value HAVING bit_count(bit_xor(cities)) > 0
    ORDER BY block, facet, value
    ON CONFLICT (block, facet, value) DO UPDATE SET cities = stored.cities # excluded.cities;
END
$$;

CREATE OR REPLACE FUNCTION registry_settle_cities(touched bigint[], networks bigint[], policies bigint[])
RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    locked bigint;
BEGIN
    -- What another transaction is withdrawing or publishing: wait until it is known. Policies in the mode
    -- in which the ties of the same transaction lock them.
    PERFORM id FROM registry_network WHERE id IN (SELECT unnest(networks)) ORDER BY id FOR SHARE;
    PERFORM id FROM registry_jointpolicy WHERE id IN (SELECT unnest(policies)) ORDER BY id FOR NO KEY UPDATE;
    -- Two transactions that touch one city settle it one after the other, each seeing the last: by its row,
    -- which is made first where there is none, and anew where the other has just taken it away.
    LOOP
        INSERT INTO registry_takingpart (city_id) SELECT city FROM unnest(touched) AS city ORDER BY city
        ON CONFLICT DO NOTHING;
        PERFORM city_id FROM registry_takingpart WHERE city_id IN (SELECT unnest(touched))
        ORDER BY city_id FOR UPDATE;
        GET DIAGNOSTICS locked = ROW_COUNT;
        EXIT WHEN locked = (SELECT count(DISTINCT city) FROM unnest(touched) AS city);
    END LOOP;

    PERFORM registry_settle_city_sets(touched);
    -- The city's own publication is asked of the city.
    DELETE FROM registry_takingpart
    WHERE city_id IN (SELECT unnest(touched)) AND NOT EXISTS (
        SELECT FROM registry_membership membership
        JOIN registry_network network ON network.id = membership.network_id
        WHERE membership.city_id = registry_takingpart.city_id AND membership.publication = 'published'
            AND membership.status IN ('member', 'left') AND network.publication = 'published'
    ) AND NOT EXISTS (
        SELECT FROM registry_policyparty party
        JOIN registry_jointpolicy policy ON policy.id = party.policy_id
        WHERE party.city_id = registry_takingpart.city_id AND party.publication = 'published'
            AND policy.publication = 'published'
    ) AND NOT EXISTS (
        SELECT FROM registry_cityoffice office
        WHERE office.city_id = registry_takingpart.city_id AND office.publication = 'published'
    );
END
$$;
"""

NO_SETS = f"""
{SETTLE_BEFORE}
DROP FUNCTION registry_settle_city_sets;
DROP FUNCTION registry_is_in;
DROP FUNCTION registry_city_string;
DROP FUNCTION registry_count_cities;
DROP FUNCTION registry_cities_in;
DROP FUNCTION registry_city_bits;
DROP TABLE registry_city_set;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0033_api_tokens")]
    operations = [
        migrations.RunSQL(SETS, NO_SETS),
        pgtrigger.migrations.RemoveTrigger(
            model_name="membership",
            name="taking_part_updated",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="membership",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_updated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), array_agg(DISTINCT network_id), NULL\n            FROM (SELECT old_values.city_id, old_values.network_id FROM old_values JOIN new_values USING (id) WHERE (old_values.city_id, old_values.network_id, old_values.publication, old_values.status, old_values.tier) IS DISTINCT FROM (new_values.city_id, new_values.network_id, new_values.publication, new_values.status, new_values.tier) UNION ALL SELECT new_values.city_id, new_values.network_id FROM old_values JOIN new_values USING (id) WHERE (old_values.city_id, old_values.network_id, old_values.publication, old_values.status, old_values.tier) IS DISTINCT FROM (new_values.city_id, new_values.network_id, new_values.publication, new_values.status, new_values.tier)) AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                    hash="9f591bc1d8af4c0831ca88d439ac881a5f934853",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_taking_part_updated_2e845",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_membership",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cityofficeremit",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_issue_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE records bigint[];",
                    func="\n                records := ARRAY(SELECT cityoffice_id FROM new_values);\n                PERFORM id FROM registry_cityoffice WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_cityoffice\n                WHERE id IN (SELECT unnest(records)) HAVING count(*) > 0;\n                RETURN NULL;",
                    hash="d92fcf67382e70ad0761f950eee69ec54287c28e",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_taking_part_issue_inserted_e1cbf",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_cityoffice_remit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cityofficeremit",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_issue_updated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE records bigint[];",
                    func="\n                records := ARRAY(SELECT cityoffice_id FROM old_values UNION SELECT cityoffice_id FROM new_values);\n                PERFORM id FROM registry_cityoffice WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_cityoffice\n                WHERE id IN (SELECT unnest(records)) HAVING count(*) > 0;\n                RETURN NULL;",
                    hash="4343af5fe89f7fcc91d6f8d89c7aa002b8b3d698",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_taking_part_issue_updated_0ab7b",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_cityoffice_remit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="cityofficeremit",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_issue_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE records bigint[];",
                    func="\n                records := ARRAY(SELECT cityoffice_id FROM old_values);\n                PERFORM id FROM registry_cityoffice WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_cityoffice\n                WHERE id IN (SELECT unnest(records)) HAVING count(*) > 0;\n                RETURN NULL;",
                    hash="92372380fc385bef334e4be6060fa92ae4735955",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_taking_part_issue_deleted_7665d",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_cityoffice_remit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointpolicyissues",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_issue_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE records bigint[];",
                    func="\n                records := ARRAY(SELECT jointpolicy_id FROM new_values);\n                PERFORM id FROM registry_jointpolicy WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_policyparty\n                WHERE policy_id IN (SELECT unnest(records)) HAVING count(*) > 0;\n                RETURN NULL;",
                    hash="f4ec694cbaf9955379ab8e2485f6920e36309201",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_taking_part_issue_inserted_1ad63",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_jointpolicy_issues",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointpolicyissues",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_issue_updated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE records bigint[];",
                    func="\n                records := ARRAY(SELECT jointpolicy_id FROM old_values UNION SELECT jointpolicy_id FROM new_values);\n                PERFORM id FROM registry_jointpolicy WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_policyparty\n                WHERE policy_id IN (SELECT unnest(records)) HAVING count(*) > 0;\n                RETURN NULL;",
                    hash="ff4d456ab26191f09a35c581e0de7872a9475b40",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_taking_part_issue_updated_b17dc",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_jointpolicy_issues",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="jointpolicyissues",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_issue_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE records bigint[];",
                    func="\n                records := ARRAY(SELECT jointpolicy_id FROM old_values);\n                PERFORM id FROM registry_jointpolicy WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_policyparty\n                WHERE policy_id IN (SELECT unnest(records)) HAVING count(*) > 0;\n                RETURN NULL;",
                    hash="bf5a8db5f91d6611c902bf047834ac2929425a14",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_taking_part_issue_deleted_fc874",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_jointpolicy_issues",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="networkissues",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_issue_inserted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE records bigint[];",
                    func="\n                records := ARRAY(SELECT network_id FROM new_values);\n                PERFORM id FROM registry_network WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_membership\n                WHERE network_id IN (SELECT unnest(records)) HAVING count(*) > 0;\n                RETURN NULL;",
                    hash="b7f24a7e29ea0db9b5679cb643eaec7858a95e64",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_taking_part_issue_inserted_52d60",
                    referencing="REFERENCING NEW TABLE AS new_values ",
                    table="registry_network_issues",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="networkissues",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_issue_updated",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE records bigint[];",
                    func="\n                records := ARRAY(SELECT network_id FROM old_values UNION SELECT network_id FROM new_values);\n                PERFORM id FROM registry_network WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_membership\n                WHERE network_id IN (SELECT unnest(records)) HAVING count(*) > 0;\n                RETURN NULL;",
                    hash="85036db976ba17f822f1bd1e414901e6bbd1ac04",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_taking_part_issue_updated_101ac",
                    referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                    table="registry_network_issues",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="networkissues",
            trigger=pgtrigger.compiler.Trigger(
                name="taking_part_issue_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE records bigint[];",
                    func="\n                records := ARRAY(SELECT network_id FROM old_values);\n                PERFORM id FROM registry_network WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_membership\n                WHERE network_id IN (SELECT unnest(records)) HAVING count(*) > 0;\n                RETURN NULL;",
                    hash="3a0e6cf6d37cdf39e040aaaf34290a8b2b447f9e",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_taking_part_issue_deleted_2278e",
                    referencing="REFERENCING OLD TABLE AS old_values ",
                    table="registry_network_issues",
                    when="AFTER",
                ),
            ),
        ),
    ]
