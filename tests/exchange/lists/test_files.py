"""Files as people send them: encodings, delimiters, headers, and everything that may be wrong with them."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from registry.exchange.lists import ListError, read_list
from registry.exchange.lists.files import MOST_BYTES, MOST_COLUMNS, MOST_ROWS
from registry.exchange.lists.sheets import MOST_UNPACKED

LIST = "name;country;since\nKöln;DE;2004\nÖrebro;SE;11/2005\n"


def workbook(*rows: Sequence[Any], title: str = "Sheet") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/"), content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("latin-1", "Windows-1252"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_encodings(encoding: str, said: str) -> None:
    read = read_list(LIST.encode(encoding), "list.csv")
    assert [(row.number, row.name, row.country, row.since) for row in read.rows] == [
        (2, "Köln", "DE", "2004"),
        (3, "Örebro", "SE", "2005-11"),
    ]
    assert read.encoding == said
    assert bool(read.notes) == (said == "Windows-1252")


@pytest.mark.parametrize(
    ("delimiter", "said"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "vertical bar")]
)
def test_delimiters(delimiter: str, said: str) -> None:
    read = read_list(LIST.replace(";", delimiter).encode(), "list.csv")
    assert read.delimiter == said
    assert [row.country for row in read.rows] == ["DE", "SE"]


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("City_Name,country_iso2,start_year,end_year", {"name", "country", "since", "until"}),
        ("Ville,Pays,Depuis,Site web", {"name", "country", "since", "source"}),
        ("Ciudad,País,Desde,Hasta", {"name", "country", "since", "until"}),
        ("Stadt,Land,Beitritt,Typ", {"name", "country", "since", "entity_type"}),
        ("Member,ISO3,GeoNames ID,Lat,Lng", {"name", "country", "geonames_id", "latitude", "longitude"}),
        ("municipality,state,joined,membership status", {"name", "division", "since", "status"}),
        ("CityName,CountryCode,admin1,role", {"name", "country", "division", "role"}),
    ],
)
def test_headers_that_people_use(header: str, fields: set[str]) -> None:
    assert set(read_list(f"{header}\nParis,,,,\n".encode(), "list.csv").columns) == fields


def test_columns_not_used_are_named() -> None:
    read = read_list(b"name,mayor,budget\nParis,X,1\n", "list.csv")
    assert read.ignored == ("mayor", "budget")
    assert "“mayor”, “budget”" in read.notes[0]


def test_a_title_above_the_header_is_passed_over() -> None:
    read = read_list(b"Members of the network\n\nCity,Country\nParis,FR\n", "list.csv")
    assert [(row.number, row.name, row.country) for row in read.rows] == [(4, "Paris", "FR")]


def test_one_column_may_hold_commas() -> None:
    read = read_list(b"name\nParis, France\nKansas City, KS\n", "list.csv")
    assert [row.name for row in read.rows] == ["Paris, France", "Kansas City, KS"]


def test_excels_hint_of_the_delimiter_is_no_row() -> None:
    read = read_list(b"sep=;\nname;country\nParis;FR\n", "list.csv")
    assert [(row.number, row.name) for row in read.rows] == [(3, "Paris")]


def test_decimal_commas_and_what_means_nothing() -> None:
    (row,) = read_list("name;lat;lon;since;role\nKöln;50,93;6,95;NA;n/a\n".encode(), "list.csv").rows
    assert (row.latitude, row.longitude, row.since, row.role, row.problems) == (50.93, 6.95, "", "", ())


def test_na_is_namibia_among_codes_of_two_letters_only() -> None:
    assert read_list(b"name,iso2\nWindhoek,NA\nParis,FR\n", "x.csv").rows[0].country == "NA"
    assert read_list(b"name,iso3\nWindhoek,NA\nParis,FRA\n", "x.csv").rows[0].country == ""


def test_faults_of_cells_name_row_and_column() -> None:
    rows = read_list(
        b"City,Joined,Left,Lat,Lon,GeoNames\nParis,soon,2004,91,0,one\nLyon,2005,2004,1,2,3\n", "x.csv"
    ).rows
    assert [(row.number, [column for column, _ in row.problems]) for row in rows] == [
        (2, ["Lat", "Joined", "GeoNames"]),
        (3, ["Left"]),
    ]
    assert "“soon” is not a date" in dict(rows[0].problems)["Joined"]


def test_a_comma_that_is_not_quoted_is_told() -> None:
    (row,) = read_list(b"name,country\nWashington, D.C.,US\n", "x.csv").rows
    assert "3 cells under 2 headers" in row.problems[0][1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "“list.csv” is empty"),
        (b" \r\n\r\n", "is empty"),
        ("\ufeff".encode(), "is empty"),
        (b"name,country\n", "a header in row 1 but no row below it"),
        (
            b"mayor,budget\nX,1\n",
            "Row 1 has the headers “mayor”, “budget”; a column of names is called name, city",
        ),
        (b"name,country,Name\nParis,FR,x\n", "column “Name”: Columns 1 and 3 have the same header"),
        (b"\x00\x01\x02\x7f" * 100, "neither a text nor an XLSX file"),
        (bytes(range(1, 32)) * 20, "neither a text nor an XLSX file"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 50, "old Excel file"),
        ("name\nМосква\nКазань\n".encode("cp1251"), "Row 2: the letters are in no encoding known here"),
        ("name\nKöln\nÖrebro\nŁódź\n".encode() + b"Caf\xe9\n", "Row 5: a character is not UTF-8"),
        (
            "name\nKöln\n".encode("utf-8-sig") + b"\xff\n",
            "Row 3: a character is not UTF-8, as the file begins",
        ),
        (b"name\nParis\nK\x81ln\n", "Row 3: a character is neither UTF-8 nor Windows-1252"),
        (b'name,country\nParis,FR\n"Lyon,FR\n', "Row 3: the row cannot be read"),
        (b"name" + b",x" * 1_000_000 + b"\nParis\n", "Row 1: there are 1,000,001 columns"),
        (b"name\n" + b"x" * 200_000 + b"\n", "Row 2: the row cannot be read"),
        (b"PK\x03\x04 and no more", "The XLSX file is damaged"),
        (archive(readme=b"hello"), "The archive is no XLSX file"),
        (archive(xl__workbook_xml=b"x", **{"xl/workbook.xml": b"no xml"}), "damaged"),
        (archive(bomb=b"\0" * (MOST_UNPACKED + 1)), "would unpack to 80 MB; at most 80 MB"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_bad_files_are_refused_in_words(content: bytes, message: str) -> None:
    with pytest.raises(ListError) as refused:
        read_list(content, "list.csv")
    assert message in str(refused.value)


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(ListError, match=f"Row {MOST_ROWS + 2}: There are more than 50,000 rows") as refused:
        read_list(b"name\n" + b"Paris\n" * (MOST_ROWS + 1), "list.csv")
    assert refused.value.row == MOST_ROWS + 2


class Endless(io.RawIOBase):
    """A stream of 200 MB that notes how much of it was read."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        size = 200 * 2**20 - self.given if size < 0 else size
        self.given += size
        return b"x" * size


