"""Lists as people have them: read (CSV, XLSX, pasted text), and each name resolved to a city."""

from registry.exchange.lists.errors import ListError
from registry.exchange.lists.files import ListFile, read_list
from registry.exchange.lists.resolve import ACCEPT_ABOVE, resolve, resolve_in_public
from registry.exchange.lists.rows import Candidate, Decision, ListRow, Outcome
from registry.exchange.lists.text import read_text

__all__ = [
    "ACCEPT_ABOVE",
    "Candidate",
    "Decision",
    "ListError",
    "ListFile",
    "ListRow",
    "Outcome",
    "read_list",
    "read_text",
    "resolve",
    "resolve_in_public",
]
