import datetime

import django.contrib.auth.models
import django.db.models.deletion
import django.utils.timezone
import registry.models.constraints
import registry.models.tokens
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("registry", "0030_research_datasets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TokenAccount",
            fields=[],
            options={"default_permissions": (), "proxy": True, "indexes": [], "constraints": []},
            bases=("auth.user",),
            managers=[("objects", django.contrib.auth.models.UserManager())],
        ),
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="What it is for: the script that will have it.", max_length=100
                    ),
                ),
                (
                    "beginning",
                    models.CharField(editable=False, max_length=14, verbose_name="begins with"),
                ),
                ("digest", models.CharField(editable=False, max_length=64)),
                (
                    "made_on",
                    models.DateField(
                        default=django.utils.timezone.localdate, editable=False, verbose_name="made"
                    ),
                ),
                (
                    "last_used_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last used"),
                ),
                (
                    "expires_on",
                    models.DateField(
                        default=registry.models.tokens.usual_end,
                        help_text="The last day on which it is good; at most 366 days from now.",
                        verbose_name="expires",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "ordering": ["-made_on", "-pk"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=registry.models.constraints.FieldCheck(
                condition=models.Q(("name__regex", "\\S")),
                field="name",
                name="registry_apitoken_name_not_blank",
                violation_error_message="This must not be blank.",
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=registry.models.constraints.FieldUnique(
                field="digest",
                fields=("digest",),
                name="registry_apitoken_digest_unique",
                violation_error_message="This secret belongs to another token.",
            ),
        ),
        migrations.AddConstraint(
            model_name="apitoken",
            constraint=registry.models.constraints.FieldCheck(
                condition=models.Q(
                    ("expires_on__gte", models.F("made_on")),
                    (
                        "expires_on__lte",
                        models.expressions.CombinedExpression(
                            models.F("made_on"), "+", models.Value(datetime.timedelta(days=366))
                        ),
                    ),
                ),
                field="expires_on",
                name="registry_apitoken_ends_in_time",
                violation_error_message="Choose a day from today on, at most 366 days from now.",
            ),
        ),
    ]
