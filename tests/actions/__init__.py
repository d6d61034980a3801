"""Tests of writes that span models."""
