"""`manage.py make_sample`: a large made-up registry for measurements."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import IntegrityError

from registry.exchange.sample import Sample, SampleError, make_sample
from registry.models.history import RegistryCommand

NUMBERS = {"cities": 1000, "networks": 50, "memberships": 5000, "policies": 1000}


class Command(RegistryCommand):
    """Fill a database, with a line for each step."""

    help = (
        "Fill a database with a made-up registry to measure with: the same for the same seed, all or nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """How many of what, and the seed."""
        for name, usual in NUMBERS.items():
            parser.add_argument(
                f"--{name}",
                type=int,
                default=usual,
                metavar="N",
                help=f"How many {name}: {usual} by default.",
            )
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="1 by default.")
        parser.add_argument(
            "--into-existing",
            action="store_true",
            help="Also where the database holds a registry of its own; its cities are then used first.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the sample, and say in one line what came of it."""
        say = self.stdout.write if options["verbosity"] else lambda line: None
        asked = Sample(**{name: options[name] for name in NUMBERS}, seed=options["seed"])
        try:
            make_sample(asked, into_existing=options["into_existing"], say=say)
        except SampleError as error:
            raise CommandError(str(error)) from error
        except IntegrityError as error:
            raise CommandError(
                f"Another record has an address that the sample needs. Nothing was made. ({error})"
            ) from error
        say(
            f"Sample: {asked.cities:,} cities, {asked.networks:,} networks, "
            f"{asked.memberships:,} memberships, {asked.policies:,} joint policies."
        )
