"""What a site for one machine keeps under var/: its secrets, readable by their owner alone."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

VAR_DIR = Path(__file__).resolve().parent.parent / "var"
SECRET_KEY_FILE = VAR_DIR / "secret-key"
PASSWORD_FILE = VAR_DIR / "staff-password"
STAFF_NAME = "staff"


def keep(path: Path, value: str) -> str:
    """Write a secret once, and answer the one that is kept.

    Written beside its place and linked there, so that two processes starting together agree on one value and
    a full disk leaves no empty one; temporary files are for their owner alone.
    """
    path.parent.mkdir(mode=0o755, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=path.name) as partial:
        partial.write(value)
        partial.flush()
        with suppress(FileExistsError):
            os.link(partial.name, path)
    return path.read_text()


def secret_key() -> str:
    """Django's secret key where the environment gives none: made once for this checkout."""
    if given := os.environ.get("SECRET_KEY"):
        return given
    if SECRET_KEY_FILE.exists():
        return SECRET_KEY_FILE.read_text()
    return keep(SECRET_KEY_FILE, secrets.token_urlsafe(48))


def account_line() -> str:
    """How to sign in: with the account made for this site, or with one's own."""
    if not PASSWORD_FILE.exists():
        return "Sign in with your own staff account."
    return f"Sign in as {STAFF_NAME} with the password {PASSWORD_FILE.read_text()} (kept in {PASSWORD_FILE})."
