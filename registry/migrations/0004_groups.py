"""The three groups of staff, made with the tables so that every installation has them."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Contributors touch drafts only: the admin asks for `publish` before it changes anything published.
GROUPS = {
    "Contributor": {"view", "add", "change", "delete"},
    "Editor": {"view", "add", "change", "delete", "publish"},
    "Administrator": {"view", "add", "change", "delete", "publish"},
}
# What the public sees as soon as it is saved.
VOCABULARY = {
    *("issue", "issuescheme", "schemeconcept", "issuemapping", "country", "division"),
    *("dataset", "datasetfile", "observation"),
}
DERIVED = {"alias", "tie", "directtie", "largepolicy", "observedmembership"}


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Give each group its permissions; a group that exists keeps what staff gave it besides."""
    for label in ("registry", "auth"):
        config = apps.get_app_config(label)
        config.models_module = True  # a historical app has none, and create_permissions asks for it
        create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
        config.models_module = None
    permissions = apps.get_model("auth", "Permission").objects.select_related("content_type")
    for name, actions in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*(p for p in permissions if _allows(name, actions, p)))


def _allows(group: str, actions: set[str], permission: object) -> bool:
    app, model = permission.content_type.app_label, permission.content_type.model
    action = permission.codename.partition("_")[0]
    if app == "auth":
        return group == "Administrator" and model in {"user", "group"}
    # A view that later migrations make and pages alone read.
    if model == "anytie":
        return False
    if app != "registry" or action not in actions or model.endswith("event"):
        return False
    if model in DERIVED:
        return action == "view"
    return action == "view" or model not in VOCABULARY or group != "Contributor"


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_ties"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
