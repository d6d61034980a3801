"""The cities that take part in something already."""

from django.db import migrations

NOW = "INSERT INTO registry_takingpart (city_id) SELECT DISTINCT city_id FROM registry_public_part"


class Migration(migrations.Migration):
    dependencies = [("registry", "0017_cities_taking_part")]
    operations = [migrations.RunSQL(NOW, "DELETE FROM registry_takingpart")]
