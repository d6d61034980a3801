"""The words of the names that there are already."""

from django.db import migrations

FOLDED = ("network", "networkname", "jointpolicy", "cityoffice", "issue", "organisation", "report")
NAMES = " UNION ALL ".join(
    [
        *(f"SELECT folded FROM registry_{table}" for table in FOLDED),
        "SELECT registry_fold(label) FROM registry_schemeconcept",
        'SELECT registry_fold("left"(hypothesis, 200)) FROM registry_policyexperiment',
    ]
)
NOW = f"SELECT registry_keep_words(ARRAY({NAMES}))"


class Migration(migrations.Migration):
    dependencies = [("registry", "0036_words_of_names")]
    operations = [migrations.RunSQL(NOW, "DELETE FROM registry_name_word")]
