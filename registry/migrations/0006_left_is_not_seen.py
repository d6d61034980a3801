"""A source that shows that a city has left a network does not show it there: the days change that are certain."""

import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
from django.db import migrations, models

import registry.models.dates


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_issue_lines")]
    operations = [
        migrations.RemoveIndex(model_name="membership", name="membership_certain"),
        migrations.RemoveField(model_name="membership", name="certain"),
        migrations.AddField(
            model_name="membership",
            name="certain",
            field=models.GeneratedField(
                db_persist=True,
                expression=registry.models.dates.Certain(
                    models.F("since"),
                    models.F("until"),
                    models.F("ended"),
                    models.Case(models.When(status="left", then=None), default=models.F("observed_on")),
                ),
                output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=django.contrib.postgres.indexes.GistIndex(fields=["certain"], name="membership_certain"),
        ),
    ]
