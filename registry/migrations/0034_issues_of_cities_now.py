"""The issues that cities work on already."""

from django.db import migrations

NOW = "SELECT registry_settle_cities(ARRAY(SELECT id FROM registry_city), NULL, NULL)"


class Migration(migrations.Migration):
    dependencies = [("registry", "0034_issues_of_cities")]
    operations = [migrations.RunSQL(NOW, "DELETE FROM registry_cities_on_issue")]
