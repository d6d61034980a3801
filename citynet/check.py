"""The second part of `make test`, in the environment: linters, migrations, tests on PostgreSQL, a browser."""

import os
import shutil
import subprocess
import sys

from citynet import assets
from citynet.serve import start_postgres, stop_postgres
from citynet.steps import BASE_DIR, SetupError, ended_plainly, run, say, seconds_since_start, step

LINT = {
    "ruff": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
}
TEST = {
    "Migrations up to date": ["manage", "makemigrations", "--check", "--dry-run"],
    "pytest": ["pytest", "-n", "2", "--dist", "loadgroup"],
}
SOAK = {"pytest -m soak": ["pytest", "-m", "soak"]}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def check(what: str) -> int:
    """Run every check, so that one run tells all that is wrong; fail if any failed."""
    checks = {"lint": LINT, "test": LINT | TEST, "soak": SOAK}[what]
    if what != "lint":
        ensure_browser()
        assets.ensure_built()
        start_postgres()
    failed = [name for name, arguments in checks.items() if not passes(name, arguments)]
    stop_postgres()
    result = f"FAILED: {', '.join(failed)}" if failed else "All passed."
    say(f"{result} It took {seconds_since_start():.0f} s.")
    return 1 if failed else 0


def passes(name: str, arguments: list[str]) -> bool:
    """Run one check with its output shown."""
    module = ["manage.py"] if arguments[0] == "manage" else ["-m", arguments[0]]
    with step(name):
        return subprocess.run([sys.executable, *module, *arguments[1:]], cwd=BASE_DIR).returncode == 0


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
