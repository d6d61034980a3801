"""`manage.py import_dataset`: a research table into the registry, cell by cell."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from registry.actions.cite import find_or_create_source
from registry.exchange.datasets.bring import bring, read
from registry.exchange.datasets.mapping import MappingError
from registry.exchange.lists import ListError
from registry.models import Dataset
from registry.models.history import RegistryCommand


class Command(RegistryCommand):
    """Import a research table as a draft."""

    help = (
        "Import a research table as it was published, all or nothing, as a draft. docs/datasets.md says how."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, its mapping, and what the table is."""
        parser.add_argument("file", metavar="FILE", help="CSV or XLSX.")
        parser.add_argument("mapping", metavar="MAPPING.toml", help="What its columns mean.")
        parser.add_argument("--name", required=True, help="What the table is called.")
        parser.add_argument("--source", required=True, help="Its address, or a reference in words.")
        parser.add_argument("--date", help="The date it speaks of: 2017, 2017-11…")
        parser.add_argument("--licence", default="", help="As the publisher names it.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the table and say in a few lines what came of it."""
        file, mapping = Path(options["file"]), Path(options["mapping"])
        try:
            given = read(file.read_bytes(), file.name, mapping.read_text(encoding="utf-8"))
            with transaction.atomic():
                dataset = Dataset(
                    name=options["name"],
                    source=find_or_create_source(options["source"]),
                    observed_on=options["date"],
                    licence=options["licence"],
                )
                came = bring(dataset, given, who={"command": "import_dataset"})
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{mapping} is not UTF-8.") from error
        except ListError as error:
            raise CommandError(f"{file}: {error}") from error
        except MappingError as error:
            raise CommandError("\n".join(error.messages)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(
            f"{came.rows:,} rows, {came.cells:,} cells; the city of {came.placed:,} rows was found; "
            f"{len(came.linked):,} names of networks understood; {came.said:,} statements on memberships."
        )
        if came.unlinked:
            self.stdout.write(f"Not understood as networks: {', '.join(came.unlinked[:20])}")
        self.stdout.write(f"A draft: /admin/registry/dataset/{dataset.pk}/change/")
