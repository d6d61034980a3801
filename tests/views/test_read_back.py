"""Tables read back as researchers read them: with pandas, and XLSX with two readers."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pandas
import pytest
from django.test import Client

from tests import factories as make
from tests.listings import NEEDED, RECORDS
from tests.views.rows import make_hub, surround
from tests.views.test_formats import content, needed

pytestmark = pytest.mark.django_db
# The code of Namibia is what pandas takes for a missing value unless it is told (docs/researchers.md).
BLANK: Any = {"keep_default_na": False, "na_values": [""], "dtype_backend": "numpy_nullable"}
SHEETS = ("openpyxl", "calamine")


def read(client: Client, address: str, reader: str) -> Any:
    """The rows of a listing as a table: CSV, JSON Lines, or XLSX by the reader of that name."""
    kind = "xlsx" if reader in SHEETS else reader
    file = BytesIO(content(client, f"{address}&format={kind}"))
    if reader == "csv":
        return pandas.read_csv(file, **BLANK)
    if reader == "jsonl":
        # Without `dtype` pandas makes dates and numbers of what looks like one.
        return pandas.read_json(file, lines=True, dtype=False)
    return pandas.read_excel(file, engine=reader, **BLANK)


@pytest.fixture
def members(db: Any) -> dict[str, Any]:
    """A city of Namibia with dates of each precision, and one of which little is known."""
    known = make.make_city("Windhoek", country="NA", latitude=-22.5, longitude=17.25, population=325_858)
    other = make.make_city('=Lomé; "Togo"\nnorth', country="TG", geonames_id=None)
    network = make.make_network("League")
    made = {
        "month": make.make_membership(
            city=known, network=network, since="2005-11", until="2010", founding=True
        ),
        "day": make.make_membership(city=known, network=network, since="2012-03-05"),
        "unknown": make.make_membership(city=other, network=network),
    }
    make.settle()
    return made


@pytest.mark.parametrize("reader", ["csv", "jsonl", *SHEETS])
def test_dates_codes_and_blanks_stay_what_they_are(
    client: Client, members: dict[str, Any], reader: str
) -> None:
    found = read(client, "/memberships/?", reader).set_index("id")
    assert set(found.index) == {str(one.pid) for one in members.values()}
    month, day, unknown = (found.loc[str(members[name].pid)] for name in ("month", "day", "unknown"))
    assert (month["country_id"], month["city_id"]) == ("NA", str(members["month"].city.pid))
    assert (month["since"], day["since"]) == ("2005-11", "2012-03-05")
    assert str(month["until"]) == "2010"
    assert list(found[["since", "until"]].isna().sum()) == [1, 2]
    assert pandas.isna(unknown["tier"])
    assert pandas.isna(unknown["role"])
    assert (bool(month["founding"]), bool(unknown["founding"])) == (True, False)
    name = members["unknown"].city.name
    assert unknown["city_name"] == (name if reader == "jsonl" else f"'{name}")


@pytest.mark.parametrize("reader", ["csv", "jsonl", *SHEETS])
def test_numbers_are_numbers(client: Client, members: dict[str, Any], reader: str) -> None:
    found = read(client, "/cities/?order=population", reader).set_index("slug")
    windhoek = found.loc[members["month"].city.slug]
    assert (windhoek["population"], windhoek["latitude"], windhoek["longitude"]) == (325_858, -22.5, 17.25)
    other = found.loc[members["unknown"].city.slug]
    assert pandas.isna(other["population"])
    assert pandas.isna(other["latitude"])
    assert found["population"].sum() == 325_858
    assert found["network_count"].sum() == 2


@pytest.mark.parametrize("listing", [name for name in RECORDS if name not in NEEDED])
def test_all_files_of_a_listing_are_one_table(client: Client, listing: str) -> None:
    surround(make_hub(), 2)
    address = f"/{listing}/?{needed(listing)}"
    first, *others = (cells(read(client, address, reader)) for reader in ("csv", "jsonl", *SHEETS))
    assert len(first) > 1
    for other in others:
        assert other == first


def cells(table: Any) -> list[dict[str, Any]]:
    """The rows of a table, with None for what is missing and several values in one cell."""
    return [{name: cell(value) for name, value in row.items()} for row in table.to_dict("records")]


def cell(value: Any) -> Any:
    if isinstance(value, list):
        return "; ".join("" if one is None else str(one) for one in value) or None
    if pandas.isna(value):
        return None
    # A column of years is one of numbers to pandas where no date has a month.
    return f"{value:.12g}" if isinstance(value, int | float) else str(value)
