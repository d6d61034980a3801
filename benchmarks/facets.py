"""How long the numbers beside each filter take to count in the database that DATABASE_URL names.

Each facet is counted by itself, as when a reader asks for it, in the listings as they open and under one
filter. The first count, which fills caches, is left out. Shown are medians in milliseconds: what the others
waited and, in brackets, what the server's own process spent of the processor, which is the one to compare on
a machine that does other work.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")
django.setup()

from django.http import QueryDict  # noqa: E402 - needs the set-up above

from benchmarks.search import spent  # noqa: E402
from registry.filters import LISTINGS  # noqa: E402
from registry.filters.facets import count  # noqa: E402
from registry.models import City, Network  # noqa: E402

TIMES = 3
RECORDS = {"cities": City.objects.for_listing, "networks": Network.objects.for_listing}


def questions() -> Iterator[tuple[str, str]]:
    """Listings and what is asked of them: nothing, and each of the filters that readers use most."""
    network = Network.objects.public().order_by("pk")[0]
    issue, city = network.issues.all()[0], City.objects.public().taking_part().order_by("pk")[0]
    of_both = ("", "country=FR", "world_region=europe", f"issue={issue.slug}", "tier=full", "status=member")
    yield from (("cities", asked) for asked in of_both)
    yield from (("cities", asked) for asked in ("kind=city", f"network={network.slug}", "q=saint"))
    yield from (("cities", asked) for asked in ("taking_part=any", "active_on=2015"))
    yield from (("networks", asked) for asked in of_both)
    yield from (("networks", asked) for asked in ("scope=international", f"city={city.slug}"))


def measure(listing: str, asked: str) -> list[tuple[str, float, float]]:
    """Each facet of a question with its milliseconds, waited and of the processor."""
    found = []
    for name in LISTINGS[listing].counted:
        waited, processor = [], []
        for _ in range(TIMES + 1):
            filterset = LISTINGS[listing](QueryDict(asked), queryset=RECORDS[listing]())
            assert filterset.is_valid(), filterset.errors
            start, before = time.perf_counter(), spent()
            count(filterset, [name])
            waited.append((time.perf_counter() - start) * 1000)
            processor.append(spent() - before)
        found.append((name, statistics.median(waited[1:]), statistics.median(processor[1:])))
    return found


def main() -> None:
    """Print a line for each question: its facets, and the milliseconds of each."""
    for listing, asked in questions():
        facets = "  ".join(
            f"{name} {waited:.0f} ({own:.0f})" for name, waited, own in measure(listing, asked)
        )
        print(f"/{listing}/{'?' * bool(asked)}{asked}: {facets}", flush=True)


if __name__ == "__main__":
    main()
