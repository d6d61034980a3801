"""The three groups of staff may say that two records are different."""

from importlib import import_module

from django.db import migrations

groups = import_module("registry.migrations.0004_groups")


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_pairs_that_are_no_duplicates")]
    operations = [migrations.RunPython(groups.make_groups, migrations.RunPython.noop)]
