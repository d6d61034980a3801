"""How long each page takes on the registry that DATABASE_URL names, and how much of it is the database.

Pages are asked for through Django's own client, within this process: what a web server adds is not measured.
The first request of each page, which fills caches, is left out; the median of the others is shown. A line
reads: milliseconds in all, milliseconds in the database, queries, kB of HTML, address.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citynet.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402 - needs the set-up above
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402

from registry.models import City, JointPolicy, Membership, Network  # noqa: E402

TIMES = 5
TYPED = ("sao", "san pa", "tokio", "springfield", "münchen", "北京", "xqzzy")


def public_pages() -> Iterator[str]:
    """Listings unfiltered, by one filter and by several, the last pages within reach, and large records."""
    city = City.objects.public().order_by("pk").first()
    network = Network.objects.public().order_by("pk").first()
    policy = JointPolicy.objects.public().order_by("pk").first()
    assert city and network and policy
    issue = policy.issues.first()
    yield from ("/", "/search/?q=san+pablo", "/cities/", "/cities/?taking_part=any", "/cities/?country=FR")
    yield from (f"/cities/?network={network.slug}&active_on=2015", "/cities/?q=saint", "/cities/?page=1000")
    yield from (f"/cities/?issue={issue.slug}", "/cities/?order=-population", "/cities/?status=left")
    yield from ("/networks/", f"/networks/?city={city.slug}", "/networks/?country=FR&active_on=2015")
    yield from ("/policies/", f"/policies/?issue={issue.slug}", f"/policies/?city={city.slug}")
    yield from ("/policies/?country=FR&active_on=2015&certainty=possible", "/policies/?order=-since")
    yield from ("/offices/", "/offices/?kind=chief-heat-officer&country=FR", "/issues/", "/reports/")
    yield from ("/organisations/", f"/organisations/?issue={issue.slug}", "/collaborations/")
    yield from (f"/collaborations/?city={city.slug}", f"/collaborations/?issue={issue.slug}&order=-since")
    yield from ("/collaborations/?country=FR&active_on=2015", "/collaborations/?order=-policies")
    for record in (city, network, policy, issue):
        yield record.get_absolute_url()


def staff_pages() -> Iterator[str]:
    """Changelists, a form with many rows, and autocompletion of cities as somebody types."""
    largest = Membership.objects.order_by("pk").values_list("network", flat=True).first()
    yield "/admin/"
    for name in ("city", "network", "membership", "jointpolicy", "policyparty", "cityoffice", "citation"):
        yield f"/admin/registry/{name}/"
    yield from ("/admin/registry/membership/?status=left", "/admin/registry/membership/?q=paris")
    yield from ("/admin/registry/membership/?evidence=unsourced", "/admin/registry/membership/?country=FR")
    yield from ("/admin/registry/city/?q=saint", f"/admin/registry/network/{largest}/change/")
    asked = "app_label=registry&model_name=policyparty&field_name=city"
    for term in TYPED:
        yield f"/admin/autocomplete/?{asked}&term={term}"


def measure(client: Client, address: str) -> str:
    """One line of the table."""
    client.get(address)
    whole, database, queries, size = [], [], 0, 0
    for _ in range(TIMES):
        with CaptureQueriesContext(connection) as captured:
            start = time.perf_counter()
            response: Any = client.get(address)
            whole.append((time.perf_counter() - start) * 1000)
        if response.status_code != 200:
            return f"answered {response.status_code}: {address}"
        queries, size = len(captured), len(response.content) // 1000
        database.append(sum(float(query["time"]) for query in captured) * 1000)
    middle, of_it = statistics.median(whole), statistics.median(database)
    return f"{middle:8.0f} {of_it:8.0f} {queries:8} {size:8} {address}"


def main() -> None:
    """Print the table; nothing is left in the database."""
    print(f"{'ms':>8} {'ms in db':>8} {'queries':>8} {'kB':>8} address")
    with override_settings(ALLOWED_HOSTS=["testserver"]), transaction.atomic():
        visitor, staff = Client(), Client()
        staff.force_login(User.objects.create_superuser("benchmark"))
        for client, pages in ((visitor, public_pages()), (staff, staff_pages())):
            for address in pages:
                print(measure(client, address), flush=True)
        transaction.set_rollback(True)


if __name__ == "__main__":
    main()
