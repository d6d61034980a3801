"""The words around a name that say what it belongs to: “City of”, “Comune di”, “Provincia di”, “Union”."""

from __future__ import annotations

import re

from registry.choices import CityKind

# Titles of a town's government, before its name. Each may be followed by an article or preposition.
TITLES = r"""
city|town|village|township|municipality|municipal council|city council|town council|city government
|city hall|local government|local authority|commune|borough|london borough|royal borough
|metropolitan borough|district|municipal district|the city|city and county|city & county|capital city
|united cities|mayor|metropolitan city|metropolitan municipality|special city|rural municipality
|local municipality|corporation|comune|citta|città|citta metropolitana|città metropolitana|municipio
|roma capitale|ville|mairie|commune urbaine|commune rurale|municipalite|municipalité
|la ville|la commune|ayuntamiento|ayto|excmo ayuntamiento|excelentisimo ayuntamiento
|ajuntament|concello|concejo
|municipalidad|alcaldia|alcaldía|alcaldia mayor|alcaldía mayor|alcaldia municipal|intendencia
|intendencia municipal|gobierno municipal|gobierno autonomo municipal|gobierno autónomo municipal
|gad municipal|distrito|distrito metropolitano|ciudad|ciudad autonoma|ciudad autónoma|la ciudad|udala
|município|prefeitura|prefeitura municipal|camara municipal|câmara municipal|cidade|stadt|stadtgemeinde
|gemeinde|marktgemeinde|landeshauptstadt|hansestadt|universitätsstadt|universitaetsstadt
|freie hansestadt|freie und hansestadt|bundesstadt|bundeshauptstadt|kreisfreie stadt|große kreisstadt
|grosse kreisstadt|samtgemeinde|verbandsgemeinde|ortsgemeinde|markt|magistrat der stadt|magistrat
|stadtverwaltung|stadt gemeinde|wissenschaftsstadt|klingenstadt|gemeente|stad|ville et commune
|administration communale|stadsbestuur|gemeentebestuur|grad|opcina|općina|opstina|opština
|skupstina grada|mestna obcina|mestna občina|obcina|občina|gradska opstina|město|mesto|obec
|statutární město|statutarni mesto|hlavní město|hlavni mesto|hlavné mesto|městys|mestys|mestska cast
|mestská časť|městská část|gmina|gmina miejska|gmina wiejska|miasto|miasto stołeczne|urzad miasta
|urząd miasta|urzad gminy|urząd gminy|m st|comuna|primaria|primăria|municipiul|orasul|orașul|oras|oraș
|primaria municipiului|primăria municipiului|bashkia|komuna|obshtina|stolichna obshtina|община
|municipality council|dimos|δήμος|δημος|koinotita|г|город|м|місто|горад|м\.|municipal corporation|kota
|kabupaten|bandaraya|thành phố|thanh pho|tp|kommune|kommun|landkommune|bykommune|herred
|concejo municipal|junta de freguesia|freguesia|local council|citta'|citta’
|consiglio comunale|amministrazione comunale|amministrazione|conseil municipal|conseil communal
|hôtel de ville|hotel de ville|administration municipale|local council|municipal government|entidad local
|entidad local autónoma|entidad local autonoma|entidad local menor|municipalité métropolitaine
|municipalite metropolitaine|county borough|unitary authority|freistadt|stadtrat|gemeinderat
|alcaldia distrital|municipalidad distrital
|municipalidad provincial|i municipalidad|ilustre municipalidad|prefeitura da cidade|prefeitura do municipio
|câmara municipal|municipalitatea|primaria comunei|comuna urbana|magistrat miasta|gmina i miasto
|miasto i gmina|urząd miejski|urzad miejski|primăria comunei|общество|столична община
"""
OF = r"(?:of|de|di|do|da|du|del|della|dell|dei|des|dels|der|van|von|the|la|le|i|grada|na|pe|city|d|dal|den)"
# The same after the name.
ENDINGS = r"""
city|town|municipality|council|city council|town council|borough council|district council|borough
|county borough council|metropolitan borough council|metropolitan district council|municipal council
|city hall|municipal corporation|city corporation|metropolitan municipality|local municipality
|municipal district|unitary authority|city government|local government|township|village|commune|kommune
|kommun|kommunen|stad|gemeente|gemeinde|stadt|kaupunki|kunta|linn|linnavalitsus|vald|vallavalitsus
|belediyesi|büyükşehir belediyesi|buyuksehir belediyesi|belediye|municipio|ciudad|udala|ayuntamiento
|gmina|város|varos|község|kozseg|megyei jogú város|megyei jogú|önkormányzata|onkormanyzata
|város önkormányzata|savivaldybė|savivaldybe|miesto savivaldybė|pilsēta|pilseta|novads|dome|obec|mesto
|město|grad|shi|si|gun|ku|d\.?c\.?|d\.?f\.?|city municipality|city administration
|amalgamated territorial community|amalgamated community|territorial community|community|hromada|capital
|metropolitan city|special city|municipalité|ville|municipality council|c\.?c|m\.?c|atc|otg|utc|hromada
|amalgamated hromada|amalgamated territorial hromada|territorial hromada|urban community|rural community
|settlement council|village council|local council|kaupungin|kommuna|község önkormányzata|nagyközség
|metropolitan municipality|metroplitan municipality|rajono savivaldybė|nagar nigam
|miestas|mestna občina|kommunes|ilçesi|ilcesi
"""
CJK_ENDINGS = re.compile(
    r"(?<=..)(?:特别行政区|特別行政區|市|区|區|县|縣|町|村|镇|鎮|特別市|광역시|특별시|특별자치시|시|군|구)$"
)

