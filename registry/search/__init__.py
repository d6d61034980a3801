"""Finding records by what they are called: read-only, and it never sees a request."""
