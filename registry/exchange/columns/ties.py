"""Columns of direct ties brought together (`registry.collaboration.direct.Collaboration`)."""

from registry.exchange.columns.base import Column, Field, Listing, period, record, records


def _end(name: str, label: str, about: str, path: str, kind: str) -> Column:
    fields = (
        Field(f"{name}_id", f"{about}: its permanent identifier.", f"{path}.pid"),
        Field(f"{name}_name", f"{about}: its name.", f"{path}.name"),
        Field(f"{name}_country_id", f"{about}: the code of its country.", f"{path}.country.alpha2"),
        Field(f"{name}_country_name", f"{about}: its country.", f"{path}.country.name"),
    )
    return Column(name, label, kind, fields, path, shown=True)


COLLABORATIONS = Listing(
    name="collaborations",
    title="Collaborations",
    row=(
        "One row is two cities and one issue: both are parties, at the same time, to a published joint "
        "policy on it. All joint policies that show this stand in the row; its period runs from their "
        "first start to their last end."
    ),
    gathered=(
        "Computed by the database from the recorded joint policies and their parties. A party without dates "
        "of its own takes those of its policy. That two cities have no row means that no joint policy of "
        "both is recorded, not that they do not work together."
    ),
    columns=(
        _end("city", "City", "One of the two cities", "city_a", "tie"),
        _end("partner", "With", "The other city", "city_b", "tie"),
        record("issue", "Issue", "The issue", shown=True),
        period("Period", of="their work together"),
        records(
            "policy",
            "Joint policies",
            "The joint policies that show it",
            path="policies",
            column="policies",
            kind="evidence",
            shown=True,
        ),
    ),
)