# What a government or body that is no town calls itself. A name whose own words say so is not led to
# a namesake town, unless the gazetteer has the name just as it stands (Union City).
BODIES: dict[str, frozenset[CityKind]] = {
    (
        r"region|regions|regional|région|régional|regione|región|regió|regionale|province|provincia"
        r"|província|provinz|provincie|provincial|provinciale|land|bundesland|voivodeship|województwo"
        r"|marshal office|oblast|область|canton|kanton|prefecture|prefectura|préfecture|generalitat|xunta"
        r"|junta|gobierno|government|governorate|gouvernorat|wilaya|kraj|state of|estado|état|free state"
        r"|emirate|autonomous community|comunidad autónoma|gobierno de|principado|nomos|periphery"
        r"|perifereia|state government|[\w]+省|state|regierung|maakunta|periferia|landsting|sub-region"
        r"|subregion"
    ): frozenset((CityKind.REGIONAL_GOVERNMENT, CityKind.COUNTY)),
    (
        r"county|counties|département|departement|départemental|departamento|diputación|diputacion"
        r"|diputació|diputacio|foral|cabildo|landkreis|kreis|rhein-kreis|landratsamt|bezirk|județ|judet"
        r"|judetul|judeţul|consell insular|conseil général|conseil general|conseil départemental|comarca"
        r"|comarcal|powiat|raion|rayon|district council of|megye|županija|zupanija|fylkeskommune|fylke|amt"
        r"|Kreisverwaltung"
    ): frozenset((CityKind.COUNTY, CityKind.REGIONAL_GOVERNMENT)),
    (r"district|rajono|rajonas|sector|quartier|arrondissement|ward"): frozenset(
        (CityKind.BOROUGH, CityKind.COUNTY)
    ),
    (
        r"metropole|métropole|metropolis|metropolitan area|metropolitan region|area metropolitana"
        r"|área metropolitana|àrea metropolitana|metropolitan authority|eurometropole|eurométropole"
        r"|grand paris|greater|combined authority|metropolitan|metropolitana|metropolregion|stadtregion"
        r"|città metropolitana"
    ): frozenset((CityKind.METROPOLITAN_BODY, CityKind.INTERMUNICIPALITY)),
    (
        r"communauté|communaute|agglomération|agglomeration|agglo|intercommunal|intercommunale"
        r"|intercommunality|intermunicipal|mancomunidad|mancomunitat|unione|consortium|consorzio|consorcio"
        r"|consorci|comunità montana|comunita montana|comunità|comunita|syndicat|zweckverband|verband"
        r"|verbund|joint committee|samenwerking|pays de|pays du|grand|group of municipalities|gruppo"
        r"|comunità collinare|development agency|energy agency|gal|patto|community of municipalities"
        r"|regionalverband|planungsverband|planning region"
    ): frozenset((CityKind.INTERMUNICIPALITY, CityKind.METROPOLITAN_BODY)),
    (
        r"association|associations|associazione|asociación|asociacion|associação|associació|vereniging"
        r"|verein|union|unión|union of|network|réseau|reseau|rete|red|federation|federación|fédération"
        r"|federazione|league|lega|council of european|ccre|cemr|ministry|ministère|ministerio|agency"
        r"|agence|agencia|agenzia|agentur|university|université|universidad|università|institute|institut"
        r"|foundation|fondation|fundación|chamber|chambre|cámara de comercio|society|centre for|ltd|gmbh"
        r"|s\.?p\.?a|museum|office de|forum|alliance|port authority|police|observatory|coalition"
        r"|confederation|anci|femp|vvsg|uvcw|lega delle|parc|parco|parque|national park|park"
    ): frozenset(),
}


