"""Writes that span models: each takes `by=`, the account that acts."""
