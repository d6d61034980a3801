"""Records as linked data: what programs are told of a record and its links, as JSON-LD.

One function for each kind of record says it of what its page shows; `document` makes a whole of it. See
`docs/decisions/0028-linked-data.md`.
"""

from registry.exchange.linked.cities import city, office
from registry.exchange.linked.datasets import dataset
from registry.exchange.linked.issues import concept, issue, scheme_of
from registry.exchange.linked.networks import network, organisation
from registry.exchange.linked.policies import experiment, policy
from registry.exchange.linked.reports import report
from registry.exchange.linked.site import Site
from registry.exchange.linked.terms import MEDIA_TYPE, document, own_terms

__all__ = [
    "MEDIA_TYPE",
    "Site",
    "city",
    "concept",
    "dataset",
    "document",
    "experiment",
    "issue",
    "network",
    "office",
    "organisation",
    "own_terms",
    "policy",
    "report",
    "scheme_of",
]
