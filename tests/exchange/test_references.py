"""References for reference managers, read back with bibtexparser; and places of GeoJSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from registry.exchange.columns import Column, Field
from registry.exchange.formats import FORMATS, Rows

DAY = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
COLUMNS = [Column("name", "Name", "text", (Field("name", "The name."),))]


def rows_of(name: str, *rows: Any, question: str = "") -> Rows:
    address = "https://example.org/cities/?q={x}&country=FR"
    return Rows(name, "Cities", address, "", COLUMNS, rows, question=question, made_at=DAY)


def written(kind: str, rows: Rows) -> str:
    pieces: Any = FORMATS[kind].write(rows)
    return "".join(pieces)


def entries(text: str) -> list[Any]:
    library = parse_string(text)
    assert not library.failed_blocks
    return library.entries


def report(name: str, **given: Any) -> Any:
    nothing = SimpleNamespace(all=list)
    usual = {"authors": "", "published_on": None, "url": "", "language": "", "kind": "report", "pid": "pid"}
    return SimpleNamespace(**{**usual, "name": name, "slug": name.lower(), "networks": nothing, **given})


def test_a_question_is_cited_as_of_the_day_it_was_asked() -> None:
    asked = rows_of("cities", question="Country: France")
    (entry,) = entries(written("bib", asked))
    assert (entry.entry_type, entry.key) == ("misc", "citynet-cities-2026-03-01")
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    assert fields["title"] == "{Cities (Country: France)}"
    assert (fields["year"], fields["month"], fields["urldate"]) == ("2026", "mar", "2026-03-01")
    assert fields["url"] == "https://example.org/cities/?q=%7Bx%7D&country=FR"
    assert "2026-03-01 12:30 UTC" in fields["note"]
    (item,) = json.loads(written("csl", asked))
    assert (item["type"], item["title"]) == ("dataset", "Cities (Country: France)")
    assert item["issued"] == item["accessed"] == {"date-parts": [[2026, 3, 1]]}
    assert item["author"] == [{"literal": "CityNet"}]


def test_reports_are_references_themselves() -> None:
    dated = report("Air", authors="C40 & others", published_on="2019-05", url="https://example.org/a_b")
    paper = report("Study", kind="academic-paper", published_on="2020", language="fr")
    both = rows_of("reports", dated, paper)
    one, other = entries(written("bib", both))
    assert (one.entry_type, one.key, other.entry_type) == ("techreport", "air-2019", "article")
    assert one.fields_dict["author"].value == r"{C40 \& others}"
    assert one.fields_dict["url"].value == "https://example.org/a_b"
    assert "month" not in other.fields_dict
    first, second = json.loads(written("csl", both))
    assert first["issued"] == {"date-parts": [[2019, 5]]}
    assert (second["type"], second["language"]) == ("article", "fr")
    assert "accessed" not in first


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip))
def test_no_title_breaks_an_entry(title: str) -> None:
    (entry,) = entries(written("bib", rows_of("reports", report(title, slug="one"))))
    assert entry.key == "one"


def test_what_tex_takes_for_a_command_is_written_out() -> None:
    (entry,) = entries(written("bib", rows_of("reports", report("100 %  \\a_b {x} ~ #1 & $5 Ü", slug="one"))))
    assert entry.fields_dict["title"].value == (
        r"{100 \% \textbackslash{}a\_b \textbraceleft{}x\textbraceright{} \textasciitilde{} \#1 \& \$5 Ü}"
    )


def place(longitude: float | None, latitude: float | None) -> Any:
    return SimpleNamespace(longitude=longitude, latitude=latitude)


def geometry(listing: str, **row: Any) -> Any:
    row = {"name": "x", **row}
    (feature,) = json.loads(written("geojson", rows_of(listing, SimpleNamespace(**row))))["features"]
    assert feature["properties"] == {"name": "x"}
    return feature["geometry"]


def test_rows_are_where_their_places_are() -> None:
    assert geometry("cities", longitude=2.35, latitude=48.85) == {
        "type": "Point",
        "coordinates": [2.35, 48.85],
    }
    assert geometry("cities", longitude=None, latitude=None) is None
    ends = {"city_a": place(-77.0, -12.0), "city_b": place(1.2, 6.1)}
    assert geometry("collaborations", **ends) == {
        "type": "LineString",
        "coordinates": [[-77.0, -12.0], [1.2, 6.1]],
    }
    assert geometry("collaborations", **{**ends, "city_b": place(None, None)}) is None
    sites = [place(1.0, 2.0), place(None, None), place(3.0, 4.0)]
    assert geometry("experiments", sites=sites) == {
        "type": "MultiPoint",
        "coordinates": [[1.0, 2.0], [3.0, 4.0]],
    }
    assert geometry("experiments", sites=[]) is None


def test_a_line_over_the_antimeridian_is_cut_there() -> None:
    found = geometry("collaborations", city_a=place(-170.0, 0.0), city_b=place(160.0, 30.0))
    assert found == {
        "type": "MultiLineString",
        "coordinates": [[[160.0, 30.0], [180.0, 10.0]], [[-180.0, 10.0], [-170.0, 0.0]]],
    }
