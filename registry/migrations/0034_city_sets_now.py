"""The sets of cities that there are already."""

from django.db import migrations

NOW = "SELECT registry_settle_cities(ARRAY(SELECT id FROM registry_city), NULL, NULL)"


class Migration(migrations.Migration):
    dependencies = [("registry", "0034_city_sets")]
    operations = [migrations.RunSQL(NOW, "DELETE FROM registry_city_set")]
