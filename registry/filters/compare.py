"""Parameters of the comparison of cities or of networks."""

from __future__ import annotations

from typing import Any

from registry.collaboration.compare import FEWEST, MOST
from registry.filters.base import FilterForm, Parameter, RegistryFilterSet
from registry.filters.fields import CitiesField, FormatField, NetworksField

NUMBERS = {2: "two", 5: "five"}


class CompareForm(FilterForm):
    """Checks that two to five of one kind are compared."""

    def clean(self) -> dict[str, Any]:
        """Say beside the field how many are too few or too many, and that two kinds are not compared."""
        given = super().clean()
        chosen = {name: given[name] for name in ("city", "network") if given.get(name)}
        if len(chosen) > 1:
            self.add_error(
                "network", "Cities are compared with cities, and networks with networks: choose one kind."
            )
            return given
        for name, records in chosen.items():
            words = {"city": ("city", "cities"), "network": ("network", "networks")}[name]
            if len(records) < FEWEST:
                self.add_error(name, f"One {words[0]} is chosen. Add another to compare it with.")
            elif len(records) > MOST:
                self.add_error(
                    name,
                    f"At most {NUMBERS[MOST]} {words[1]} can be compared, not {len(records)}."
                    " Take some away.",
                )
        return given


class CompareFilterSet(RegistryFilterSet):
    """Two to five cities, or two to five networks, side by side."""

    q = None  # type: ignore[assignment]
    page = None  # type: ignore[assignment]
    page_size = None  # type: ignore[assignment]
    city = Parameter(CitiesField, label="Cities")
    network = Parameter(NetworksField, label="Networks")
    format = Parameter(FormatField, label="The comparison as a file", feed=False)

    class Meta:
        form = CompareForm
