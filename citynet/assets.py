"""The browser's files: npm packages, and what is built from them into build/static."""

import os
import shutil
import subprocess
import sys

from citynet.steps import BASE_DIR, VENV_DIR, fingerprint, is_done, one_at_a_time, run, step

NODE_REQUIREMENTS = BASE_DIR / "requirements-node.txt"
PACKAGES = BASE_DIR / "node_modules"
BUILD = BASE_DIR / "build"
OLDEST_NODE = 18


def ensure_built() -> None:
    """Install the npm packages and build; instant when nothing changed."""
    packages = fingerprint(BASE_DIR / "package.json", BASE_DIR / "package-lock.json")
    built = packages + fingerprint(BASE_DIR / "assets")
    if is_done(PACKAGES / ".stamp", packages) and is_done(BUILD / ".stamp", built):
        return
    with one_at_a_time():
        npm = find_npm()
        if not is_done(PACKAGES / ".stamp", packages):
            with step("npm packages"):
                # The one optional package watches files, for which nothing here has a use.
                run([npm, "ci", "--ignore-scripts", "--omit=optional", "--no-progress"], "npm ci")
            (PACKAGES / ".stamp").write_text(packages)
        with step("Styles and scripts"):
            run([npm, "--silent", "run", "build"], "npm run build")
            (BUILD / ".stamp").write_text(built)


def find_npm() -> str:
    """The machine's npm; where it has none, or an old one, the one in a Python wheel.

    The wheel is 60 MB, so it is fetched only where it is needed.
    """
    if (npm := shutil.which("npm")) and node_version() >= OLDEST_NODE:
        return npm
    scripts = VENV_DIR / "bin"
    os.environ["PATH"] = f"{scripts}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if not (scripts / "npm").exists():
        with step("npm for this environment (the machine has none)"):
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input"]
            run([*pip, "--require-hashes", "--no-deps", "-r", NODE_REQUIREMENTS], "Installing npm")
    return str(scripts / "npm")


def node_version() -> int:
    """The major version of the machine's Node.js; 0 without one."""
    if not (node := shutil.which("node")):
        return 0
    answer = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    major = answer.strip().removeprefix("v").split(".")[0]
    return int(major) if major.isdecimal() else 0
