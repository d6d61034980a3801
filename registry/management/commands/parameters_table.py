"""`manage.py parameters_table`: the documentation of the listings' parameters, from the FilterSets."""

from typing import Any

from django.core.management.base import BaseCommand

from registry.filters.table import parameters_table


class Command(BaseCommand):
    """Write docs/parameters.md to the standard output."""

    help = "Print docs/parameters.md, made from the FilterSets."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(parameters_table(), ending="")
