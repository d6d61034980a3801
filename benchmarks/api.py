"""How long the API takes on the registry that DATABASE_URL names, and what a page costs beside the first one.

Asked through Django's own client, within this process. The first request of each address, which fills caches,
is left out; the median of the others is shown. A line reads: milliseconds in all, milliseconds in the
database, queries, kB of JSON, how many times as long as the first page of the same listing (within this run),
address.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")
django.setup()

from django.conf import settings  # noqa: E402 - needs the set-up above
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402

from registry.api.cursors import Order, Pages  # noqa: E402
from registry.api.question import MOST_EMBEDS, read_filters  # noqa: E402
from registry.api.resources import RESOURCES  # noqa: E402
from registry.api.written import written  # noqa: E402
from registry.models import ApiToken, City, JointPolicy, Membership, Network  # noqa: E402

TIMES = 3
DEEP = ("cities", "networks", "memberships", "policies", "offices")
# Of how many rows the cursor of a deep page is the last.
SKIPPED = 0.9
# What is not answered for everything at once.
NARROWED = {
    "collaborations/measures": "country=PE",
    "opportunities": "city={city}",
    "opportunities/policies": "city={city}",
}
Ask = Callable[[], Any]


def deep_cursor(name: str, query: str = "") -> str:
    """The cursor of a page most of the way down a listing, without asking for the pages before it."""
    resource = RESOURCES[name]
    filterset = read_filters(resource, QueryDict(query))
    rows = resource.rows().ordered(filterset)
    order = Order(rows)
    place = int(filterset.qs.order_by().count() * SKIPPED)
    row = order.with_values(order.named(rows))[place]
    return Pages(resource, filterset, [])._cursor(order.place_of(row))


def asked(client: Client) -> Iterator[tuple[str, str, Ask]]:
    """What is asked: its first page or itself, what it is called, and how."""

    def get(first: str, address: str) -> tuple[str, str, Ask]:
        return first, address, lambda: client.get(f"/api/v1/{address}")

    for name, resource in RESOURCES.items():
        if not resource.needed and name not in NARROWED:
            yield get(name, f"{name}/")
    for name, query in NARROWED.items():
        yield get(name, f"{name}/?{query.format(city=largest(City).slug)}")
    for name in DEEP:
        yield get(name, f"{name}/?cursor={deep_cursor(name)}")
    yield get("cities", f"cities/?order=-population&cursor={deep_cursor('cities', 'order=-population')}")
    yield get("cities", "cities/?page_size=200")
    yield get("memberships", "memberships/?page_size=200")
    yield get("cities", "cities/?taking_part=any&page_size=200")
    for model, name in ((City, "cities"), (Network, "networks"), (JointPolicy, "policies")):
        record = largest(model)
        embeds = [*RESOURCES[name].embeds]
        yield get(name, f"{name}/{record.pid}/")
        for start in range(0, len(embeds), MOST_EMBEDS):
            some = ",".join(embeds[start : start + MOST_EMBEDS])
            yield get(name, f"{name}/{record.pid}/?embed={some}")
            yield get(name, f"{name}/?embed={some}")
        if name == "networks":
            yield get(name, f"{name}/{record.pid}/?embed=cities.memberships")
            yield get("memberships", f"memberships/?network={record.slug}")
            yield get("cities", f"cities/?network={record.slug}&active_on=2015")
    yield get("search", "search/?q=san+pablo")
    yield from posted(client)


def largest(model: Any) -> Any:
    """A record with very many links: that of the first membership, or the first."""
    end = {City: "city", Network: "network"}.get(model)
    if end is None:
        return model.objects.public().order_by("pk").first()
    some = Membership.objects.public().order_by("pk").values_list(end, flat=True)[:10_000]
    return model.objects.get(pk=statistics.mode(some))


def posted(client: Client) -> Iterator[tuple[str, str, Ask]]:
    """Names resolved, one by one and many at once, and the same for OpenRefine."""
    names = list(City.objects.public().order_by("-population", "pk").values_list("name", flat=True)[:1000])

    def resolve(number: int) -> Ask:
        body = json.dumps(names[:number])
        return lambda: client.post("/api/v1/resolve", body, content_type="application/json")

    for number in (1, 100, 1000):
        yield "resolve", f"resolve: {number} names", resolve(number)
    queries = {"queries": json.dumps({str(n): {"query": name} for n, name in enumerate(names[:10])})}
    yield "reconcile", "reconcile: 10 queries", lambda: client.post("/api/reconcile/", queries)


def by_token(client: Client) -> Iterator[tuple[str, str, Ask]]:
    """Pages of drafts, and a draft made, changed and deleted."""
    for name, one in written().items():
        query = "?publication=draft" if one.is_reviewed else ""
        yield name, f"{name}/{query} (token)", partial(client.get, f"/api/v1/{name}/{query}")
    city, other = City.objects.public().order_by("-population")[:2]
    network = Network.objects.create(name="Measured", slug="measured", scope="regional")
    body = json.dumps({"city_id": str(city.pid), "network_id": str(network.pid)})

    def make_and_delete() -> Any:
        made = client.post("/api/v1/memberships/", body, content_type="application/json")
        found, at = made.json(), f"/api/v1/memberships/{made.json()['id']}/"
        seen = {"If-Match": f'"{found["version"]}"'}
        change = json.dumps({"city_id": str(other.pid)})
        changed = client.patch(at, change, content_type="application/json", headers=seen)
        return client.delete(at, headers={"If-Match": changed["ETag"]})

    yield "memberships", "memberships/: POST, PATCH and DELETE (token)", make_and_delete


def measure(ask: Ask) -> tuple[float, float, int, int]:
    """Milliseconds in all and in the database, queries, kB; raises ValueError where it is refused."""
    answer = ask()
    if answer.status_code >= 300:
        raise ValueError(f"answered {answer.status_code}: {answer.content[:200]!r}")
    whole, database, queries, size = [], [], 0, 0
    for _ in range(TIMES):
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            answer = ask()
            whole.append((time.perf_counter() - start) * 1000)
        queries, size = len(captured), len(answer.content) // 1000
        database.append(sum(float(query["time"]) for query in captured) * 1000)
    return statistics.median(whole), statistics.median(database), queries, size


def main() -> None:
    """Print the table; nothing is left in the database."""
    print(f"{'ms':>8} {'ms in db':>8} {'queries':>8} {'kB':>8} {'× first':>8} asked")
    first: dict[str, float] = {}
    limits = dict.fromkeys(settings.API_LIMITS, 10**9)
    with override_settings(ALLOWED_HOSTS=["testserver"], API_LIMITS=limits), transaction.atomic():
        token = ApiToken(owner=User.objects.create_superuser("benchmark"), name="benchmark")
        secret = token.make_secret()
        token.save()
        script = Client(headers={"Authorization": f"Bearer {secret}"})
        for questions in (asked(Client()), by_token(script)):
            for listing, called, ask in questions:
                try:
                    whole, database, queries, size = measure(ask)
                except ValueError as error:
                    print(f"{error}: {called}", flush=True)
                    continue
                times = whole / first.setdefault(listing, whole)
                cells = f"{whole:8.0f} {database:8.0f} {queries:8} {size:8} {times:8.1f}"
                print(cells, called[:120], flush=True)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
