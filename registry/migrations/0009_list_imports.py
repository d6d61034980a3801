"""Lists of cities as staff bring them in, their rows, and the names that staff teach."""

import importlib

import django.contrib.postgres.functions
import django.db.models.deletion
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
import registry.models.base
import registry.models.constraints
import registry.models.dates
import uuid
from django.conf import settings
from django.db import migrations, models

from registry.migrations._at_once import AtOnce


# The groups' permissions for the new tables.
make_groups = importlib.import_module("registry.migrations.0004_groups").make_groups


class Migration(migrations.Migration):
    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        ("registry", "0008_comments_for_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AtOnce(
            [
                migrations.CreateModel(
                    name="ListImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "pid",
                            models.UUIDField(
                                db_default=django.contrib.postgres.functions.RandomUUID(),
                                default=uuid.uuid4,
                                editable=False,
                                unique=True,
                                verbose_name="permanent identifier",
                            ),
                        ),
                        (
                            "file_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="Empty for a list that was pasted.",
                                max_length=255,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="The address of the list, or a reference in words. It is cited for every row.",
                                max_length=1000,
                            ),
                        ),
                        (
                            "observed_on",
                            registry.models.dates.PartialDateField(
                                db_collation="C",
                                help_text="The day, month or year the list shows. It proves that date; it is no start date.",
                                verbose_name="date of the list",
                            ),
                        ),
                        (
                            "missing",
                            models.CharField(
                                choices=[
                                    ("incomplete", "Nothing: the list is incomplete"),
                                    ("left", "All of them have left"),
                                    ("some", "Those ticked have left"),
                                ],
                                db_default="incomplete",
                                default="incomplete",
                                help_text="What it means that a city recorded as taking part is not on the list.",
                                max_length=10,
                                verbose_name="cities not on the list",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("applied", "Applied"),
                                    ("discarded", "Discarded"),
                                ],
                                db_default="open",
                                default="open",
                                max_length=9,
                            ),
                        ),
                        (
                            "publication",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in-review", "In review"),
                                    ("published", "Published"),
                                ],
                                db_default="draft",
                                default="draft",
                                help_text="As what its rows were applied.",
                                max_length=9,
                            ),
                        ),
                        (
                            "planned_on",
                            models.CharField(
                                blank=True,
                                db_default="",
                                editable=False,
                                help_text="A digest of what was recorded when the plan was last worked out.",
                                max_length=64,
                            ),
                        ),
                        ("batch", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        (
                            "made_at",
                            models.DateTimeField(
                                auto_now_add=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="brought in at",
                            ),
                        ),
                        ("applied_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("note", models.TextField(blank=True, db_default="", help_text="For staff only.")),
                        (
                            "applied_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="applied by",
                            ),
                        ),
                        (
                            "departed_members",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Members not on the list that have left.",
                                related_name="+",
                                to="registry.membership",
                            ),
                        ),
                        (
                            "departed_parties",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Parties not on the list that have left.",
                                related_name="+",
                                to="registry.policyparty",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="brought in by",
                            ),
                        ),
                        (
                            "network",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="list_imports",
                                to="registry.network",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="list_imports",
                                to="registry.jointpolicy",
                                verbose_name="joint policy",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "list",
                        "ordering": ["-made_at", "pk"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ListimportDepartedMembersEvent",
                    fields=[
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField()),
                        ("id", models.BigIntegerField()),
                        (
                            "listimport",
                            models.ForeignKey(
                                db_constraint=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="registry.listimport",
                            ),
                        ),
                        (
                            "membership",
                            models.ForeignKey(
                                db_constraint=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="registry.membership",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pgh_id"],
                        "abstract": False,
                        "default_permissions": ("view",),
                    },
                ),
                migrations.CreateModel(
                    name="ListimportDepartedPartiesEvent",
                    fields=[
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField()),
                        ("id", models.BigIntegerField()),
                        (
                            "listimport",
                            models.ForeignKey(
                                db_constraint=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="registry.listimport",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "policyparty",
                            models.ForeignKey(
                                db_constraint=False,
                                db_tablespace="",
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="registry.policyparty",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pgh_id"],
                        "abstract": False,
                        "default_permissions": ("view",),
                    },
                ),
                migrations.CreateModel(
                    name="ListImportEvent",
                    fields=[
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField()),
                        ("id", models.BigIntegerField()),
                        (
                            "pid",
                            models.UUIDField(
                                db_default=django.contrib.postgres.functions.RandomUUID(),
                                default=uuid.uuid4,
                                editable=False,
                                verbose_name="permanent identifier",
                            ),
                        ),
                        (
                            "file_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="Empty for a list that was pasted.",
                                max_length=255,
                                verbose_name="file",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="The address of the list, or a reference in words. It is cited for every row.",
                                max_length=1000,
                            ),
                        ),
                        (
                            "observed_on",
                            registry.models.dates.PartialDateField(
                                db_collation="C",
                                help_text="The day, month or year the list shows. It proves that date; it is no start date.",
                                verbose_name="date of the list",
                            ),
                        ),
                        (
                            "missing",
                            models.CharField(
                                choices=[
                                    ("incomplete", "Nothing: the list is incomplete"),
                                    ("left", "All of them have left"),
                                    ("some", "Those ticked have left"),
                                ],
                                db_default="incomplete",
                                default="incomplete",
                                help_text="What it means that a city recorded as taking part is not on the list.",
                                max_length=10,
                                verbose_name="cities not on the list",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("applied", "Applied"),
                                    ("discarded", "Discarded"),
                                ],
                                db_default="open",
                                default="open",
                                max_length=9,
                            ),
                        ),
                        (
                            "publication",
                            models.CharField(
                                choices=[
                                    ("draft", "Draft"),
                                    ("in-review", "In review"),
                                    ("published", "Published"),
                                ],
                                db_default="draft",
                                default="draft",
                                help_text="As what its rows were applied.",
                                max_length=9,
                            ),
                        ),
                        (
                            "planned_on",
                            models.CharField(
                                blank=True,
                                db_default="",
                                editable=False,
                                help_text="A digest of what was recorded when the plan was last worked out.",
                                max_length=64,
                            ),
                        ),
                        ("batch", models.UUIDField(default=uuid.uuid4, editable=False)),
                        (
                            "made_at",
                            models.DateTimeField(
                                auto_now_add=True,
                                db_default=django.db.models.functions.datetime.Now(),
                                verbose_name="brought in at",
                            ),
                        ),
                        ("applied_at", models.DateTimeField(blank=True, editable=False, null=True)),
                        ("note", models.TextField(blank=True, db_default="", help_text="For staff only.")),
                        (
                            "applied_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="applied by",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="brought in by",
                            ),
                        ),
                        (
                            "network",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="registry.network",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="registry_events",
                                to="registry.listimport",
                            ),
                        ),
                        (
                            "policy",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="registry.jointpolicy",
                                verbose_name="joint policy",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pgh_id"],
                        "abstract": False,
                        "default_permissions": ("view",),
                    },
                ),
                migrations.CreateModel(
                    name="ListImportRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "number",
                            models.PositiveIntegerField(
                                help_text="As a person counts the rows of the file.", verbose_name="row"
                            ),
                        ),
                        ("name", models.TextField(blank=True, help_text="As given.")),
                        (
                            "given",
                            models.JSONField(
                                blank=True, default=dict, help_text="The other cells, as given."
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("matched", "Matched"),
                                    ("ambiguous", "Ambiguous"),
                                    ("unmatched", "Unmatched"),
                                    ("invalid", "Invalid"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("score", models.FloatField(default=0)),
                        ("reason", models.TextField(blank=True)),
                        (
                            "candidates",
                            models.JSONField(
                                blank=True, default=list, help_text="Cities it may mean, the best first."
                            ),
                        ),
                        (
                            "by_staff",
                            models.BooleanField(
                                db_default=False, default=False, help_text="Whether staff chose."
                            ),
                        ),
                        (
                            "left_out",
                            models.BooleanField(
                                db_default=False, default=False, help_text="Staff left the row out."
                            ),
                        ),
                        ("since", models.TextField(blank=True)),
                        ("until", models.TextField(blank=True)),
                        ("status", models.TextField(blank=True)),
                        ("role", models.TextField(blank=True)),
                        (
                            "source",
                            models.TextField(
                                blank=True, help_text="A source of this row alone, instead of the list's."
                            ),
                        ),
                        (
                            "mended",
                            models.BooleanField(
                                db_default=True,
                                default=True,
                                help_text="Whether nothing could not be read of the row, or staff have dealt with it.",
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                choices=[("list", "Take the list's"), ("registry", "Keep the registry's")],
                                db_default="",
                                default="",
                                max_length=8,
                            ),
                        ),
                        (
                            "standing",
                            models.CharField(
                                choices=[
                                    ("ambiguous", "Ambiguous"),
                                    ("unmatched", "Not found"),
                                    ("invalid", "Invalid"),
                                    ("changed", "Changed"),
                                    ("add", "To be added"),
                                    ("there", "Already there"),
                                    ("left-out", "Left out"),
                                ],
                                max_length=9,
                            ),
                        ),
                        (
                            "about",
                            models.TextField(
                                blank=True, help_text="What is planned, or what is wrong, in words."
                            ),
                        ),
                        (
                            "asks",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="Whether list and registry say different things.",
                            ),
                        ),
                        (
                            "changes",
                            models.JSONField(
                                blank=True, default=dict, help_text="Field names and planned values."
                            ),
                        ),
                        (
                            "record",
                            models.BigIntegerField(
                                blank=True,
                                help_text="Key of the membership or party concerned: worked out anew each time, so no reference.",
                                null=True,
                            ),
                        ),
                        (
                            "city",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="registry.city",
                            ),
                        ),
                        (
                            "listing",
                            models.ForeignKey(
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="registry.listimport",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "row of a list",
                        "verbose_name_plural": "rows of lists",
                        "ordering": ["listing", "number"],
                    },
                ),
                migrations.CreateModel(
                    name="TaughtName",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("name", models.CharField(max_length=300)),
                        (
                            "beside",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="What the list gave beside it: the country…",
                                max_length=300,
                            ),
                        ),
                        (
                            "folded",
                            models.GeneratedField(
                                db_persist=True,
                                expression=registry.models.base.Fold(models.F("name")),
                                output_field=models.TextField(),
                            ),
                        ),
                        (
                            "beside_folded",
                            models.GeneratedField(
                                db_persist=True,
                                expression=registry.models.base.Fold(models.F("beside")),
                                output_field=models.TextField(),
                            ),
                        ),
                        (
                            "city",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taught_names",
                                to="registry.city",
                            ),
                        ),
                        (
                            "network",
                            models.ForeignKey(
                                blank=True,
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="taught_names",
                                to="registry.network",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "taught name",
                        "ordering": ["name", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="TaughtNameEvent",
                    fields=[
                        ("pgh_label", models.TextField(help_text="The event label.")),
                        ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                        ("pgh_created_at", models.DateTimeField()),
                        ("id", models.BigIntegerField()),
                        ("name", models.CharField(max_length=300)),
                        (
                            "beside",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="What the list gave beside it: the country…",
                                max_length=300,
                            ),
                        ),
                        (
                            "city",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="registry.city",
                            ),
                        ),
                        (
                            "network",
                            models.ForeignKey(
                                blank=True,
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                related_query_name="+",
                                to="registry.network",
                            ),
                        ),
                        (
                            "pgh_context",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="pghistory.context",
                            ),
                        ),
                        (
                            "pgh_obj",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="registry_events",
                                to="registry.taughtname",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pgh_id"],
                        "abstract": False,
                        "default_permissions": ("view",),
                    },
                ),
                migrations.CreateModel(
                    name="ListimportDepartedMembers",
                    fields=[],
                    options={
                        "proxy": True,
                        "default_permissions": (),
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("registry.listimport_departed_members",),
                ),
                migrations.CreateModel(
                    name="ListimportDepartedParties",
                    fields=[],
                    options={
                        "proxy": True,
                        "default_permissions": (),
                        "indexes": [],
                        "constraints": [],
                    },
                    bases=("registry.listimport_departed_parties",),
                ),
                migrations.AddIndex(
                    model_name="listimport",
                    index=models.Index(fields=["state", "-made_at"], name="listimport_state"),
                ),
                migrations.AddConstraint(
                    model_name="listimport",
                    constraint=models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("network__isnull", False), ("policy__isnull", True)),
                            models.Q(("network__isnull", True), ("policy__isnull", False)),
                            _connector="OR",
                        ),
                        name="registry_listimport_exactly_one_target",
                        violation_error_message="A list is of one network or of one joint policy.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimport",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("state__in", ["open", "applied", "discarded"])),
                        field="state",
                        name="registry_listimport_state_known",
                        violation_error_message="Choose open, applied or discarded.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimport",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("missing__in", ["incomplete", "left", "some"])),
                        field="missing",
                        name="registry_listimport_missing_known",
                        violation_error_message="Choose what it means that a city is not on the list.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimport",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("publication__in", ["draft", "in-review", "published"])),
                        field="publication",
                        name="registry_listimport_publication_known",
                        violation_error_message="Choose draft, in review or published.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimport",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=registry.models.dates.IsPartialDate(models.F("observed_on")),
                        field="observed_on",
                        name="registry_listimport_observed_on_is_partial_date",
                        violation_error_message="Write a year, a month or a day: 2005, 2005-11 or 2005-11-03.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimport",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(
                            models.Q(("applied_at__isnull", False), ("state", "applied")),
                            models.Q(
                                models.Q(("state", "applied"), _negated=True), ("applied_at__isnull", True)
                            ),
                            _connector="OR",
                        ),
                        field="applied_at",
                        name="registry_listimport_applied_at_some_time",
                        violation_error_message="An applied list says when it was applied, and no other does.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="pid_is_permanent",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."pid" IS DISTINCT FROM (NEW."pid"))',
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update of \"pid\" rows from % table', TG_TABLE_NAME;",
                            hash="13b975ceba9f76fd834bd51b4537151d7650a968",
                            operation='UPDATE OF "pid"',
                            pgid="pgtrigger_pid_is_permanent_1628f",
                            table="registry_listimport",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_listimportevent" ("applied_at", "applied_by_id", "batch", "file_name", "id", "made_at", "made_by_id", "missing", "network_id", "note", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pid", "planned_on", "policy_id", "publication", "source", "state") SELECT new_values."applied_at", new_values."applied_by_id", new_values."batch", new_values."file_name", new_values."id", new_values."made_at", new_values."made_by_id", new_values."missing", new_values."network_id", new_values."note", new_values."observed_on", _pgh_attached_context.value, NOW(), \'insert\', new_values."id", new_values."pid", new_values."planned_on", new_values."policy_id", new_values."publication", new_values."source", new_values."state" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="df4d572e93f936ed9263bf83f878125917613308",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_aa5b6",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_listimport",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_listimportevent" ("applied_at", "applied_by_id", "batch", "file_name", "id", "made_at", "made_by_id", "missing", "network_id", "note", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pid", "planned_on", "policy_id", "publication", "source", "state") SELECT new_values."applied_at", new_values."applied_by_id", new_values."batch", new_values."file_name", new_values."id", new_values."made_at", new_values."made_by_id", new_values."missing", new_values."network_id", new_values."note", new_values."observed_on", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."pid", new_values."planned_on", new_values."policy_id", new_values."publication", new_values."source", new_values."state" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="a62899e206c25f0fe602d9b9f8ec1f7d00c68596",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_178f1",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_listimport",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimport",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_listimportevent" ("applied_at", "applied_by_id", "batch", "file_name", "id", "made_at", "made_by_id", "missing", "network_id", "note", "observed_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "pid", "planned_on", "policy_id", "publication", "source", "state") SELECT old_values."applied_at", old_values."applied_by_id", old_values."batch", old_values."file_name", old_values."id", old_values."made_at", old_values."made_by_id", old_values."missing", old_values."network_id", old_values."note", old_values."observed_on", _pgh_attached_context.value, NOW(), \'delete\', old_values."id", old_values."pid", old_values."planned_on", old_values."policy_id", old_values."publication", old_values."source", old_values."state" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="364aac11329df32553cf2bd66feb8666afe54bfe",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_d45f7",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_listimport",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimportdepartedmembersevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="564cf21d94dff1949f067a87d44c1b957360b511",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_91e61",
                            table="registry_listimportdepartedmembersevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimportdepartedpartiesevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="859340c312dc7c20afadc1d6bfb0c6852e855a91",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_47954",
                            table="registry_listimportdepartedpartiesevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimportevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="53d7620404ef4de3c624338751d027f8295384c9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_f4fca",
                            table="registry_listimportevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                migrations.AddIndex(
                    model_name="listimportrow",
                    index=models.Index(
                        fields=["listing", "standing", "number"], name="listimportrow_standing"
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimportrow",
                    constraint=registry.models.constraints.FieldUnique(
                        field="number",
                        fields=("listing", "number"),
                        name="registry_listimportrow_number_unique",
                        violation_error_message="The list has a row of that number already.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimportrow",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("left_out", False), ("city__isnull", True), _connector="OR"),
                        field="left_out",
                        name="registry_listimportrow_left_out_names_no_city",
                        violation_error_message="A row that is left out names no city.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimportrow",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("score__range", (0, 1))),
                        field="score",
                        name="registry_listimportrow_score_range",
                        violation_error_message="A score lies between 0 and 1.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimportrow",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("outcome__in", ["matched", "ambiguous", "unmatched", "invalid"])),
                        field="outcome",
                        name="registry_listimportrow_outcome_known",
                        violation_error_message="Choose matched, ambiguous, unmatched or invalid.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimportrow",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(
                            (
                                "standing__in",
                                ["ambiguous", "unmatched", "invalid", "changed", "add", "there", "left-out"],
                            )
                        ),
                        field="standing",
                        name="registry_listimportrow_standing_known",
                        violation_error_message="Choose one of the standings.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="listimportrow",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("answer__in", ["", "list", "registry"])),
                        field="answer",
                        name="registry_listimportrow_answer_known",
                        violation_error_message="Choose the list or the registry, or leave it.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="taughtname",
                    constraint=registry.models.constraints.FieldUnique(
                        field="name",
                        fields=("network", "folded", "beside_folded"),
                        name="registry_taughtname_unique",
                        nulls_distinct=False,
                        violation_error_message="This name is taught already: change what it means.",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="taughtname",
                    constraint=registry.models.constraints.FieldCheck(
                        condition=models.Q(("name__regex", "\\S")),
                        field="name",
                        name="registry_taughtname_name_not_blank",
                        violation_error_message="This must not be blank.",
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="taughtname",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_taughtnameevent" ("beside", "city_id", "id", "name", "network_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."beside", new_values."city_id", new_values."id", new_values."name", new_values."network_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="b2ac760dc3ff0ad93bf3c745975ee41a09a8b409",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_65234",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_taughtname",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="taughtname",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_taughtnameevent" ("beside", "city_id", "id", "name", "network_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT new_values."beside", new_values."city_id", new_values."id", new_values."name", new_values."network_id", _pgh_attached_context.value, NOW(), \'update\', new_values."id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."beside" IS DISTINCT FROM (new_values."beside") OR old_values."city_id" IS DISTINCT FROM (new_values."city_id") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."network_id" IS DISTINCT FROM (new_values."network_id")) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="46be94e30f71de650f1f14326f21f8b7a93852f6",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_d662a",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_taughtname",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="taughtname",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_taughtnameevent" ("beside", "city_id", "id", "name", "network_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") SELECT old_values."beside", old_values."city_id", old_values."id", old_values."name", old_values."network_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="e721b4a2fc63ebf6e07d3637a279edbc6f3abb97",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_dfdda",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_taughtname",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="taughtnameevent",
                    trigger=pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1c3045a1a52ad20d43a9c45ae6bf67c9985deb21",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_88db6",
                            table="registry_taughtnameevent",
                            when="BEFORE",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimportdepartedmembers",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_listimportdepartedmembersevent" ("id", "listimport_id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label") SELECT new_values."id", new_values."listimport_id", new_values."membership_id", _pgh_attached_context.value, NOW(), \'insert\' FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="5b56ca06df293bc048c927550d97286509d75f4a",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_d2bbd",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_listimport_departed_members",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimportdepartedmembers",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_listimportdepartedmembersevent" ("id", "listimport_id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label") SELECT new_values."id", new_values."listimport_id", new_values."membership_id", _pgh_attached_context.value, NOW(), \'update\' FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="461b185316fb1d4a18d13cd2ae7fa66465d3e8b8",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_74f5f",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_listimport_departed_members",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimportdepartedmembers",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_listimportdepartedmembersevent" ("id", "listimport_id", "membership_id", "pgh_context_id", "pgh_created_at", "pgh_label") SELECT old_values."id", old_values."listimport_id", old_values."membership_id", _pgh_attached_context.value, NOW(), \'delete\' FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="aa76ce7ee951b1a0a2703a96d94397e59943af79",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f4d35",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_listimport_departed_members",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimportdepartedparties",
                    trigger=pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_listimportdepartedpartiesevent" ("id", "listimport_id", "pgh_context_id", "pgh_created_at", "pgh_label", "policyparty_id") SELECT new_values."id", new_values."listimport_id", _pgh_attached_context.value, NOW(), \'insert\', new_values."policyparty_id" FROM ( SELECT new_values.* FROM new_values  ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="feb497485b4826881c3dc8c36b778280277dddbd",
                            level="STATEMENT",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_3fc18",
                            referencing="REFERENCING NEW TABLE AS new_values ",
                            table="registry_listimport_departed_parties",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimportdepartedparties",
                    trigger=pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_listimportdepartedpartiesevent" ("id", "listimport_id", "pgh_context_id", "pgh_created_at", "pgh_label", "policyparty_id") SELECT new_values."id", new_values."listimport_id", _pgh_attached_context.value, NOW(), \'update\', new_values."policyparty_id" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values.* IS DISTINCT FROM new_values.*) ) AS new_values, _pgh_attached_context; RETURN NULL;',
                            hash="1f2b26fd3d71554d4d11d67bf297fffb9922f1fe",
                            level="STATEMENT",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_7b450",
                            referencing="REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ",
                            table="registry_listimport_departed_parties",
                            when="AFTER",
                        ),
                    ),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name="listimportdepartedparties",
                    trigger=pgtrigger.compiler.Trigger(
                        name="delete_delete",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "registry_listimportdepartedpartiesevent" ("id", "listimport_id", "pgh_context_id", "pgh_created_at", "pgh_label", "policyparty_id") SELECT old_values."id", old_values."listimport_id", _pgh_attached_context.value, NOW(), \'delete\', old_values."policyparty_id" FROM ( SELECT old_values.* FROM old_values  ) AS old_values, _pgh_attached_context; RETURN NULL;',
                            hash="06616ce5dd0e6165154dd7c5e5545c2a0f2fe98e",
                            level="STATEMENT",
                            operation="DELETE",
                            pgid="pgtrigger_delete_delete_f7e9e",
                            referencing="REFERENCING OLD TABLE AS old_values ",
                            table="registry_listimport_departed_parties",
                            when="AFTER",
                        ),
                    ),
                ),
            ]
        ),
        migrations.RunPython(make_groups, migrations.RunPython.noop),
    ]
