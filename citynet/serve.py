"""The second part of `make serve`, in the environment: assets, database, content, and then the web server.

The web server replaces this process, so that Ctrl-C and SIGTERM go straight to it; citynet/web.py is its
configuration and ends what was begun here.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from citynet import assets, ports, postgres, words
from citynet.steps import BASE_DIR, VAR_DIR, SetupError, ended_plainly, say, step

STARTED_POSTGRES = "CITYNET_STARTED_POSTGRES"
LITTLE_SPACE = 10**9


def serve() -> None:
    """Prepare everything and become the web server."""
    port = ports.wanted()
    if (free := shutil.disk_usage(VAR_DIR).free) < LITTLE_SPACE:
        say(f"Only {free // 10**6} MB are free on the disk of {VAR_DIR}: this may not suffice.")
    assets.ensure_built()
    words.ensure_compiled()
    start_postgres()
    # A process of its own, so that the memory of the loads is given back before the site is served.
    prepared = subprocess.run([sys.executable, BASE_DIR / "manage.py", "prepare_site"])
    if prepared.returncode:  # it has said why
        stop_postgres()
        sys.exit(prepared.returncode)
    hold_site_lock(port)
    ports.check(port)
    sys.stdout.flush()
    os.environ["PORT"] = str(port)
    web = [sys.executable, "-m", "gunicorn", "--config", "python:citynet.web", "citynet.wsgi"]
    os.execv(sys.executable, web)


def start_postgres() -> None:
    """Start the embedded PostgreSQL, and remember who started it: only then is it stopped with the site."""
    if os.environ.get("DATABASE_URL"):
        say("Database: the server that DATABASE_URL names.")
        return
    try:
        with step("PostgreSQL"):
            if postgres.ensure_running():
                os.environ[STARTED_POSTGRES] = "true"
    except postgres.PostgresError as error:
        raise SetupError(str(error)) from error


def stop_postgres() -> None:
    """Stop PostgreSQL if this command started it and nobody else has begun to use it."""
    if os.environ.get(STARTED_POSTGRES) and not postgres.others_connected():
        say("Stopping PostgreSQL …")
        postgres.stop()


def site_locks() -> list[Path]:
    """The lock files of sites of this checkout, one for each port."""
    return sorted(VAR_DIR.glob("site-*.lock"))


def hold_site_lock(port: int) -> None:
    """Hold a lock for as long as the site runs, across the change into the web server, for `make stop`."""
    descriptor = os.open(VAR_DIR / f"site-{port}.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise SetupError(f"This checkout's site already runs at port {port}; `make stop` stops it.") from None
    os.set_inheritable(descriptor, True)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, str(os.getpid()).encode())


def stop() -> None:
    """Stop every site of this checkout, and its PostgreSQL."""
    for path in site_locks():
        stop_site(path)
    try:
        stopped = postgres.stop()
    except postgres.PostgresError as error:
        raise SetupError(str(error)) from error
    say("PostgreSQL is stopped." if stopped else "PostgreSQL is not running.")


def stop_site(path: Path) -> None:
    """Stop one site, if its lock is held: a process number alone could by now be another program's."""
    with path.open("r+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.kill(int(handle.read()), signal.SIGTERM)
            fcntl.flock(handle, fcntl.LOCK_EX)
            say(f"The site at port {path.stem.removeprefix('site-')} is stopped.")
        path.unlink()


if __name__ == "__main__":
    sys.exit(ended_plainly(stop if sys.argv[1:] == ["stop"] else serve))
