"""What manage.py does: start the database, run the command, and say in one line what a person can mend."""

import errno
import os
from collections.abc import Iterator

from environs import EnvError

from citynet import postgres

# These need no database, or stop it.
WITHOUT_DATABASE = {"help", "version", "--help", "--version", "collectstatic", "stop"}


def main(arguments: list[str]) -> int:
    """Run one management command; the exit code is the process's."""
    try:
        if not os.environ.get("DATABASE_URL") and not WITHOUT_DATABASE.intersection(arguments[1:2]):
            postgres.ensure_running()
        from django.core.management import execute_from_command_line

        execute_from_command_line(arguments)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if (line := plain_line(error)) is None:
            raise
        postgres.say(line)
        return 1
    return 0


def plain_line(error: Exception) -> str | None:
    """One line for what the person can mend themselves; None for what needs its traceback."""
    if isinstance(error, postgres.PostgresError | EnvError):
        return str(error)
    if any(is_full_disk(cause) for cause in causes(error)):
        return disk_full_message()
    if os.environ.get("DATABASE_URL") and (refused := next(filter(is_unreachable, causes(error)), None)):
        return f"The server that DATABASE_URL names does not let us in: {' '.join(str(refused).split())}"
    return None


def disk_full_message() -> str:
    """The one line for a full disk, whichever server's it is."""
    if os.environ.get("DATABASE_URL"):
        return "A disk is full, of this machine or the database's. Nothing recorded is lost: free some space."
    return postgres.disk_full_message()


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def is_unreachable(error: BaseException) -> bool:
    """Whether this says that no connection to the database could be made."""
    from psycopg import OperationalError

    return isinstance(error, OperationalError) and error.sqlstate is None and "connection" in str(error)


def is_full_disk(error: BaseException) -> bool:
    """Whether this says that a disk is full: of the system, of PostgreSQL, or by the server's sudden end."""
    from psycopg import OperationalError
    from psycopg.errors import DiskFull

    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return isinstance(error, DiskFull) or (isinstance(error, OperationalError) and postgres.disk_is_full())
