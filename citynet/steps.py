"""How the set-up is told and guarded: timed steps, fingerprints of what is done, one set-up at a time.

Only the standard library, since this runs before the environment exists.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VENV_DIR = BASE_DIR / ".venv"
STARTED = "CITYNET_STARTED"


class SetupError(Exception):
    """The set-up cannot go on; the message is one plain line that says what helps."""


def say(line: str) -> None:
    """Print at once: a long step must show that it began."""
    print(line, flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is done, and afterwards how long it took."""
    say(f"{name} …")
    start = time.monotonic()
    yield
    say(f"{name}: {time.monotonic() - start:.1f} s")


def seconds_since_start() -> float:
    """The time since `make` began, over every process of the set-up."""
    return time.time() - float(os.environ.setdefault(STARTED, str(time.time())))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait while another set-up of this checkout works. The lock ends with its process."""
    try:
        VAR_DIR.mkdir(mode=0o755, exist_ok=True)
        handle = (VAR_DIR / "setup.lock").open("w")
    except PermissionError:
        owner = (VAR_DIR if VAR_DIR.exists() else BASE_DIR).owner()
        raise SetupError(f"{VAR_DIR} belongs to the user {owner}: run this as that user.") from None
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another set-up of this checkout to end …")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def fingerprint(*paths: Path) -> str:
    """One hash of these files' names and contents; a folder stands for all that is in it."""
    digest = hashlib.sha256()
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            digest.update(str(file.relative_to(BASE_DIR)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def is_done(stamp: Path, mark: str) -> bool:
    """Whether a step was finished for exactly this input."""
    return stamp.exists() and stamp.read_text() == mark


def run(arguments: Sequence[str | Path], what: str) -> None:
    """Run a program of a step, its output shown; a failure ends the set-up in one line after it."""
    check_exit(subprocess.run(list(map(str, arguments)), cwd=BASE_DIR).returncode, what)


def check_exit(code: int, what: str) -> None:
    """Turn a program's failure into one line: the full disk by its name."""
    if code == 0:
        return
    if shutil.disk_usage(BASE_DIR).free < 32 * 2**20:
        raise OSError(errno.ENOSPC, "No space left on device", str(BASE_DIR))
    raise SetupError(f"{what} failed (exit code {code}): the reason is in the lines above.")


def ended_plainly(work: object, *arguments: object) -> int:
    """Call the work; what a person can mend is one line and exit code 1, not a traceback."""
    seconds_since_start()
    try:
        return int(work(*arguments) or 0)  # type: ignore[operator]
    except SetupError as error:
        say(str(error))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        say(
            f"The disk that holds {BASE_DIR} is full. Nothing recorded is lost: free some and run this again."
        )
    except KeyboardInterrupt:
        return 130
    sys.stdout.flush()
    return 1
