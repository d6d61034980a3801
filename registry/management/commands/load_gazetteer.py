"""`manage.py load_gazetteer`: GeoNames cities with their names; a second run changes nothing."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import IntegrityError, OperationalError
from psycopg.errors import DiskFull

from registry.exchange.gazetteer import load_gazetteer
from registry.management.progress import Progress
from registry.models.history import RegistryCommand


class Command(RegistryCommand):
    """Load the gazetteer, with a progress bar on a terminal and a line for every tenth elsewhere."""

    help = "Load GeoNames' cities and their names. Never overwrites what staff changed or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--min-population`."""
        parser.add_argument(
            "--min-population",
            type=int,
            default=15000,
            help="15000 (default), 5000, 1000 or 500: GeoNames' files, smaller seats of government included; "
            "any other number takes the next file below it and leaves out what is smaller.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say in one line what came of it."""
        least = options["min_population"]
        if least < 0:
            raise CommandError("--min-population is a number of inhabitants: 0 or more.")
        say = self.stdout.write if options["verbosity"] else lambda line: None
        progress = Progress(say, "Gazetteer", "cities")
        try:
            changed = load_gazetteer(least, say=say, advance=progress.advance)
        except IntegrityError as error:
            raise CommandError(f"Somebody changed cities meanwhile; run this again. ({error})") from error
        except OperationalError as error:
            if isinstance(error.__cause__, DiskFull):
                raise  # manage.py names the disk
            raise CommandError(
                f"The database went away. What is loaded stays; run this again. ({error})"
            ) from error
        finally:
            progress.close()
        say(f"Gazetteer: {changed} records added or renewed." if changed else "Gazetteer: nothing new.")
