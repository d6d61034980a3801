"""The second part of `make test`, in the environment: linters, tests on PostgreSQL, a browser."""

import os
import shutil
import subprocess
import sys

from citynet import assets, words
from citynet.serve import start_postgres, stop_postgres
from citynet.steps import BASE_DIR, SetupError, ended_plainly, run, say, seconds_since_start, step

LINT = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
}
TEST = {"pytest": ["pytest", "-n", "2", "--dist", "loadgroup"]}
SOAK = {"pytest -m soak": ["pytest", "-m", "soak"]}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def check(what: str) -> int:
    """Run every check, so that one run tells all that is wrong; fail if any failed."""
    checks = dict({"lint": LINT, "test": LINT | TEST, "soak": SOAK}[what])
    if what != "lint":
        ensure_browser()
        assets.ensure_built()
        words.ensure_compiled()
        start_postgres()
    # mypy uses one core for long; the tests fill what it leaves, and its output follows theirs.
    beside = {"mypy": checks.pop("mypy")} if what == "test" else {}
    running = {name: start_check(arguments) for name, arguments in beside.items()}
    failed = [name for name, arguments in checks.items() if not passes(name, arguments)]
    failed += [name for name, process in running.items() if not ended_well(name, process)]
    stop_postgres()
    result = f"FAILED: {', '.join(failed)}" if failed else "All passed."
    say(f"{result} It took {seconds_since_start():.0f} s.")
    return 1 if failed else 0


def passes(name: str, arguments: list[str]) -> bool:
    """Run one check with its output shown."""
    with step(name):
        return subprocess.run([sys.executable, "-m", *arguments], cwd=BASE_DIR).returncode == 0


def start_check(arguments: list[str]) -> subprocess.Popen[str]:
    """Start one check beside the others, its output kept."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.Popen(
        command, cwd=BASE_DIR, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def ended_well(name: str, process: subprocess.Popen[str]) -> bool:
    """Wait for a check that ran beside the others and show what it said."""
    with step(f"{name}, which ran beside them"):
        said, _ = process.communicate()
        say(said.rstrip())
    return process.returncode == 0


# --- The browser -----------------------------------------------------------------------------------------


def find_browser() -> str | None:
    """The machine's Chromium, or the program that CHROMIUM names."""
    if given := os.environ.get("CHROMIUM"):
        return shutil.which(given)
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def ensure_browser() -> None:
    """Install Chromium where this may do so; elsewhere name the one command. Tests are never passed over."""
    if find_browser():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        with step("Chromium, from the distribution's packages"):
            os.environ["DEBIAN_FRONTEND"] = "noninteractive"
            run(["apt-get", "update"], "apt-get update")
            run(["apt-get", "install", "--yes", "--no-install-recommends", "chromium"], "apt-get install")
    if not find_browser():
        raise SetupError(browser_command())


def browser_command() -> str:
    """The one command that brings a browser."""
    if shutil.which("apt-get"):
        sudo = "" if os.geteuid() == 0 else "sudo "
        return f"The browser tests need Chromium. Run: {sudo}apt-get install chromium"
    return "The browser tests need Chromium: install it, or name its program in the variable CHROMIUM."


if __name__ == "__main__":
    sys.exit(ended_plainly(check, *sys.argv[1:]))
