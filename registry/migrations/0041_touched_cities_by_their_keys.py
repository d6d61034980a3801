"""What an unanalyzed table would have made a loop in a loop: the records whose cities are touched, by their keys."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from registry.migrations._at_once import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0040_policies_counted_from_an_index"),
    ]

    operations = [
        AtOnce(
            [
                pgtrigger.migrations.RemoveTrigger(
                    model_name="cityofficeremit",
                    name="taking_part_issue_inserted",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="cityofficeremit",
                    name="taking_part_issue_updated",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="cityofficeremit",
                    name="taking_part_issue_deleted",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="jointpolicyissues",
                    name="taking_part_issue_inserted",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="jointpolicyissues",
                    name="taking_part_issue_updated",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="jointpolicyissues",
                    name="taking_part_issue_deleted",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="networkissues",
                    name="taking_part_issue_inserted",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="networkissues",
                    name="taking_part_issue_updated",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="networkissues",
                    name="taking_part_issue_deleted",
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="cityofficeremit",
                    trigger=pgtrigger.compiler.Trigger(
                        name="taking_part_issue_inserted",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            declare="DECLARE records bigint[];",
                            func="\n                records := ARRAY(SELECT cityoffice_id FROM new_values);\n                PERFORM id FROM registry_cityoffice WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_cityoffice\n                WHERE id = ANY(records) HAVING count(*) > 0;\n                RETURN NULL;",
                            hash="7294399e7ff39b3657191c5fd6be8336390ad233",
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
                            func="\n                records := ARRAY(SELECT cityoffice_id FROM old_values UNION SELECT cityoffice_id FROM new_values);\n                PERFORM id FROM registry_cityoffice WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_cityoffice\n                WHERE id = ANY(records) HAVING count(*) > 0;\n                RETURN NULL;",
                            hash="27610a32fcfd3ca330948705efd1c88267871386",
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
                            func="\n                records := ARRAY(SELECT cityoffice_id FROM old_values);\n                PERFORM id FROM registry_cityoffice WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_cityoffice\n                WHERE id = ANY(records) HAVING count(*) > 0;\n                RETURN NULL;",
                            hash="064f1bf2d92bddca2385743ddff1dcc807ec3333",
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
                            func="\n                records := ARRAY(SELECT jointpolicy_id FROM new_values);\n                PERFORM id FROM registry_jointpolicy WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_policyparty\n                WHERE policy_id = ANY(records) HAVING count(*) > 0;\n                RETURN NULL;",
                            hash="73ab6c872e97618ebebbd7fa4922f0ff93eab73a",
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
                            func="\n                records := ARRAY(SELECT jointpolicy_id FROM old_values UNION SELECT jointpolicy_id FROM new_values);\n                PERFORM id FROM registry_jointpolicy WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_policyparty\n                WHERE policy_id = ANY(records) HAVING count(*) > 0;\n                RETURN NULL;",
                            hash="10ff60a3943271c49779ac58f9b18ee4666d33ae",
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
                            func="\n                records := ARRAY(SELECT jointpolicy_id FROM old_values);\n                PERFORM id FROM registry_jointpolicy WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_policyparty\n                WHERE policy_id = ANY(records) HAVING count(*) > 0;\n                RETURN NULL;",
                            hash="5b16f170752319f5627c41f411d99b3da4164bc1",
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
                            func="\n                records := ARRAY(SELECT network_id FROM new_values);\n                PERFORM id FROM registry_network WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_membership\n                WHERE network_id = ANY(records) HAVING count(*) > 0;\n                RETURN NULL;",
                            hash="63acc1441c63021c79ef07b3200482a9868c434b",
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
                            func="\n                records := ARRAY(SELECT network_id FROM old_values UNION SELECT network_id FROM new_values);\n                PERFORM id FROM registry_network WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_membership\n                WHERE network_id = ANY(records) HAVING count(*) > 0;\n                RETURN NULL;",
                            hash="4fc4ea272de595c0353741d602d9c3a8f21e807c",
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
                            func="\n                records := ARRAY(SELECT network_id FROM old_values);\n                PERFORM id FROM registry_network WHERE id = ANY(records) ORDER BY id FOR NO KEY UPDATE;\n                INSERT INTO registry_touched_city (cities)\n                SELECT array_agg(DISTINCT city_id) FROM registry_membership\n                WHERE network_id = ANY(records) HAVING count(*) > 0;\n                RETURN NULL;",
                            hash="94823660bb623507a4d705e87ab016591cb67ef0",
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
        ),
    ]