def _any(phrases: str) -> str:
    """An alternation of the phrases, the longest first, so that none hides a longer one."""
    listed = {phrase.strip() for phrase in phrases.replace(chr(10), "|").split("|")} - {""}
    return "|".join(sorted(listed, key=lambda phrase: (-len(phrase), phrase)))


_TITLE = re.compile(
    rf"^(?:the\s+)?(?:{_any(TITLES)})\.?(?:['’]s)?(?:\s+{OF}\b['’]?)*\s+(?=\w)", re.IGNORECASE
)
_TITLE_ELIDED = re.compile(
    rf"^(?:{_any(TITLES)})\s+(?:d|dell|de l|de la|degli|l)['’]\s?(?=\w)", re.IGNORECASE
)
_ENDING = re.compile(rf"(?<=\w)(?:\s+|-(?=(?:shi|si|gun|ku)$))(?:{_any(ENDINGS)})\.?$", re.IGNORECASE)
# Göteborgs Stad, Københavns Kommune: the name stands in the genitive.
_GENITIVE = re.compile(r"(?<=\w\w\w)s\s+(?:kommune?|stad|kommuna)$", re.IGNORECASE)
_BODIES = [
    (re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), kinds) for pattern, kinds in BODIES.items()
]
# What columns of type and roles call the kinds.
TYPES: tuple[tuple[str, frozenset[CityKind]], ...] = (
    (
        r"association|network|national|ngo|state admin|ministry|agency|universit|compan|organi[sz]ation"
        r"|^other$",
        frozenset(),
    ),
    (r"inter.?(municip|commun)|agglom|syndicat|mancomun|consort", frozenset((CityKind.INTERMUNICIPALITY,))),
    (r"metropol", frozenset((CityKind.METROPOLITAN_BODY, CityKind.INTERMUNICIPALITY))),
    (
        r"\bcounty\b|landkreis|department|départ|diputac",
        frozenset((CityKind.COUNTY, CityKind.REGIONAL_GOVERNMENT)),
    ),
    (
        r"region|provinc|\bstate\b|canton|land\b|oblast|estado",
        frozenset((CityKind.REGIONAL_GOVERNMENT, CityKind.COUNTY)),
    ),
    (r"borough|arrondissement|\bdistrict", frozenset((CityKind.BOROUGH, CityKind.CITY))),
    (
        r"city|town|municip|commune|comune|village|ville|ciudad|stadt|gemeinde|gemeente|local|urban|capital",
        frozenset((CityKind.CITY, CityKind.BOROUGH)),
    ),
)
_TYPES = [(re.compile(pattern, re.IGNORECASE), kinds) for pattern, kinds in TYPES]
TOWN = frozenset((CityKind.CITY, CityKind.BOROUGH))


def without_titles(name: str) -> list[str]:
    """The name without what is said of it: `Comune di Pulsano` → `Pulsano`; several where it is unsure."""
    found: list[str] = []
    for pattern in (_GENITIVE, _TITLE, _TITLE_ELIDED, _ENDING, CJK_ENDINGS, _ENDING, _TITLE):
        for text in (name, *found[-1:]):
            bare = pattern.sub("", text).strip(" ,.-")
            if bare and bare != text and bare not in found:
                found.append(bare)
    return found


def kinds_of_name(name: str) -> frozenset[CityKind] | None:
    """The kinds of government that the words of a name speak of; None where they speak of none.

    Empty where it is no government of ours at all, such as an association.
    """
    bare = min((name, *without_titles(name)), key=len)
    for pattern, kinds in _BODIES:
        if pattern.search(bare):
            return kinds
    return None


def kinds_of_type(entity_type: str) -> frozenset[CityKind] | None:
    """The same of the cell of a column of types; None where it is empty or says nothing known."""
    for pattern, kinds in _TYPES:
        if entity_type and pattern.search(entity_type):
            return kinds
    return None
