"""Measurements, run by hand on a large registry; see README.md."""
