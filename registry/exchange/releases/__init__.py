"""Releases of the published registry: made, compared, cited and described."""

from registry.exchange.releases.make import CHANGES, make_release, place_of

__all__ = ["CHANGES", "make_release", "place_of"]
