"""The cities that take part in something already."""

from django.db import migrations

NOW = "SELECT registry_settle_cities(ARRAY(SELECT id FROM registry_city), NULL, NULL)"


class Migration(migrations.Migration):
    dependencies = [("registry", "0015_cities_taking_part")]
    operations = [migrations.RunSQL(NOW, "DELETE FROM registry_takingpart")]
