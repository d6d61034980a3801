"""Room for the longer addresses of listings that are computed."""

import registry.models.constraints
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0024_experiments_in_the_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="savedsearch",
            name="registry_savedsearch_listing_shape",
        ),
        migrations.AlterField(
            model_name="savedsearch",
            name="listing",
            field=models.CharField(max_length=40),
        ),
        migrations.AlterField(
            model_name="savedsearchevent",
            name="listing",
            field=models.CharField(max_length=40),
        ),
        migrations.AddConstraint(
            model_name="savedsearch",
            constraint=registry.models.constraints.FieldCheck(
                condition=models.Q(("listing__regex", "^[a-z]+(/[a-z]+)?$")),
                field="listing",
                name="registry_savedsearch_listing_shape",
                violation_error_message="A listing is named by its address: collaborations/measures.",
            ),
        ),
    ]
