"""Indexes by which memberships are counted from either end without reading them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0034_city_sets_now")]
    operations = [
        migrations.RemoveIndex(
            model_name="membership",
            name="membership_of_network",
        ),
        migrations.AlterField(
            model_name="membership",
            name="city",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="memberships",
                to="registry.city",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                fields=["network", "city"],
                include=("status", "tier", "publication"),
                name="membership_of_network",
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                fields=["city", "network"],
                include=("status", "tier", "publication"),
                name="membership_of_city",
            ),
        ),
    ]
