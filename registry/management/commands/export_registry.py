"""`manage.py export_registry`: the whole registry as a Data Package."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry.exchange.package import PackageError, export_registry


class Command(BaseCommand):
    """Write the package, with a line for each file."""

    help = "Write the published registry as a Data Package: datapackage.json and a CSV file for each table."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder, and whether everything is wanted."""
        parser.add_argument("folder", metavar="DIR", help="A new or an empty folder.")
        parser.add_argument(
            "--all",
            action="store_true",
            help="Drafts, papers of staff and the history too: a copy that import_registry brings back as it "
            "was. It is not for the public.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the package, and say in one line what it has."""
        say = self.stdout.write if options["verbosity"] else lambda line: None
        folder = Path(options["folder"])
        try:
            files = export_registry(folder, everything=options["all"], say=say)
        except PackageError as error:
            raise CommandError(str(error)) from error
        except PermissionError as error:
            raise CommandError(f"{folder} cannot be written: {error.strerror}.") from error
        say(f"{folder}: {sum(file.rows for file in files):,} rows in {len(files)} tables.")
