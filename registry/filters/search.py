"""Parameters of the search over everything."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from registry.choices import RecordKind
from registry.exchange.columns import RESULTS
from registry.filters.base import Parameter, RegistryFilterSet
from registry.filters.fields import ChoicesField, FormatField, QueryField


class SearchFilterSet(RegistryFilterSet):
    """Records of every kind by any of their names, the best first; at most 100 of each kind are ranked."""

    q = Parameter(QueryField, label=_("Names, words of names, acronyms or identifiers"))
    kind = Parameter(ChoicesField, label=_("Kind of record"), choices=RecordKind)
    dated_news = False
    format = Parameter(FormatField, label=_("The results as a file"), listing=RESULTS.name, feed=False)
