"""The cities that take part in something, kept true by the database."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models
from registry.migrations._at_once import AtOnce

TAKING_PART = r"""
-- What each statement of the current transaction touched, one row for each; empty before each commit.
CREATE TABLE registry_touched_city (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cities bigint[] NOT NULL,
    networks bigint[],
    policies bigint[]
);

-- Planned anew for each call: what is best for all cities takes seconds for one.
CREATE FUNCTION registry_settle_cities(touched bigint[], networks bigint[], policies bigint[]) RETURNS void
LANGUAGE plpgsql SET plan_cache_mode = force_custom_plan AS $$
DECLARE
    taking_part bigint[];
BEGIN
    -- What another transaction is withdrawing or publishing: wait until it is known. Policies in the mode
    -- in which the ties of the same transaction lock them.
    PERFORM id FROM registry_network WHERE id IN (SELECT unnest(networks)) ORDER BY id FOR SHARE;
    PERFORM id FROM registry_jointpolicy WHERE id IN (SELECT unnest(policies)) ORDER BY id FOR NO KEY UPDATE;
    -- Two transactions that touch one city settle it one after the other, each seeing the last: here where
    -- it takes part already, at the insertion where both bring its first parts.
    PERFORM city_id FROM registry_takingpart WHERE city_id IN (SELECT unnest(touched))
    ORDER BY city_id FOR UPDATE;

    -- The city's own publication is asked of the city.
    taking_part := ARRAY(
        SELECT city FROM unnest(touched) AS city
        WHERE EXISTS (
            SELECT FROM registry_membership membership
            JOIN registry_network network ON network.id = membership.network_id
            WHERE membership.city_id = city AND membership.publication = 'published'
                AND membership.status IN ('member', 'left') AND network.publication = 'published'
        ) OR EXISTS (
            SELECT FROM registry_policyparty party
            JOIN registry_jointpolicy policy ON policy.id = party.policy_id
            WHERE party.city_id = city AND party.publication = 'published'
                AND policy.publication = 'published'
        ) OR EXISTS (
            SELECT FROM registry_cityoffice office
            WHERE office.city_id = city AND office.publication = 'published'
        )
        ORDER BY city
    );
    DELETE FROM registry_takingpart
    WHERE city_id IN (SELECT unnest(touched) EXCEPT SELECT unnest(taking_part));
    INSERT INTO registry_takingpart (city_id) SELECT unnest(taking_part) ON CONFLICT DO NOTHING;
END
$$;

