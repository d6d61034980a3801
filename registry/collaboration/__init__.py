"""Who works with whom: read-only computation that never sees a request."""
