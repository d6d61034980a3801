"""Brings the database and the static files to what this checkout's code needs, for `make serve`."""

import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from citynet import local
from citynet.steps import step


class Command(BaseCommand):
    """Each step finds out for itself what is done already, so that a second run is quick."""

    help = "Migrate, load the gazetteer and the starter registry, make a staff account, collect static files."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in order, with the time each took."""
        with step("Migrations"):
            call_command("migrate", interactive=False, verbosity=0)
        with step("Gazetteer"):
            call_command("load_gazetteer")
        with step("Starter registry"):
            call_command("load_starter")
        with step("Staff account"):
            ensure_staff_account()
        with step("Static files"):
            call_command("collectstatic", interactive=False, verbosity=0)


def ensure_staff_account() -> None:
    """Make one account that may do everything, with a random password, on a site without an administrator.

    A site with an administrator of its own is left alone. The file of a password that was changed since, or
    that belongs to another database, is removed: what it says would be wrong.
    """
    users = get_user_model()._default_manager
    account = users.filter(username=local.STAFF_NAME).first()
    kept = local.PASSWORD_FILE.read_text() if local.PASSWORD_FILE.exists() else ""
    if account is not None and account.check_password(kept):
        return
    local.PASSWORD_FILE.unlink(missing_ok=True)
    if not users.filter(is_superuser=True, is_active=True).exists():
        password = local.keep(local.PASSWORD_FILE, secrets.token_urlsafe(12))
        users.create_superuser(local.STAFF_NAME, password=password)
