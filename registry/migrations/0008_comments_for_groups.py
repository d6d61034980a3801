"""Review comments for the three groups of staff."""

from importlib import import_module

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

groups = import_module("registry.migrations.0004_groups")


def grant(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each group what it may do with comments; whatever else staff changed in it stays."""
    config = apps.get_app_config("registry")
    config.models_module = True  # a historical app has none, and create_permissions asks for it
    create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
    config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.select_related("content_type")
    of_comments = permissions.filter(content_type__model="reviewcomment")
    for name, actions in groups.GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*(p for p in of_comments if groups._allows(name, actions, p)))


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_review")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
