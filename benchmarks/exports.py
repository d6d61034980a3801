"""How much memory and time a file of every membership takes, on the registry that DATABASE_URL names.

Each format is written by a process of its own, as a worker of the web server would write it, and thrown away.
A line reads: megabytes written, seconds until the first piece, seconds in all, megabytes resident before the
request and at the highest, format.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import sys
import time
from typing import Any

FORMATS = ("csv", "jsonl", "json", "xlsx", "geojson", "gexf")


def megabytes_resident() -> float:
    """The most that this process has had in memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def write(kind: str) -> str:
    """One line of the table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")
    import django

    django.setup()
    from django.test import Client
    from django.test.utils import override_settings

    with override_settings(ALLOWED_HOSTS=["testserver"]):
        client = Client()
        # What every worker has in memory after its first requests.
        b"".join(_pieces(client.get("/issues/?format=csv")))
        before, start, first, size = megabytes_resident(), time.perf_counter(), 0.0, 0
        for piece in _pieces(client.get(f"/memberships/?format={kind}")):
            first = first or time.perf_counter() - start
            size += len(piece)
    whole = time.perf_counter() - start
    return f"{size / 1e6:8.0f} {first:8.1f} {whole:8.1f} {before:8.0f} {megabytes_resident():8.0f} {kind}"


def _pieces(response: Any) -> Any:
    return response.streaming_content


def main() -> None:
    """Print the table, of all formats or of those named."""
    print(f"{'MB':>8} {'first s':>8} {'s':>8} {'MB res.':>8} {'MB peak':>8} format")
    spawned = multiprocessing.get_context("spawn")
    for kind in sys.argv[1:] or FORMATS:
        # A pool for each, since what a process once had it keeps.
        with spawned.Pool(1) as pool:
            print(pool.apply(write, (kind,)), flush=True)


if __name__ == "__main__":
    main()
