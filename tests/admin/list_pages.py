"""The pages of lists of cities: their addresses, their buttons, and what they say."""

from __future__ import annotations

from typing import Any

from django.test import Client

from registry.models import ListImport

ADD = "/admin/registry/listimport/add/"
SOURCE = "https://example.org/members"


def page_of(listing: ListImport) -> str:
    """The address of the list's page."""
    return f"/admin/registry/listimport/{listing.pk}/change/"


def send(client: Client, listing: ListImport, press: str = "_save", show: str = "", **given: Any) -> Any:
    """Press a button of the list's page; `row_2={"choice": …}` answers for the row of that number."""
    answers = {int(name[4:]): given.pop(name) for name in list(given) if name.startswith("row_")}
    data: dict[str, Any] = {press: "1", "rows": [], **given}
    for row in listing.rows.filter(number__in=answers):
        data["rows"].append(row.pk)
        for name in ("since", "until", "status", "role", "source"):
            data[f"row-{row.pk}-{name}"] = data[f"initial-row-{row.pk}-{name}"] = getattr(row, name)
        data[f"initial-row-{row.pk}-choice"] = str(row.city_id or "")
        data[f"row-{row.pk}-choice"] = str(row.city_id or "")
        data |= {f"row-{row.pk}-{name}": value for name, value in answers[row.number].items()}
    return client.post(page_of(listing) + (f"?show={show}" if show else ""), data, follow=True)


def said(response: Any) -> str:
    """The messages of a page."""
    return " ".join(str(message) for message in response.context["messages"])
