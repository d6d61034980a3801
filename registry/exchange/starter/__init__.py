"""Loading the registry's starter facts (registry/starter/): adds what is missing, changes nothing."""

from registry.exchange.starter.files import FOLDER, StarterError, read
from registry.exchange.starter.load import load_starter

__all__ = ["FOLDER", "StarterError", "load_starter", "read"]
