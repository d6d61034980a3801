"""Countries and divisions in the forms that lists give them, and names taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.choices import CityKind
from registry.exchange.lists.names import Via, read_row
from registry.exchange.lists.places import country_codes, whereabouts
from registry.exchange.lists.rows import ListRow
from registry.exchange.lists.words import kinds_of_name, kinds_of_type, without_titles


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FR", "FR"), ("fra", "FR"), ("France", "FR"), ("Frankreich", "FR"), ("Francia", "FR"),
        ("UK", "GB"), ("U.K.", "GB"), ("England", "GB"), ("Royaume-Uni", "GB"), ("EL", "GR"),
        ("Hellas", "GR"),
        ("USA", "US"), ("U.S.A.", "US"), ("Estados Unidos", "US"), ("中国", "CN"), ("日本", "JP"),
        ("Россия", "RU"), ("Korea, Republic of", "KR"), ("South Korea", "KR"), ("Côte d’Ivoire", "CI"),
        ("DR Congo", "CD"), ("Kosovo", "XK"), ("Taiwan", "TW"), ("Türkiye", "TR"), ("Turkey", "TR"),
        ("Czech Republic", "CZ"), ("The Netherlands", "NL"), ("Belgium / Belgique", "BE"), ("Iran", "IR"),
        ("Palestine", "PS"), ("Viet Nam", "VN"), ("North Macedonia", "MK"),
    ],
)  # fmt: skip
def test_countries(text: str, code: str) -> None:
    assert country_codes(text) == {code}


@pytest.mark.parametrize("text", ["", "Atlantis", "??", "EU"])
def test_no_countries(text: str) -> None:
    assert not country_codes(text)


@pytest.mark.parametrize(
    ("text", "countries", "division"),
    [
        ("KS", "", "US.KS"),
        ("Texas", "", "US.TX"),
        ("ON", "CA", "CA.08"),
        ("Ontario", "", "CA.08"),
        ("SP", "BR", "BR.27"),
        ("Bayern", "DE", "DE.02"),
        ("Bavaria", "", "DE.02"),
        ("Baviera", "", "DE.02"),
        ("NSW", "", "AU.02"),
        ("US-CA", "US", "US.CA"),
        ("Andalucía", "ES", "ES.51"),
        ("Jalisco", "", "MX.14"),
    ],
)
def test_divisions(text: str, countries: str, division: str) -> None:
    assert whereabouts(text, frozenset({countries} - {""})).divisions == {division}


def test_a_province_is_known_by_its_region_and_its_town() -> None:
    place = whereabouts("MI", frozenset({"IT"}))
    assert (place.divisions, place.seats) == ({"IT.09"}, {("IT", "Milano")})


def test_two_letters_may_be_a_country_or_a_state() -> None:
    place = whereabouts("CA")
    assert "CA" in place.countries
    assert "US.CA" in place.divisions


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("City of Cape Town", "Cape Town"),
        ("Comune di Pulsano", "Pulsano"),
        ("Ayuntamiento de Cádiz", "Cádiz"),
        ("Ajuntament de Barcelona", "Barcelona"),
        ("Ville de Genève", "Genève"),
        ("Ville d'Aix", "Aix"),
        ("Commune urbaine de Benslimane", "Benslimane"),
        ("Municipality of Athens", "Athens"),
        ("Grad Krapina", "Krapina"),
        ("Stadt Köln", "Köln"),
        ("Gemeente Berlaar", "Berlaar"),
        ("Município de Lisboa", "Lisboa"),
        ("Leeds City Council", "Leeds"),
        ("Tanums kommun", "Tanums"),
        ("İzmir Büyükşehir Belediyesi", "İzmir"),
        ("北京市", "北京"),
        ("Royal Borough of Greenwich", "Greenwich"),
        ("Δήμος Αθηναίων", "Αθηναίων"),
    ],
)
def test_titles(name: str, bare: str) -> None:
    assert bare in without_titles(name)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Regione Lombardia", CityKind.REGIONAL_GOVERNMENT),
        ("Provincia di Trento", CityKind.REGIONAL_GOVERNMENT),
        ("Diputación de Barcelona", CityKind.COUNTY),
        ("Landkreis Göttingen", CityKind.COUNTY),
        ("Cork County Council", CityKind.COUNTY),
        ("Bordeaux Métropole", CityKind.METROPOLITAN_BODY),
        ("Unione dei Comuni Valle del Savio", CityKind.INTERMUNICIPALITY),
    ],
)
def test_bodies_that_are_no_towns(name: str, kind: CityKind) -> None:
    assert kind in (kinds_of_name(name) or ())


def test_an_association_is_none_of_our_kinds() -> None:
    assert kinds_of_name("Association of Finnish Local Authorities") == frozenset()
    assert kinds_of_type("National Association") == frozenset()


@pytest.mark.parametrize("name", ["Paris", "City of London", "Aix-en-Provence", "Landshut", "Kansas City"])
def test_towns_speak_of_no_other_body(name: str) -> None:
    assert kinds_of_name(name) is None


def variants(name: str, country: str = "") -> dict[str, Via]:
    return read_row(ListRow(1, name, country)).variants


def test_a_name_is_looked_for_in_its_parts() -> None:
    assert variants("Renaix/Ronse")["Ronse"] == Via.TONGUE
    assert variants("Kansas City, KS")["Kansas City"] == Via.STRIPPED
    assert variants("Porto (PT)")["Porto"] == Via.STRIPPED
    assert variants("Herford (Hanse)")["Herford"] == Via.PLAIN
    assert variants("Balcova-Izmir")["Izmir"] == Via.WORDS
    assert "Saint Louis" in variants("St. Louis")
    assert "Le Havre" in variants("Havre, Le")
    assert "Springfield" in variants("Springfield IL", country="US")


def test_what_a_name_tells_of_its_place() -> None:
    assert read_row(ListRow(1, "Kansas City, KS")).told.divisions == {"US.KS"}
    assert read_row(ListRow(1, "León, Guanajuato, México")).told.divisions == {"MX.11"}
    assert read_row(ListRow(1, "Paris", country="Texas")).place.divisions == {"US.TX"}


def test_several_towns_in_one_row_are_noticed() -> None:
    assert read_row(ListRow(1, "Bione, Mura, Sabbio Chiese")).several
    assert not read_row(ListRow(1, "London, Ontario, Canada")).several


@given(st.text(max_size=60), st.sampled_from(["", "FR", "US", "nowhere"]))
def test_any_name_is_taken_apart(name: str, country: str) -> None:
    reading = read_row(ListRow(1, name, country))
    assert all(reading.variants)
