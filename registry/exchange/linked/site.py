"""What the records and the words of this registry are called on the web."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

# What an address of the site is in full.
Whole = Callable[[str], str]


@dataclass(frozen=True)
class Site:
    """The registry as it is served at `root`, an address without a path: https://example.org.

    Names are the same in every language; whoever asks for them reads in the registry's own.
    """

    root: str

    def page(self, record: Any) -> str:
        """The address of a record for citations."""
        return f"{self.root}{reverse(record.url_name, args=[record.pid])}"

    def iri(self, record: Any) -> str:
        """The permanent name of what a record is of; the fragment sets it apart from the page on it."""
        return f"{self.page(record)}#this"

    @property
    def terms(self) -> str:
        """What the names of the registry's own terms begin with."""
        return f"{self.root}{reverse('data-terms')}#"

    @property
    def issues(self) -> str:
        """The name of the tree of issues."""
        return f"{self.root}{reverse('issue-list')}#this"

    @property
    def registry(self) -> str:
        """The name of the registry as a dataset, as its catalogue has it."""
        return f"{self.root}{reverse('data')}#registry"

    def rows(self, listing: str, **asked: str) -> str:
        """Where all rows of a listing are to be had that are asked for."""
        return f"{self.root}{reverse(listing)}?{urlencode({**asked, 'format': 'jsonl'})}"