def test_a_large_file_is_refused_before_it_is_read_whole() -> None:
    stream = Endless()
    with pytest.raises(ListError, match="larger than 20 MB"):
        read_list(stream, "list.csv")  # type: ignore[arg-type]
    assert stream.given == MOST_BYTES + 1


def test_memory_stays_small() -> None:
    # A tenth of the most rows, since tracing is slow; files and rows grow alike.
    few = MOST_ROWS // 10
    content = b"name,country,since\n" + b"San Lorenzo de El Escorial,Spain,2004-11-03\n" * few
    tracemalloc.start()
    rows = read_list(content, "list.csv").rows
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(rows) == few
    assert peak < 25 * 2**20


# --- XLSX ----------------------------------------------------------------------------------------------


def test_xlsx() -> None:
    content = workbook(
        ["Members 2020"], [], ["City", "Country", "Since"], ["Köln", "DE", 2004], ["北京", "CN", None]
    )
    read = read_list(content, "members.xlsx")
    assert [(row.number, row.name, row.country, row.since) for row in read.rows] == [
        (4, "Köln", "DE", "2004"),
        (5, "北京", "CN", ""),
    ]
    assert read.encoding == "XLSX"


def test_xlsx_is_known_by_its_content() -> None:
    assert read_list(workbook(["name"], ["Paris"]), "list.csv").rows[0].name == "Paris"


def test_the_sheet_with_a_header_is_read() -> None:
    book = Workbook()
    book.active.append(["About this file"])
    book.create_sheet("Members").append(["City"])
    book["Members"].append(["Paris"])
    file = io.BytesIO()
    book.save(file)
    read = read_list(file.getvalue(), "x.xlsx")
    assert read.rows[0].name == "Paris"
    assert "“Members”" in read.notes[0]


def test_formulas_without_a_stored_value_are_named() -> None:
    (row,) = read_list(workbook(["name", "since"], ["Paris", "=2000+4"]), "x.xlsx").rows
    assert row.problems == (
        (
            "since",
            "The formula in B2 has no stored value: open the file in a spreadsheet program and save it.",
        ),
    )


def test_an_xlsx_with_too_many_columns_is_refused() -> None:
    with pytest.raises(ListError, match=f"at most {MOST_COLUMNS}"):
        read_list(workbook(["name"] * 1, ["x"] * (MOST_COLUMNS + 5)), "x.xlsx")


def test_an_xlsx_with_entities_is_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><workbook>&b;</workbook>'
    content = archive(**{"xl/workbook.xml": bomb, "[Content_Types].xml": bomb})
    with pytest.raises(ListError, match="damaged"):
        read_list(content, "x.xlsx")


def test_cells_that_a_file_of_the_registry_made_harmless_are_restored() -> None:
    read = read_list(b"name,role\nParis,'=chair\n's-Hertogenbosch,''+host\n", "list.csv")
    assert [(row.name, row.role) for row in read.rows] == [
        ("Paris", "=chair"),
        ("'s-Hertogenbosch", "'+host"),
    ]
