"""Configuration of gunicorn for `make serve`: two processes of many threads, on this machine alone."""

import http.client
import threading
from typing import Any

from citynet import local, ports
from citynet.serve import stop_postgres
from citynet.steps import say, seconds_since_start

bind = f"{ports.HOST}:{ports.wanted()}"
workers = 2
# Browsers open connections ahead of need, and each keeps a thread until it says something.
threads = 24
worker_class = "gthread"
graceful_timeout = 10
# Of any length: the site says in words what is too long, and addresses hold the whole state of a page.
limit_request_line = 0
timeout = 60
loglevel = "warning"
# Its control socket would be one more way into the process, and nothing here uses it.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Say where the site is, as soon as it answers.

    In the first worker: a process that forks while a thread of it imports leaves its child waiting for ever
    for a module that nobody imports any more.
    """
    if worker.age == 1:
        threading.Thread(target=say_where, daemon=True).start()


def say_where() -> None:
    """Wait for the first page and say how long everything took."""
    connection = http.client.HTTPConnection(ports.HOST, ports.wanted(), timeout=60)
    connection.request("GET", "/")
    status = connection.getresponse().status
    if status >= 500:
        say(f"The first page answers with error {status}; the reason is above.")
    say(f"First page answered after {seconds_since_start():.1f} s.")
    say(f"\n  CityNet: http://{bind}/      staff: http://{bind}/admin/")
    say(f"  {local.account_line()}\n  Ctrl-C stops it.\n")


def on_exit(server: Any) -> None:
    """Stop PostgreSQL if this site started it and nobody else uses it."""
    stop_postgres()
    say("Stopped.")
