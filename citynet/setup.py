"""The first part of `make serve` and `make test`: a Python environment, made with the machine's own Python.

Only the standard library. When the environment stands, its own Python takes over in citynet.serve or
citynet.check.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from citynet.steps import (
    BASE_DIR,
    VENV_DIR,
    SetupError,
    check_exit,
    ended_plainly,
    fingerprint,
    is_done,
    one_at_a_time,
    run,
    say,
    step,
)

OLDEST_PYTHON = (3, 11)
RUNTIME = BASE_DIR / "requirements.txt"
DEVELOPMENT = BASE_DIR / "requirements-dev.txt"  # holds all of the runtime's too, at the same versions
PYTHON = VENV_DIR / "bin" / "python"
# Made again by the next command. The registry's data, in var/, is not among them.
REMOVABLE = ("build", "node_modules", ".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")


def main(arguments: list[str]) -> int:
    """Run one command of the Makefile."""
    if sys.version_info < OLDEST_PYTHON:
        have = sys.version.split()[0]
        say(f"Python 3.11 or newer is needed; this is {have}. Name one: make serve PYTHON=python3.12")
        return 1
    command = arguments[0] if arguments else ""
    commands = {"serve": serve, "words": words, "lock": lock, "stop": stop, "clean": clean}
    if command in ("test", "lint", "soak"):
        return ended_plainly(check, command)
    if command not in commands:
        say("Commands: serve, test, lint, soak, words, lock, stop, clean")
        return 2
    return ended_plainly(commands[command])


def serve() -> None:
    """Serve the registry. The port is checked first: nobody should wait to hear that it is taken."""
    from citynet import ports

    ports.check(ports.wanted())
    environment(RUNTIME)
    become("citynet.serve")


def check(what: str) -> None:
    """Run the linters and tests."""
    environment(DEVELOPMENT)
    become("citynet.check", what)


def words() -> None:
    """Gather what is to be translated."""
    environment(DEVELOPMENT)
    become("citynet.words")


def lock() -> None:
    """Lock the newest versions that pyproject.toml and package.json allow."""
    environment(DEVELOPMENT)
    become("citynet.lock")


def stop() -> None:
    """Stop the site and the embedded PostgreSQL."""
    if not PYTHON.exists():
        say("Nothing runs: there is no environment yet.")
        return
    become("citynet.serve", "stop")


def clean() -> None:
    """Remove what the commands made. The server is stopped first: its programs are in the environment."""
    if PYTHON.exists():
        run([PYTHON, "-m", "citynet.serve", "stop"], "Stopping")
    with one_at_a_time():
        for name in REMOVABLE:
            shutil.rmtree(BASE_DIR / name, ignore_errors=True)
    say("Removed all that can be made again. The registry's data stays in var/.")


def become(module: str, *arguments: str) -> None:
    """Go on as the environment's Python, in this same process, so that signals reach the one that works."""
    sys.stdout.flush()
    os.chdir(BASE_DIR)
    os.execv(PYTHON, [str(PYTHON), "-m", module, *arguments])


# --- The environment -------------------------------------------------------------------------------------


def environment(requirements: Path) -> None:
    """Bring the environment to these requirements; instant when it is there already."""
    mark = fingerprint(requirements) + sys.version
    stamp = VENV_DIR / f"{requirements.stem}.stamp"
    if is_done(stamp, mark) and PYTHON.exists():
        return
    with one_at_a_time(), step("Python environment"):
        if not PYTHON.exists() or not any(VENV_DIR.glob("*.stamp")):
            make_environment()
        install(requirements)
        stamp.write_text(mark)
        if requirements == DEVELOPMENT:
            (VENV_DIR / f"{RUNTIME.stem}.stamp").write_text(fingerprint(RUNTIME) + sys.version)


def make_environment() -> None:
    """Make an empty environment with pip in it."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SetupError(missing_venv())
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV_DIR)], capture_output=True, text=True, cwd=BASE_DIR
    )
    if made.returncode == 0:
        return
    shutil.rmtree(VENV_DIR, ignore_errors=True)
    if "ensurepip" in made.stdout + made.stderr:
        raise SetupError(missing_venv())
    say(made.stdout + made.stderr)
    check_exit(made.returncode, "Making the environment")


def missing_venv() -> str:
    """The one command that helps where the distribution keeps venv in a package of its own."""
    if shutil.which("apt-get"):
        sudo = "" if os.geteuid() == 0 else "sudo "
        package = f"python3.{sys.version_info[1]}-venv"
        return f"This Python cannot make environments. Run: {sudo}apt-get install {package}"
    return "This Python cannot make environments: install your system's package of venv and ensurepip."


def install(requirements: Path) -> None:
    """Install by pip, with every file checked against its hash, and a count shown while it goes."""
    total = sum(1 for line in requirements.read_text().splitlines() if "==" in line)
    options = ["--require-hashes", "--no-deps", "--no-input", "--disable-pip-version-check"]
    command = [PYTHON, "-m", "pip", "install", *options, "-r", requirements]
    pip = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert pip.stdout and pip.stderr
    seen = 0
    for line in pip.stdout:
        if line.startswith(("Collecting", "Requirement already")):
            seen += 1
            if seen % 10 == 0:
                say(f"  fetched {seen} of about {total} packages")
        elif line.startswith("Installing collected"):
            say("  installing them")
    errors = pip.stderr.read()
    if pip.wait():
        say(errors.strip())
    check_exit(pip.returncode, "Installing the packages")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
