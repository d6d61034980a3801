"""Research tables: a state of publication, a page, the file itself, and what they say of memberships."""

from importlib import import_module

import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import registry.models.base
import registry.models.constraints
import registry.models.datasets
import registry.models.dates
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from registry.migrations._at_once import AtOnce
from registry.models.base import slug_for


groups = import_module("registry.migrations.0004_groups")


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Tables brought in before had no address, and those with a licence the public saw."""
    for dataset in apps.get_model("registry", "Dataset").objects.filter(slug=""):
        dataset.slug = f"{slug_for(dataset.name) or 'dataset'}-{dataset.pk}"
        dataset.publication = "published" if dataset.licence else "draft"
        dataset.save()


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0027_releases"),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="DatasetFile",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=255)),
                        ("content", models.BinaryField()),
                        (
                            "sha256",
                            models.GeneratedField(
                                db_persist=True,
                                expression=registry.models.datasets.Digest(models.F("content")),
                                output_field=models.CharField(max_length=64),
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DatasetFileEvent",
                    fields=[
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField()),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=255)),
                        ("content", models.BinaryField()),
                    ],
                    options={
                        "ordering": ["pgh_id"],
                        "abstract": False,
                        "default_permissions": ("view",),
                    },
                ),
                migrations.CreateModel(
                    name="ObservedMembership",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
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
                        "ordering": ["pk"],
                    },
                ),
                migrations.AlterModelOptions(
                    name="dataset",
                    options={
                        "default_permissions": ("add", "change", "delete", "view", "publish"),
                        "ordering": ["name"],
                    },
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="dataset",
                    name="insert_insert",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="dataset",
                    name="update_update",
                ),
                pgtrigger.migrations.RemoveTrigger(
                    model_name="dataset",
                    name="delete_delete",
                ),
                migrations.AddField(
                    model_name="dataset",
                    name="folded",
                    field=models.GeneratedField(
                        db_persist=True,
                        expression=registry.models.base.Fold(models.F("name")),
                        output_field=models.TextField(),
                    ),
                ),
                migrations.AddField(
                    model_name="dataset",
                    name="mapping",
                    field=models.TextField(blank=True, db_default="", editable=False),
                ),
                migrations.AddField(
                    model_name="dataset",
                    name="note",
                    field=models.TextField(
                        blank=True, db_default="", help_text="For staff only; never shown to the public."
                    ),
                ),
                migrations.AddField(
                    model_name="dataset",
                    name="publication",
                    field=models.CharField(
                        choices=[("draft", "Draft"), ("in-review", "In review"), ("published", "Published")],
                        db_default="draft",
                        default="draft",
                        help_text="Only published records appear on the public site.",
                        max_length=9,
                    ),
                ),
                migrations.AddField(
                    model_name="dataset",
                    name="slug",
                    field=models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="The last part of the page's address. Made from the name when left empty.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                migrations.AddField(
                    model_name="datasetevent",
                    name="mapping",
                    field=models.TextField(blank=True, db_default="", editable=False),
                ),
                migrations.AddField(
                    model_name="datasetevent",
                    name="note",
                    field=models.TextField(
                        blank=True, db_default="", help_text="For staff only; never shown to the public."
                    ),
                ),
                migrations.AddField(
                    model_name="datasetevent",
                    name="publication",
                    field=models.CharField(
                        choices=[("draft", "Draft"), ("in-review", "In review"), ("published", "Published")],
                        db_default="draft",
                        default="draft",
                        help_text="Only published records appear on the public site.",
                        max_length=9,
                    ),
                ),
                migrations.AddField(
                    model_name="datasetevent",
                    name="slug",
                    field=models.SlugField(
                        blank=True,
                        db_index=False,
                        help_text="The last part of the page's address. Made from the name when left empty.",
                        max_length=120,
                        verbose_name="address",
                    ),
                ),
                migrations.AlterField(
                    model_name="dataset",
                    name="licence",
                    field=models.CharField(
                        blank=True,
                        db_default="",
                        help_text="As the publisher names it. Without one the table is not published.",
                        max_length=200,
                    ),
                ),
                migrations.AlterField(
                    model_name="dataset",
                    name="name",
                    field=models.CharField(max_length=300),
                ),
                migrations.AlterField(
                    model_name="datasetevent",
                    name="licence",
                    field=models.CharField(
                        blank=True,
                        db_default="",
                        help_text="As the publisher names it. Without one the table is not published.",
                        max_length=200,
                    ),
                ),
                migrations.AddField(
                    model_name="datasetfile",
                    name="dataset",
                    field=models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file",
                        to="registry.dataset",
                    ),
                ),
                migrations.AddField(
                    model_name="datasetfileevent",
                    name="dataset",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="registry.dataset",
                    ),
                ),
                migrations.AddField(
                    model_name="datasetfileevent",
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
                    model_name="datasetfileevent",
                    name="pgh_obj",
                    field=models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="registry_events",
                        to="registry.datasetfile",
                    ),
                ),
                migrations.AddField(
                    model_name="observedmembership",
                    name="network",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="observed",
                        to="registry.network",
                    ),
                ),
                migrations.AddField(
                    model_name="observedmembership",
                    name="observation",
                    field=models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="registry.observation",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="observedmembership",
                    constraint=registry.models.constraints.FieldUnique(
                        field="network",
                        fields=("observation", "network"),
                        name="registry_observedmembership_unique",
                        violation_error_message="What this cell says of the network is recorded already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="observedmembership",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("tier__in", ["", "observer", "full", "privileged"])),
                        field="tier",
                        name="registry_observedmembership_tier_known",
                        violation_error_message="Choose observer, full or privileged, or leave it empty.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="observedmembership",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=registry.models.dates.IsPartialDate(models.F("since")),
                        field="since",
                        name="registry_observedmembership_since_is_partial_date",
                        violation_error_message="Write a year, a month or a day: 2005, 2005-11 or 2005-11-03.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="observedmembership",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=registry.models.dates.IsPartialDate(models.F("until")),
                        field="until",
                        name="registry_observedmembership_until_is_partial_date",
                        violation_error_message="Write a year, a month or a day: 2005, 2005-11 or 2005-11-03.",
                    ),
                ),
            ]
        ),
        AtOnce(
            [
                migrations.AddIndex(
                    model_name="dataset",
                    index=models.Index(
                        condition=models.Q(("publication__in", ("draft", "in-review"))),
                        fields=["publication", "id"],
                        name="dataset_unpublished",
                    ),
                ),
                migrations.AddIndex(
                    model_name="dataset",
                    index=models.Index(
                        django.contrib.postgres.indexes.OpClass(models.F("folded"), "text_pattern_ops"),
                        name="dataset_folded",
                    ),
                ),
                migrations.AddIndex(
                    model_name="dataset",
                    index=django.contrib.postgres.indexes.GinIndex(
                        registry.models.base.Stems(models.F("folded")), name="dataset_stems"
                    ),
                ),
                migrations.AddIndex(
                    model_name="datasetevent",
                    index=models.Index(fields=["-pgh_created_at", "-pgh_id"], name="datasetevent_newest"),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="dataset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="address_refused",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        IF EXISTS (\n            SELECT 1 FROM new_values JOIN registry_alias alias\n            ON alias.kind = 'dataset' AND alias.slug = new_values.slug AND alias.owner <> new_values.pid\n        ) THEN\n            RAISE EXCEPTION 'This address belonged to another record and stays with it.'\n                USING ERRCODE = 'unique_violation', CONSTRAINT = 'registry_dataset_slug_never_reused';\n        END IF;\n     RETURN NULL;",
                            hash="c2a39bd8fb457e47c8f72d8098278e5c0a3d8fd2",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_address_refused_45264",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_dataset",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="dataset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="address_changed",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        IF EXISTS (\n            SELECT 1 FROM new_values JOIN registry_alias alias\n            ON alias.kind = 'dataset' AND alias.slug = new_values.slug AND alias.owner <> new_values.pid\n        ) THEN\n            RAISE EXCEPTION 'This address belonged to another record and stays with it.'\n                USING ERRCODE = 'unique_violation', CONSTRAINT = 'registry_dataset_slug_never_reused';\n        END IF;\n    \n                \n        INSERT INTO registry_alias (kind, slug, owner, target)\n        SELECT 'dataset', old_values.slug, old_values.pid, old_values.pid\n     FROM old_values JOIN new_values USING (pid)\n                WHERE old_values.slug <> new_values.slug;\n                RETURN NULL;",
                            hash="55fcce83a0b247cca5f6b3fceed04e36fcd9a189",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_address_changed_ce711",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_dataset",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="dataset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="address_retired",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n        INSERT INTO registry_alias (kind, slug, owner, target)\n        SELECT 'dataset', old_values.slug, old_values.pid, old_values.pid\n     FROM old_values; RETURN NULL;",
                            hash="d1c2834d5f438ffbf39a216c1ee4084a876703a9",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_address_retired_b6d96",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_dataset",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="dataset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_datasetevent" ("description", "id", "licence", "mapping", "name", "note", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pid", "publication", "slug", "source_id") SELECT new_values."description", new_values."id", new_values."licence", new_values."mapping", new_values."name", new_values."note", new_values."observed_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pid", new_values."publication", new_values."slug", new_values."source_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="04706b243b2066ffae81e09960ead4eede83b893",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_8aa73",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_dataset",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="dataset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_datasetevent" ("description", "id", "licence", "mapping", "name", "note", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pid", "publication", "slug", "source_id") SELECT new_values."description", new_values."id", new_values."licence", new_values."mapping", new_values."name", new_values."note", new_values."observed_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pid", new_values."publication", new_values."slug", new_values."source_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."description" IS DISTINCT FROM (new_values."description") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."licence" IS DISTINCT FROM (new_values."licence") OR old_values."mapping" IS DISTINCT FROM (new_values."mapping") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."note" IS DISTINCT FROM (new_values."note") OR old_values."observed_on" IS DISTINCT FROM (new_values."observed_on") OR old_values."pid" IS DISTINCT FROM (new_values."pid") OR old_values."publication" IS DISTINCT FROM (new_values."publication") OR old_values."slug" IS DISTINCT FROM (new_values."slug") OR old_values."source_id" IS DISTINCT FROM (new_values."source_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="e926b345a9a0ebd72b4755976d68e537aa0c7fb8",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_26d06",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_dataset",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="dataset",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_datasetevent" ("description", "id", "licence", "mapping", "name", "note", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pid", "publication", "slug", "source_id") SELECT old_values."description", old_values."id", old_values."licence", old_values."mapping", old_values."name", old_values."note", old_values."observed_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pid", old_values."publication", old_values."slug", old_values."source_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="80ddeaa45386da7cd5d5765d7900d32491fb8766",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_92cd5",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_dataset",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="observation",
                    trigger=pgtrigger.compiler.Trigger(
                        name="kept_as_given",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."column" IS DISTINCT FROM (NEW."column") OR OLD."dataset_id" IS DISTINCT FROM (NEW."dataset_id") OR OLD."row_key" IS DISTINCT FROM (NEW."row_key") OR OLD."value" IS DISTINCT FROM (NEW."value"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="f5ea3d1e05d6b12e3a3465035c01c1ff5e13ed98",
                            operation="UPDATE",
                            pgid="pgtrigger_kept_as_given_5c48c",
                            table="registry_observation",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="datasetfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="kept_as_given",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="479712ece560e99b6f73d643a6ae6a877235a9c3",
                            operation="UPDATE",
                            pgid="pgtrigger_kept_as_given_0b809",
                            table="registry_datasetfile",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="datasetfile",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_datasetfileevent" ("content", "dataset_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."content", new_values."dataset_id", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="320e3624f0aa853f63a560ae2c50a0129b3644d3",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_datasetfileevent" ("content", "dataset_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."content", new_values."dataset_id", new_values."id", new_values."name", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."content" IS DISTINCT FROM (new_values."content") OR old_values."dataset_id" IS DISTINCT FROM (new_values."dataset_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name" IS DISTINCT FROM (new_values."name")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="c55e4bc3bfe55081dc1cfd44e205bf3a2eccbb9e",
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
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_datasetfileevent" ("content", "dataset_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."content", old_values."dataset_id", old_values."id", old_values."name", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="3b13bf7fc2bc42c6e1bd893c7f57c6ace17a9046",
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
                    model_name="datasetfileevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5bfb3258b518e18022de1725f54e59ec4bf62015",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b757e",
                            table="registry_datasetfileevent",
                            when="BEFORE",
                        ),
                    ),
                ),
            ]
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        AtOnce(
            [
                migrations.AddConstraint(
                    model_name="dataset",
                    constraint=registry.models.constraints.FieldUnique(
                        field="slug",
                        fields=("slug",),
                        name="registry_dataset_slug_unique",
                        violation_error_message="Another record has this address.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dataset",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("slug__regex", "^[a-z0-9]+(-[a-z0-9]+)*$")),
                        field="slug",
                        name="registry_dataset_slug_shape",
                        violation_error_message="An address has small letters, digits and single hyphens.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dataset",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("name__regex", "\\S")),
                        field="name",
                        name="registry_dataset_name_not_blank",
                        violation_error_message="A name is needed.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dataset",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("publication__in", ["draft", "in-review", "published"])),
                        field="publication",
                        name="registry_dataset_publication_known",
                        violation_error_message="Choose draft, in review or published.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dataset",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(
                            models.Q(("publication", "published"), _negated=True),
                            models.Q(("licence", ""), _negated=True),
                            _connector="OR",
                        ),
                        field="licence",
                        name="registry_dataset_published_with_licence",
                        violation_error_message="A published table has a licence: the public gets all its cells.",
                    ),
                ),
            ]
        ),
        migrations.RunPython(groups.make_groups, migrations.RunPython.noop),
    ]
