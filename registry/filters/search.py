"""Parameters of the search over everything."""

from __future__ import annotations

from registry.choices import RecordKind
from registry.filters.base import Parameter, RegistryFilterSet
from registry.filters.fields import ChoicesField, FormatField, QueryField


class SearchFilterSet(RegistryFilterSet):
    """Records of every kind by any of their names, the best first; at most 100 of each kind are ranked."""

    q = Parameter(QueryField, label="Names, words of names, acronyms or identifiers")
    kind = Parameter(ChoicesField, label="Kind of record", choices=RecordKind)
    format = Parameter(FormatField, label="The results as a file", feed=False)
