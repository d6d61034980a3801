"""`manage.py load_starter`: the registry's starter facts, once; a second run adds what is missing."""

from typing import Any

from django.core.management.base import CommandError

from registry.exchange.starter import StarterError, load_starter
from registry.models.history import RegistryCommand


class Command(RegistryCommand):
    """Load registry/starter/*.csv."""

    help = "Load the starter registry (networks, memberships, joint policies, offices…). Never overwrites."

    def handle(self, *args: Any, **options: Any) -> None:
        say = self.stdout.write if options["verbosity"] else lambda line: None
        try:
            added = load_starter(say=say)
        except StarterError as error:
            raise CommandError(str(error)) from error
        say(f"Starter registry: {sum(added.values())} records added.")
