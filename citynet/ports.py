"""The port of the local site, checked before anything else is done."""

from __future__ import annotations

import errno
import os
import socket

from citynet.steps import SetupError

HOST = "127.0.0.1"


def wanted() -> int:
    """The port that PORT names, 8000 without it."""
    given = os.environ.get("PORT") or "8000"
    if not (given.isascii() and given.isdecimal() and 0 < int(given) < 65536):
        raise SetupError(f"PORT is a number from 1 to 65535, not {given!r}.")
    return int(given)


def check(port: int) -> None:
    """Refuse a port that cannot be listened on, in one line."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise SetupError(
                    f"Port {port} is in use. Choose another, like `make serve PORT={port % 65535 + 1}`; "
                    "a site of this checkout stops with `make stop`."
                ) from None
            if error.errno == errno.EACCES:
                raise SetupError(f"Port {port} needs root. Choose one above 1023.") from None
            raise
