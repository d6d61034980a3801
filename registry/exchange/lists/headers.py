"""Which column of a list holds what, by the headers people give them in several languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from registry.exchange.lists.errors import ListError
from registry.exchange.lists.places import fold

# The columns of ListRow and what people call them, between bars; the first of several found counts.
SYNONYMS: dict[str, str] = {
    "name": (
        "name|city|city name|member|member name|member city|municipality|municipality name|town|place"
        "|place name|local government|local authority|local government name|jurisdiction|organisation"
        "|organization|organisation name|organization name|signatory|signatories|participant|partner"
        "|partner city|cities|members|municipalities|city or town|city region|account name|authority"
        "|entity|entity name|community|name of city|name of municipality|name of the city|name given"
        "|name as given|names|actor|actor name|ville|nom|nom de la ville|commune|collectivite|membre"
        "|municipalite|nom ville|ciudad|nombre|municipio|ayuntamiento|localidad|miembro"
        "|nombre de la ciudad|poblacion nombre|stadt|gemeinde|ort|kommune|mitglied|stadtname"
        "|mitgliedsstadt|kommunenname|citta|comune|nome|membro|cidade|nome da cidade|prefeitura|stad"
        "|gemeente|naam|miasto|gmina|nazwa|kommun|by|kaupunki|kunta|varos|telepules|mesto|obec|grad"
        "|opcina|oras|primarie|sehir|belediye|город|название|местo|місто|πολη|δημος|城市|名称|都市|市|도시"
        "|مدينة"
    ),
    "country": (
        "country iso2|iso2|country code|country iso|iso|country iso3|iso3|iso 3|iso 2|iso alpha 2"
        "|iso alpha 3|country|country name|countrycode|cc|nation|state country|country region|pays"
        "|code pays|pais|codigo pais|land|staat|land code|paese|nazione|stato|kraj|maa|orszag|zeme"
        "|krajina|drzava|tara|ulke|страна|країна|χωρα|国家|国|국가"
    ),
    "division": (
        "admin1|admin 1|division|state|province|region|state province|state region|province state"
        "|admin 1 name|state or province|state code|subdivision|county|department|departement"
        "|departamento|provincia|estado|bundesland|comunidad autonoma|regione|regiao|uf|voivodeship"
        "|wojewodztwo|prefecture|oblast|kanton|canton|省|都道府県|область"
    ),
    "since": (
        "since|from|joined|join date|date joined|joined on|joining date|start|start date|start year"
        "|startyear|begin|year|year joined|member since|membership since|year of accession|accession"
        "|accession date|signed|date signed|signature date|date of signature|adhesion|date|valid from"
        "|commitment year|entry|entry year|depuis|annee|date d adhesion|debut|desde|fecha|ano"
        "|fecha de adhesion|inicio|seit|beitritt|beitrittsjahr|beginn|jahr|dal|anno|data"
        "|data adesione|inizio|od|vanaf|sinds|sedan|с|год|开始|年"
    ),
    "until": (
        "until|to|till|end|end date|end year|endyear|left|left on|date left|year left|valid to"
        "|valid until|exit|withdrawn|jusqu a|jusque|fin|date de fin|hasta|final|bis|ende|austritt"
        "|endjahr|fino a|al|fine|ate|fim|do|tot|einde|slut|по|结束"
    ),
    "role": (
        "role|tier|membership type|type of membership|membership|category|membership category|level"
        "|member type|position|function|rolle|funktion|ruolo|papel|rol|funcion|fonction"
        "|statut de membre|categorie"
    ),
    "status": (
        "status|membership status|member status|state of membership|statut|estado de miembro"
        "|stato membro|active|current"
    ),
    "source": (
        "source|url|link|reference|website|web|source url|web page|webpage|href|citation|quelle"
        "|fuente|fonte|lien|site|site web"
    ),
    "geonames_id": "geonames id|geonames|geonameid|geoname id|geonamesid|geoname|geonames no",
    "entity_type": (
        "entity type|type|kind|actor type|type of entity|organisation type|organization type"
        "|type of government|government type|entitytype|city type|typ|tipo|art"
    ),
    "latitude": "latitude|lat|y|breite|latitud|latitudine",
    "longitude": "longitude|lon|lng|long|x|laenge|lange|longitud|longitudine",
}
NAMES_SHOWN = "name, city, city_name, member, municipality, ville, ciudad, Stadt"
MOST_SHOWN = 12


@dataclass(frozen=True)
class Columns:
    """Where each field of ListRow stands (`places`), by what header, and the headers passed over."""

    places: dict[str, int]
    headers: dict[str, str]
    ignored: tuple[str, ...]


def understand(header: Sequence[str], row: int = 1) -> Columns:
    """Find the columns by the header in this row of the file.

    Raises ListError when two columns have one header or none holds names.
    """
    folded = [fold(cell) for cell in header]
    _refuse_duplicates(header, folded, row)
    places: dict[str, int] = {}
    for field, synonyms in SYNONYMS.items():
        names = synonyms.split("|")
        # Compared without spaces too: city_name, CityName.
        wanted = {name: index for index, name in enumerate(names)}
        tight = {name.replace(" ", ""): index for index, name in enumerate(names)}
        found = [
            (rank, column)
            for column, text in enumerate(folded)
            if column not in places.values()
            and (rank := wanted.get(text, tight.get(text.replace(" ", "")))) is not None
        ]
        if found:
            places[field] = min(found)[1]
    if "name" not in places:
        raise ListError(
            f"No column holds names. Row {row} has the headers {_listed(header)}; "
            f"a column of names is called {NAMES_SHOWN} or the like."
        )
    ignored = [cell for column, cell in enumerate(header) if column not in places.values() and cell]
    return Columns(places, {field: header[column] for field, column in places.items()}, tuple(ignored))


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a row has a header for names."""
    names = {name.replace(" ", "") for name in SYNONYMS["name"].split("|")}
    return any(fold(cell).replace(" ", "") in names for cell in cells)


def _refuse_duplicates(header: Sequence[str], folded: Sequence[str], row: int) -> None:
    seen: dict[str, int] = {}
    for column, text in enumerate(folded):
        if text and text in seen:
            raise ListError(
                f"Columns {seen[text] + 1} and {column + 1} have the same header “{header[column]}”; "
                "give each column its own.",
                row=row,
                column=header[column],
            )
        seen[text] = column


def _listed(header: Sequence[str]) -> str:
    shown = [f"“{cell[:40]}”" for cell in header if cell]
    rest = f" and {len(shown) - MOST_SHOWN} more" if len(shown) > MOST_SHOWN else ""
    return (", ".join(shown[:MOST_SHOWN]) + rest) or "(all empty)"
