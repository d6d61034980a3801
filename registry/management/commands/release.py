"""`manage.py release`: freeze what is published as a release that never changes."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from registry.exchange.releases import make_release
from registry.models.history import RegistryCommand


class Command(RegistryCommand):
    """Make a release, with a line for each step."""

    help = (
        "Freeze what is published now as a release: a Data Package in one file, with its sum, the changes "
        "since the release before, and its page under /data/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The version."""
        parser.add_argument("release", metavar="VERSION", help="The name of the release: 2026.1, for one.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the release, and say in one line what it is."""
        say = self.stdout.write if options["verbosity"] else lambda line: None
        try:
            release = make_release(options["release"], say=say)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}.") from error
        say(f"Release {release.version}: {release.rows:,} rows, {release.size:,} bytes.")
        say(f"SHA-256 {release.sha256}")
