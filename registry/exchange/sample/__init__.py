"""A made-up registry to measure with: the SQL by concept, and what runs it."""

from registry.exchange.sample.make import Sample, SampleError, make_sample, network_sizes

__all__ = ["Sample", "SampleError", "make_sample", "network_sizes"]
