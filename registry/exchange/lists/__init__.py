"""Lists as people have them: read (CSV, XLSX, pasted text), and each name resolved to a city."""

from registry.exchange.lists.resolve import ACCEPT_ABOVE, resolve
from registry.exchange.lists.rows import Candidate, Decision, ListRow, Outcome

__all__ = ["ACCEPT_ABOVE", "Candidate", "Decision", "ListRow", "Outcome", "resolve"]
