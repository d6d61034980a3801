"""`manage.py import_list`: a list of members or signatories from a file into the registry."""

from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.db import IntegrityError

from registry.actions.cite import read_reference
from registry.exchange.lists import ListError, ListFile, read_list
from registry.exchange.lists.apply import Applied
from registry.exchange.lists.run import Ran, dry_run, numbers, run, write_report
from registry.management.progress import Progress
from registry.models import JointPolicy, ListImport, Network
from registry.models.dates import validate_partial_date
from registry.models.history import RegistryCommand


class Command(RegistryCommand):
    """Import a list, with a progress bar on a terminal."""

    help = (
        "Import a list of the members of a network, or of the parties to a joint policy, all or nothing. "
        "Rows that need a decision wait in the admin under Lists."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, whose list it is, and what to do with it."""
        parser.add_argument("file", metavar="FILE", help="CSV or XLSX with a column of names.")
        parser.add_argument("--network", metavar="SLUG", help="The network whose members they are.")
        parser.add_argument("--policy", metavar="SLUG", help="The joint policy whose parties they are.")
        parser.add_argument("--dry-run", action="store_true", help="Record nothing; only say what would be.")
        parser.add_argument("--report", metavar="OUT.csv", help="Write what was decided of each row.")
        parser.add_argument(
            "--accept-above", metavar="SCORE", help="Accept cities of a score above this: 0 to 1."
        )
        parser.add_argument(
            "--source", default="", help="Address of the list, or a reference: cited for every row."
        )
        parser.add_argument("--date", metavar="DATE", help="The date the list shows: 2025, 2025-11…")
        parser.add_argument("--publish", action="store_true", help="Publish what is new instead of drafts.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the list, write the report, and say in one line what came of it."""
        say = self.stdout.write if options["verbosity"] else lambda line: None
        listing = listing_of(options)
        accept_above = score_of(options["accept_above"])
        file = read(Path(options["file"]))
        progress = Progress(say, "List", f"steps for {len(file.rows):,} rows")
        with ExitStack() as stack:
            report = report_at(options["report"], stack)
            stack.callback(progress.close)
            given: dict[str, Any] = {"accept_above": accept_above, "advance": progress.advance}
            try:
                if options["dry_run"]:
                    ran = dry_run(listing, file, **given)
                else:
                    ran = run(listing, file, publish=options["publish"], **given)
            except IntegrityError as error:
                raise CommandError(
                    f"Somebody changed the same records meanwhile; run this again. ({error})"
                ) from error
            if report:
                write_report(report, ran)
        for line in file.notes:
            say(line)
        for line in told(ran, options["publish"]):
            say(line)


def listing_of(options: dict[str, Any]) -> ListImport:
    """An unsaved list for the network or joint policy named."""
    network, policy = options["network"], options["policy"]
    if bool(network) == bool(policy):
        raise CommandError("Say whose list it is: --network SLUG or --policy SLUG, one of the two.")
    whose: dict[str, Any] = (
        {"network": find(Network, network)} if network else {"policy": find(JointPolicy, policy)}
    )
    whose["observed_on"] = options["date"] or None
    listing = ListImport(file_name=Path(options["file"]).name[:255], source=options["source"], **whose)
    try:
        if listing.source:
            read_reference(listing.source)
        if listing.observed_on:
            validate_partial_date(listing.observed_on)
    except ValidationError as error:
        raise CommandError(error.messages[0]) from error
    return listing


def find(model: type[Any], slug: str) -> Any:
    """The record of this address."""
    record = model.objects.filter(slug=slug).first() if "\x00" not in slug else None
    if record is None:
        raise CommandError(f"No {model._meta.verbose_name} has the address “{slug[:120]}”.")
    return record


def score_of(text: str | None) -> float | None:
    """The score given, which lies between 0 and 1."""
    if text is None:
        return None
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 1:
        raise CommandError(f"--accept-above is a number from 0 to 1, not “{text}”.")
    return score


def read(path: Path) -> ListFile:
    """The list in the file."""
    try:
        with path.open("rb") as content:
            return read_list(content, path.name)
    except ListError as error:
        raise CommandError(f"{path}: {error}") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def report_at(path: str | None, stack: ExitStack) -> IO[str] | None:
    """The report opened before anything is recorded, so that nothing is recorded in vain."""
    if path is None:
        return None
    try:
        return stack.enter_context(Path(path).open("w", newline="", encoding="utf-8"))
    except OSError as error:
        raise CommandError(f"The report cannot be written to {path}: {error.strerror}.") from error


def told(ran: Ran, publish: bool) -> list[str]:
    """What came of the list, in a few lines."""
    decided = ", ".join(f"{number:,} {word}" for word, number in numbers(ran).items())
    lines = [f"{len(ran.rows):,} rows: {decided}."]
    if ran.applied is None:
        return [*lines, "Nothing was recorded (--dry-run)."]
    lines.append(done(ran.applied, publish))
    if ran.rest is not None:
        address = f"/admin/registry/listimport/{ran.rest.pk}/change/"
        lines.append(f"{ran.applied.waiting:,} rows wait for a decision at {address}")
    return lines


def done(applied: Applied, publish: bool) -> str:
    """What was recorded, in a sentence."""
    parts = [
        f"{applied.added:,} added {'published' if publish else 'as drafts'}",
        f"{applied.changed:,} changed",
        f"{applied.seen:,} seen again",
    ]
    parts += [f"{applied.proposed:,} changes of published records proposed"] if applied.proposed else []
    parts += [f"{applied.kept:,} proposed before and waiting still"] if applied.kept else []
    return f"{', '.join(parts)}."