CREATE FUNCTION registry_settle_taking_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The first row settles all that is touched; the others find their work done.
    IF EXISTS (SELECT FROM registry_touched_city WHERE id = NEW.id) THEN
        PERFORM registry_settle_cities(
            ARRAY(SELECT DISTINCT unnest(cities) FROM registry_touched_city),
            ARRAY(SELECT DISTINCT unnest(networks) FROM registry_touched_city),
            ARRAY(SELECT DISTINCT unnest(policies) FROM registry_touched_city)
        );
        DELETE FROM registry_touched_city;
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER registry_settle_taking_part AFTER INSERT ON registry_touched_city
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION registry_settle_taking_part();
"""

DROP_TAKING_PART = """
DROP TABLE registry_touched_city;
DROP FUNCTION registry_settle_taking_part;
DROP FUNCTION registry_settle_cities;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0014_merge_groups"),
    ]

    operations = [
        migrations.CreateModel(
            name="TakingPart",
            fields=[
                (
                    "city",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="registry.city",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "cities taking part",
                "default_permissions": (),
            },
        ),
        migrations.RunSQL(TAKING_PART, DROP_TAKING_PART),
        AtOnce(
            [
                pgtrigger.migrations.AddTrigger(
                    model_name="cityoffice",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), NULL, NULL\n            FROM (SELECT city_id FROM new_values WHERE publication = 'published') AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="b970cf115610743bcdd65a7c10e6c07a2f97d32d",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_taking_part_inserted_f0a30",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_cityoffice",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="cityoffice",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), NULL, NULL\n            FROM (SELECT old_values.city_id FROM old_values JOIN new_values USING (id) WHERE (old_values.city_id, old_values.publication) IS DISTINCT FROM (new_values.city_id, new_values.publication) UNION ALL SELECT new_values.city_id FROM old_values JOIN new_values USING (id) WHERE (old_values.city_id, old_values.publication) IS DISTINCT FROM (new_values.city_id, new_values.publication)) AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="20cf2a3f92746dde71c9e80368f47e310180eee6",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_taking_part_updated_9dd6b",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_cityoffice",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="cityoffice",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), NULL, NULL\n            FROM (SELECT city_id FROM old_values WHERE publication = 'published') AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="78c39faacf7856c26729fa5b567f38ee315085a4",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_taking_part_deleted_ad2eb",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_cityoffice",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="jointpolicy",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_publication",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), NULL, NULL\n            FROM (\n            SELECT city_id FROM registry_policyparty WHERE policy_id IN (\n                SELECT id FROM old_values JOIN new_values USING (id)\n                WHERE old_values.publication <> new_values.publication\n            )) AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="2b9913e749c858966874b4d4a7ea9810a4e9eb65",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_taking_part_publication_5e50e",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_jointpolicy",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), array_agg(DISTINCT network_id), NULL\n            FROM (SELECT city_id, network_id FROM new_values WHERE publication = 'published') AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="23ee8def7ca5d8d3c48a769b9c8e9bea4e26e165",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_taking_part_inserted_3e73a",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), array_agg(DISTINCT network_id), NULL\n            FROM (SELECT old_values.city_id, old_values.network_id FROM old_values JOIN new_values USING (id) WHERE (old_values.city_id, old_values.network_id, old_values.publication, old_values.status) IS DISTINCT FROM (new_values.city_id, new_values.network_id, new_values.publication, new_values.status) UNION ALL SELECT new_values.city_id, new_values.network_id FROM old_values JOIN new_values USING (id) WHERE (old_values.city_id, old_values.network_id, old_values.publication, old_values.status) IS DISTINCT FROM (new_values.city_id, new_values.network_id, new_values.publication, new_values.status)) AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="284d248caf4c779fd8c18867fec45391317c7814",
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
                    model_name="membership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), array_agg(DISTINCT network_id), NULL\n            FROM (SELECT city_id, network_id FROM old_values WHERE publication = 'published') AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="1bfcfcc30a8b5bc3684df2c5e45b2550cc20b9d1",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_taking_part_deleted_da0aa",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_membership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="network",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_publication",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), NULL, NULL\n            FROM (\n            SELECT city_id FROM registry_membership WHERE network_id IN (\n                SELECT id FROM old_values JOIN new_values USING (id)\n                WHERE old_values.publication <> new_values.publication\n            )) AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="9dc212d61425f90e55cb9d1ae8596186017ee427",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_taking_part_publication_2d2d4",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_network",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policyparty",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), NULL, array_agg(DISTINCT policy_id)\n            FROM (SELECT city_id, policy_id FROM new_values WHERE publication = 'published') AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="77cd55b17397f9d9dc38e934aaedcacbc5b88c4d",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_taking_part_inserted_5e5de",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_policyparty",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policyparty",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_updated",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), NULL, array_agg(DISTINCT policy_id)\n            FROM (SELECT old_values.city_id, old_values.policy_id FROM old_values JOIN new_values USING (id) WHERE (old_values.city_id, old_values.policy_id, old_values.publication) IS DISTINCT FROM (new_values.city_id, new_values.policy_id, new_values.publication) UNION ALL SELECT new_values.city_id, new_values.policy_id FROM old_values JOIN new_values USING (id) WHERE (old_values.city_id, old_values.policy_id, old_values.publication) IS DISTINCT FROM (new_values.city_id, new_values.policy_id, new_values.publication)) AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="779e17fe8035efa92a2e183bc41ca2806502281b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_taking_part_updated_01978",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_policyparty",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="policyparty",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_deleted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n            INSERT INTO registry_touched_city (cities, networks, policies)\n            SELECT array_agg(DISTINCT city_id), NULL, array_agg(DISTINCT policy_id)\n            FROM (SELECT city_id, policy_id FROM old_values WHERE publication = 'published') AS touched HAVING count(*) > 0;\n            RETURN NULL;",
                            hash="d451f024083a5ea48b6d1dfb372fb466c44999a2",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_taking_part_deleted_15baf",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_policyparty",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
    ]
