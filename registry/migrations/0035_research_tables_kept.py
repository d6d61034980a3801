"""Research tables: their rows and cells are counted once, and what they say is in the history."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import registry.models.dates
from django.db import migrations, models
from registry.migrations._at_once import AtOnce


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0034_memberships_counted_from_indexes"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="ObservedMembershipEvent",
                    fields=[
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField()),
                        ("id", models.BigIntegerField()),
                        ("member", models.BooleanField()),
                        (
                            "tier",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("observer", "Observer"),
                                    ("full", "Full"),
                                    ("privileged", "Privileged"),
                                ],
                                db_default="",
                                max_length=10,
                            ),
                        ),
                        ("founding", models.BooleanField(blank=True, null=True)),
                        ("hosting", models.BooleanField(blank=True, null=True)),
                        ("since", registry.models.dates.PartialDateField(db_collation="C")),
                        ("until", registry.models.dates.PartialDateField(db_collation="C")),
                    ],
                    options={
                        "ordering": ["pgh_id"],
                        "abstract": False,
                        "default_permissions": ("view",),
                    },
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="datasetfile",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="datasetfile",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="datasetfile",
                    name="delete_delete",
                ),
                migrations.AddField(
                    model_name="datasetfile",
                    name="cells",
                    field=models.PositiveIntegerField(default=0, help_text="How many cells they have."),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name="datasetfile",
                    name="rows",
                    field=models.PositiveIntegerField(
                        default=0, help_text="How many rows it has below its headers."
                    ),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name="datasetfileevent",
                    name="cells",
                    field=models.PositiveIntegerField(default=0, help_text="How many cells they have."),
                    preserve_default=False,
                ),
                migrations.AddField(
                    model_name="datasetfileevent",
                    name="rows",
                    field=models.PositiveIntegerField(
                        default=0, help_text="How many rows it has below its headers."
                    ),
                    preserve_default=False,
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="datasetfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_datasetfileevent" ("cells", "content", "dataset_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rows") SELECT new_values."cells", new_values."content", new_values."dataset_id", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."rows" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="6d80140552214fa38f6dc8690003b94064c98651",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2fbbc",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_datasetfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="datasetfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_datasetfileevent" ("cells", "content", "dataset_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rows") SELECT new_values."cells", new_values."content", new_values."dataset_id", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."rows" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."cells" IS DISTINCT FROM (new_values."cells") OR old_values."content" IS DISTINCT FROM (new_values."content") OR old_values."dataset_id" IS DISTINCT FROM (new_values."dataset_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."rows" IS DISTINCT FROM (new_values."rows")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="cdf21d7da07e9b38d57abe5302d6b605221e564b",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_91919",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_datasetfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="datasetfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_datasetfileevent" ("cells", "content", "dataset_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rows") SELECT old_values."cells", old_values."content", old_values."dataset_id", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."rows" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="36fef16b66b43ca1871bff0259b8fbd2568445e0",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_6e050",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_datasetfile",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="observedmembership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_observedmembershipevent" ("founding", "hosting", "id", "member", "network_id", "observation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "tier", "until") SELECT new_values."founding", new_values."hosting", new_values."id", new_values."member", new_values."network_id", new_values."observation_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."since", new_values."tier", new_values."until" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="26b3a6856e56b2c34cbd305c6c62439b3dd16e96",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_b6df9",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_observedmembership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="observedmembership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_observedmembershipevent" ("founding", "hosting", "id", "member", "network_id", "observation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "tier", "until") SELECT new_values."founding", new_values."hosting", new_values."id", new_values."member", new_values."network_id", new_values."observation_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."since", new_values."tier", new_values."until" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="fdf76290d5c4e2fe097b481d900e20e2ef92a028",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b949a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_observedmembership",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="observedmembership",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_observedmembershipevent" ("founding", "hosting", "id", "member", "network_id", "observation_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "since", "tier", "until") SELECT old_values."founding", old_values."hosting", old_values."id", old_values."member", old_values."network_id", old_values."observation_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."since", old_values."tier", old_values."until" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="149af483f2be5f7ec82eeb530101d54d954e4666",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_222b3",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_observedmembership",
                            when="AFTER",
                        ),
                    ),
                ),
                migrations.AddField(
                    model_name="observedmembershipevent",
                    name="network",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.network",
                    ),
                ),
                migrations.AddField(
                    model_name="observedmembershipevent",
                    name="observation",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.observation",
                    ),
                ),
                migrations.AddField(
                    model_name="observedmembershipevent",
                    name="pgh_context",
                    field=models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                migrations.AddField(
                    model_name="observedmembershipevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="registry_events",
                        to="registry.observedmembership",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="observedmembershipevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="efd672d831a099f0071b688ad03624793e679755",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f8bbf",
                            table="registry_observedmembershipevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
    ]
