"""Parameters of the comparison of cities or of networks."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from registry.collaboration.compare import FEWEST, MOST
from registry.exchange.columns import COMPARISON
from registry.filters.base import FilterForm, Parameter, RegistryFilterSet
from registry.filters.fields import CitiesField, FormatField, NetworksField

WRONG_NUMBER = {
    "city": (
        _("One city is chosen. Add another to compare it with."),
        _("At most five cities can be compared, not %(number)s. Take some away."),
    ),
    "network": (
        _("One network is chosen. Add another to compare it with."),
        _("At most five networks can be compared, not %(number)s. Take some away."),
    ),
}


class CompareForm(FilterForm):
    """Checks that two to five of one kind are compared."""

    def clean(self) -> dict[str, Any]:
        """Say beside the field how many are too few or too many, and that two kinds are not compared."""
        given = super().clean()
        chosen = {name: given[name] for name in ("city", "network") if given.get(name)}
        if len(chosen) > 1:
            self.add_error(
                "network", _("Cities are compared with cities, and networks with networks: choose one kind.")
            )
            return given
        for name, records in chosen.items():
            too_few, too_many = WRONG_NUMBER[name]
            if len(records) < FEWEST:
                self.add_error(name, too_few)
            elif len(records) > MOST:
                self.add_error(name, str(too_many) % {"number": len(records)})
        return given


class CompareFilterSet(RegistryFilterSet):
    """Two to five cities, or two to five networks, side by side."""

    q = None  # type: ignore[assignment]
    page = None  # type: ignore[assignment]
    page_size = None  # type: ignore[assignment]
    city = Parameter(CitiesField, label=_("Cities"))
    network = Parameter(NetworksField, label=_("Networks"))
    dated_news = False
    format = Parameter(FormatField, label=_("The comparison as a file"), listing=COMPARISON.name, feed=False)

    class Meta:
        form = CompareForm
