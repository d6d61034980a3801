"""The public API: the rows of the listings as pages of JSON, resolving of names, and its own description."""
