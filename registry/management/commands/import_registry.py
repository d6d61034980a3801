"""`manage.py import_registry`: a Data Package into the registry, all or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import connection

from registry.exchange.package import PackageError, import_registry
from registry.models.history import RegistryCommand


class Command(RegistryCommand):
    """Read a package that export_registry wrote."""

    help = (
        "Read a Data Package that export_registry wrote. Into an empty registry it brings back the same; "
        "otherwise it adds and changes, and removes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and whether only the plan is wanted."""
        parser.add_argument("folder", metavar="DIR", help="The folder with datapackage.json.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be done.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the plan, carry it out, and say in one line what was done."""
        say = self.stdout.write if options["verbosity"] else lambda line: None
        try:
            plan = import_registry(Path(options["folder"]), dry_run=options["dry_run"], say=say)
        except PackageError as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            say("Nothing was done (--dry-run).")
            return
        if plan.changes:
            with connection.cursor() as cursor:
                # The planner would take the tables for empty until the server looks at them by itself.
                cursor.execute("ANALYZE")
        say(f"{plan.changes:,} rows created or updated.")
