"""Which cities work on each issue, kept true by the database."""

from importlib import import_module

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

_BEFORE: str = import_module("registry.migrations.0015_cities_taking_part").TAKING_PART
_, _, _BEFORE = _BEFORE.partition("CREATE FUNCTION registry_settle_cities")
SETTLE_BEFORE = "CREATE OR REPLACE FUNCTION registry_settle_cities" + _BEFORE.partition("CREATE FUNCTION")[0]

ISSUES = r"""
-- 2048 cities in a row by their keys, and which of them work on an issue: the n-th bit, counted from 0, is
-- that of the city of key 2048 * block + n.
CREATE TABLE registry_cities_on_issue (
    block bigint NOT NULL,
    issue_id bigint NOT NULL,
    cities bit(2048) NOT NULL,
    PRIMARY KEY (block, issue_id)
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

-- The cities that work on one of these issues or one below it.
CREATE FUNCTION registry_cities_on_issues(issues bigint[]) RETURNS SETOF bigint
LANGUAGE sql STABLE ROWS 50000 AS $$
    SELECT block * 2048 + place
    FROM (
        SELECT block, bit_or(cities) AS cities FROM registry_cities_on_issue
        WHERE issue_id IN (SELECT issue_id FROM registry_issue_line WHERE above_id = ANY(issues))
        GROUP BY block
    ) AS sets CROSS JOIN generate_series(0, 2047) AS place
    WHERE get_bit(cities, place) = 1
$$;

-- For each issue, how many of these cities work on it or on one below it.
CREATE FUNCTION registry_issues_of_cities(keys bigint[]) RETURNS TABLE (value bigint, number bigint)
LANGUAGE sql STABLE AS $$
    SELECT above_id, sum(bit_count(cities))::bigint
    FROM (
        SELECT line.above_id, bit_or(known.cities & asked.cities) AS cities
        FROM registry_city_bits(keys) AS asked
        JOIN registry_cities_on_issue known ON known.block = asked.block
        JOIN registry_issue_line line ON line.issue_id = known.issue_id
        GROUP BY line.above_id, known.block
    ) AS sets
    GROUP BY above_id HAVING sum(bit_count(cities)) > 0
$$;

-- Planned anew for each call: what is best for all cities takes seconds for one.
CREATE FUNCTION registry_settle_issues(touched bigint[]) RETURNS void LANGUAGE plpgsql
SET plan_cache_mode = force_custom_plan AS $$
BEGIN
    WITH work AS (
        SELECT link.issue_id, membership.city_id FROM registry_membership membership
        JOIN registry_network network ON network.id = membership.network_id
        JOIN registry_network_issues link ON link.network_id = network.id
        WHERE membership.city_id IN (SELECT unnest(touched)) AND membership.publication = 'published'
            AND membership.status IN ('member', 'left') AND network.publication = 'published'
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
    ), words AS (
        SELECT issue_id, city_id / 64 AS word, bit_or(1::bigint << (63 - city_id % 64)::int) AS met
        FROM work GROUP BY 1, 2
    ), now AS (
        SELECT issue_id, word / 32 AS block, bit_or(met::bit(64)::bit(2048) >> (word % 32 * 64)::int) AS cities
        FROM words GROUP BY 1, 2
    )
    -- What is and what is stored, of the cities touched: the bits in which they differ are turned over, those
    -- of other cities in the same row stay, whoever may have changed them meanwhile.
    INSERT INTO registry_cities_on_issue AS stored (block, issue_id, cities)
    SELECT block, issue_id, bit_xor(cities)
    FROM (
        SELECT block, issue_id, cities FROM now
        UNION ALL
        SELECT old.block, old.issue_id, old.cities & asked.cities
        FROM registry_city_bits(touched) AS asked JOIN registry_cities_on_issue old USING (block)
    ) AS sets
    GROUP BY block, issue_id HAVING bit_count(bit_xor(cities)) > 0
    ORDER BY block, issue_id
    ON CONFLICT (block, issue_id) DO UPDATE SET cities = stored.cities # excluded.cities;
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

    PERFORM registry_settle_issues(touched);
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

NO_ISSUES = f"""
{SETTLE_BEFORE}
DROP FUNCTION registry_settle_issues;
DROP FUNCTION registry_issues_of_cities;
DROP FUNCTION registry_cities_on_issues;
DROP FUNCTION registry_city_bits;
DROP TABLE registry_cities_on_issue;
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0027_releases")]
    operations = [
        migrations.RunSQL(ISSUES, NO_ISSUES),
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
